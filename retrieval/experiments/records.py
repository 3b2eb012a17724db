"""What an experiment is: runs on a query set with their scores, and all that they depend on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from retrieval.errors import BadInput
from retrieval.pipeline import digest
from retrieval.types import Judgment

KINDS = ("evaluation", "sweep", "tuning")
RUN_KINDS = ("stage", "pipeline", "imported", "variant")


@dataclass(frozen=True, slots=True)
class Mean:
    """A metric's mean over the queries and its 95 % interval, None below two queries."""

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One thing that was measured; `kind` is one of `RUN_KINDS`, "variant" for a point of a sweep.

    `means` by metric. `scores` {metric: {query id: value}}; empty in a list of experiments, and where only means were kept.
    `pipeline` is the text of its file, which may hold evidence, and `fingerprint` its fingerprint, both "" for an imported run;
    `stage` is the stage whose ranking was scored. `p50_ms` and `p95_ms` are milliseconds by step and "total", empty where nobody
    measured.
    """

    name: str
    kind: str
    means: Mapping[str, Mean]
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    pipeline: str = ""
    fingerprint: str = ""
    stage: str = ""
    p50_ms: Mapping[str, float] = field(default_factory=dict)
    p95_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Experiment:
    """An evaluation, a sweep or a guided tuning that was kept; `kind` is one of `KINDS`.

    `corpus` is the lineage of the corpus and `query_set` the key of the query set, or its split; both also under the name that
    they had. `settings` are plain values: metrics, level, condensed, repetitions, budget and what else is needed to run it again.
    `key`, `created` (UTC, ISO 8601) and `library` (its version) are given when it is saved. `problem` is "", else the sentence
    that says why what is stored cannot be read; then there are no runs.
    """

    name: str
    kind: str
    corpus: str
    corpus_name: str
    corpus_fingerprint: str
    query_set: str
    query_set_name: str
    judgments_version: str
    runs: tuple[Run, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    key: str = ""
    created: str = ""
    library: str = ""
    problem: str = ""

    def run(self, name: str) -> Run:
        """The run with this name. Raises BadInput where there is none."""
        for run in self.runs:
            if run.name == name:
                return run
        have = ", ".join(run.name for run in self.runs) or "none"
        raise BadInput(f"the experiment {self.name!r} has no run {name!r}, it has {have}; choose another")


def version_of(judgments: Iterable[Judgment]) -> str:
    """A 16-character name of what some judgments say, independent of their order."""
    return digest(*sorted(repr((given.query_id, given.document_id, given.grade, given.span)) for given in judgments))
