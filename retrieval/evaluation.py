"""How good every stage is on a query set, and how long it takes.

A query whose judgments name spans of text is scored on passages (`retrieval.spans`), every other one on documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from retrieval.engine import Engine
from retrieval.errors import BadInput
from retrieval.judgeable import Judgeable
from retrieval.metrics import DEFAULT_METRICS, grades_by_query, score_rankings
from retrieval.pipeline import Pipeline
from retrieval.tracing import Traces, TraceStore, milliseconds, trace
from retrieval.types import STAGES, Judgment, Query, Ranking

DEPTH = 10


@dataclass(frozen=True)
class StageReport:
    """One stage over a query set: `scores` {metric: {query id: value}}, `seconds` of each query that was answered, in order.

    `unjudged` is the share of the results in all top tens that have no judgment.
    """

    scores: Mapping[str, Mapping[str, float]]
    seconds: tuple[float, ...]
    unjudged: float

    def mean(self, metric: str) -> float:
        """The metric's mean over the judged queries."""
        return float(np.mean(list(self.scores[metric].values())))

    def by_class(self, metric: str, classes: Mapping[str, str]) -> dict[str, float]:
        """The metric's mean over the queries of each class; `classes` maps query id to class."""
        names = sorted({classes[query] for query in self.scores[metric]})
        return {
            name: float(np.mean([value for query, value in self.scores[metric].items() if classes[query] == name]))
            for name in names
        }

    def milliseconds(self, percent: float) -> float:
        """A percentile of the stage's time."""
        return milliseconds(np.array(self.seconds), percent)


@dataclass(frozen=True)
class Report:
    """All stages of a pipeline on a query set; `total_seconds` are critical paths.

    `levels` says for each query id what its rankings were scored on, "documents" or "passages". `refused` says why a query was
    not answered, by query id; it counts 0. `notes` are sentences for the person who reads the report.
    """

    stages: Mapping[str, StageReport]
    total_seconds: tuple[float, ...]
    queries: tuple[Query, ...]
    levels: Mapping[str, str]
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """What the queries were scored on: "documents", "passages", or "documents and passages" where they differ."""
        return " and ".join(sorted(set(self.levels.values())))

    def to_dict(self) -> dict[str, Any]:
        """{stage: {metric: mean, "p50_ms", "p95_ms", "queries", "unjudged"}}; `unjudged` is the share of the top 10."""
        return {name: _stage_to_dict(stage, len(self.queries)) for name, stage in self.stages.items()}


def _stage_to_dict(stage: StageReport, queries: int) -> dict[str, Any]:
    means = {metric: stage.mean(metric) for metric in stage.scores}
    timing = {"p50_ms": stage.milliseconds(50), "p95_ms": stage.milliseconds(95), "queries": queries}
    return means | timing | {"unjudged": stage.unjudged}


def _unjudged(rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]]) -> float:
    judged = [id in grades[query] for query, ranking in rankings.items() for id in ranking.ids[:DEPTH]]
    return 1.0 - float(np.mean(judged)) if judged else 0.0


def sample(queries: Sequence[Query], size: int | None, seed: int = 0) -> tuple[Query, ...]:
    """`size` of the queries, drawn without replacement with a fixed seed, in their order; all where `size` is None or larger."""
    if size is None or size >= len(queries):
        return tuple(queries)
    chosen = np.random.default_rng(seed).choice(len(queries), size, replace=False)
    return tuple(queries[index] for index in sorted(chosen))


def evaluate(
    engine: Engine,
    queries: Sequence[Query],
    judgments: Sequence[Judgment],
    metrics: Sequence[str] = DEFAULT_METRICS,
    pipeline: Pipeline | None = None,
    progress: Callable[[str, float], None] = lambda sentence, share: None,
    passages: bool = True,
    store: TraceStore | None = None,
) -> Report:
    """Run every judged query through every stage, timed one by one after a warm-up, and score the rankings.

    Chunks are ranked; judgments on documents are scored on the ranking of documents, judgments on spans on that of passages, or
    without `passages` on that of documents too, by the document's grade, else the best one of its spans. With a `store` only
    queries that it lacks are searched. Raises BadInput where no query has a judgment or the pipeline refuses all of them.
    """
    grades = grades_by_query(judgments)
    judged = tuple(query for query in queries if query.id in grades)
    if not judged:
        raise BadInput(
            "None of the queries has a judgment, so there is nothing to evaluate; add judgments or choose another split."
        )
    traces = trace(engine, judged, store, pipeline, progress=progress)
    judgeable = Judgeable.of(judgments, engine.indexes.chunks, engine.document_of, passages)
    chosen = {query.id: judgeable.grades[query.id] for query in judged}
    stages = {stage: _stage(traces, stage, judgeable, chosen, metrics) for stage in STAGES}
    levels = {query.id: judgeable.level(query.id) for query in judged}
    return Report(stages, tuple(traces.totals[:, 0].tolist()), judged, levels, traces.refused, traces.notes)


def _stage(
    traces: Traces, stage: str, judgeable: Judgeable, grades: Mapping[str, Mapping[str, int]], metrics: Sequence[str]
) -> StageReport:
    rankings = judgeable.rankings(traces.rankings(stage))
    seconds = tuple(traces.stage_seconds(stage)[:, 0].tolist())
    return StageReport(score_rankings(rankings, grades, metrics), seconds, _unjudged(rankings, grades))
