"""Runs: rankings for every query of a set under a name, be it a stage of a pipeline or what another system gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput
from retrieval.judgeable import Judgeable
from retrieval.pipeline import Pipeline
from retrieval.tracing import Traces
from retrieval.types import STAGES, Ranking

FINAL = STAGES[-1]


@dataclass(frozen=True, eq=False)
class Run:
    """Rankings of items (`Judgeable`) by query id.

    `seconds` (queries, repetitions) is what a query took until this ranking was there, parallel steps counted as the longer of
    the two; None where nobody measured it. `pipeline` and `stage` are None and "" for a run of another system.
    """

    name: str
    rankings: Mapping[str, Ranking]
    seconds: NDArray[np.float64] | None = None
    stage: str = ""
    pipeline: Pipeline | None = None

    def milliseconds(self, percent: float) -> float | None:
        """A percentile of the time over all queries and repetitions; None where nobody measured it."""
        if self.seconds is None or not self.seconds.size:
            return None
        return float(np.percentile(self.seconds, percent)) * 1000.0


def stage_run(name: str, traces: Traces, judgeable: Judgeable, stage: str = FINAL) -> Run:
    """What one stage gave for each query."""
    rankings = judgeable.rankings(traces.rankings(stage))
    return Run(name, rankings, traces.until(stage), stage, traces.pipeline)


def stage_runs(traces: Traces, judgeable: Judgeable) -> tuple[Run, ...]:
    """The four stages under their own names."""
    return tuple(stage_run(stage, traces, judgeable, stage) for stage in STAGES)


def imported_run(name: str, rankings: Mapping[str, Ranking], judgeable: Judgeable) -> Run:
    """The rankings of documents that another system gave. Raises BadInput where queries are scored on passages."""
    if judgeable.places:
        raise BadInput(
            f"the run {name:.80} ranks documents, but {len(judgeable.places)} queries are scored on passages; score on documents"
        )
    return Run(name, rankings)
