"""What a pipeline did for every query of a set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from retrieval.pipeline import Pipeline
from retrieval.tracing.kept import STEPS, Hits, Kept
from retrieval.types import STAGES, Query, Ranking


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """The rankings of chunks and the times of `queries`, those that the pipeline answered.

    `kept` is one for each query, `ids` the chunk id of each row, `repetitions` how often each query was timed. `refused` says
    why each other query has no ranking, by query id; `notes` are sentences for the person who reads the result.
    """

    pipeline: Pipeline
    queries: tuple[Query, ...]
    ids: Sequence[str]
    kept: tuple[Kept, ...]
    repetitions: int = 1
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def hits(self, stage: str) -> list[Hits]:
        """The rows and scores of one stage of `STAGES` for each query."""
        return [kept.hits[stage] for kept in self.kept]

    def rankings(self, stage: str) -> dict[str, Ranking]:
        """The ranking of chunks of one stage by query id."""
        return {
            query.id: Ranking(tuple(self.ids[row] for row in rows.tolist()), tuple(scores.tolist()))
            for query, (rows, scores) in zip(self.queries, self.hits(stage), strict=True)
        }

    @property
    def seconds(self) -> NDArray[np.float64]:
        """(queries, repetitions, steps) of the steps "embed", "dense", "sparse", "fused", "reranked"."""
        return np.array([kept.seconds[: self.repetitions] for kept in self.kept]).reshape(-1, self.repetitions, len(STEPS))

    def stage_seconds(self, stage: str) -> NDArray[np.float64]:
        """(queries, repetitions) of one stage alone; the dense stage includes the embedding of the query."""
        seconds = self.seconds
        own = seconds[:, :, STEPS.index(stage)]
        return own + seconds[:, :, STEPS.index("embed")] if stage == "dense" else own

    def until(self, stage: str) -> NDArray[np.float64]:
        """(queries, repetitions) until the ranking of a stage is there; dense and sparse run beside one another."""
        dense, sparse, fused, reranked = (self.stage_seconds(name) for name in STAGES)
        legs = np.maximum(dense, sparse)
        return {"dense": dense, "sparse": sparse, "fused": legs + fused, "reranked": legs + fused + reranked}[stage]

    @property
    def totals(self) -> NDArray[np.float64]:
        """(queries, repetitions) on the critical path, as `Trace.total`."""
        return self.until(STAGES[-1])

    def critical(self, percent: float) -> dict[str, float]:
        """Milliseconds on the critical path by stage, each a percentile of its own: the longer leg, then "fused" and "reranked".

        They do not add up to the percentile of the totals.
        """
        steps = {stage: milliseconds(self.stage_seconds(stage), percent) for stage in STAGES}
        shorter = "sparse" if steps["dense"] >= steps["sparse"] else "dense"
        return {stage: value for stage, value in steps.items() if stage != shorter}

    @property
    def measured(self) -> tuple[datetime, datetime] | None:
        """When the first and the last of the queries was measured (UTC); None where there is no query."""
        times = [kept.measured for kept in self.kept]
        return (datetime.fromtimestamp(min(times), UTC), datetime.fromtimestamp(max(times), UTC)) if times else None


def milliseconds(seconds: NDArray[np.float64], percent: float) -> float:
    """A percentile over all queries and repetitions of `seconds`; NaN where there is none."""
    return float(np.percentile(seconds, percent)) * 1000.0 if seconds.size else float("nan")
