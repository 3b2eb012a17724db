"""How good every stage is on a query set, and how long it takes.

A query whose judgments name spans of text is scored on passages (`retrieval.spans`), every other one on documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retrieval.engine import Engine
from retrieval.errors import BadInput
from retrieval.judgeable import Judgeable
from retrieval.metrics import DEFAULT_METRICS, grades_by_query, score_rankings
from retrieval.pipeline import Pipeline
from retrieval.types import STAGES, Judgment, Query, Ranking, Trace

WARM_UP = 3
DEPTH = 10


@dataclass(frozen=True)
class StageReport:
    """One stage over a query set: `scores` {metric: {query id: value}}, `seconds` of each query, in the queries' order.

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
        return float(np.percentile(self.seconds, percent)) * 1000.0


@dataclass(frozen=True)
class Report:
    """All stages of a pipeline on a query set; `total_seconds` are critical paths.

    `levels` says for each query id what its rankings were scored on, "documents" or "passages".
    """

    stages: Mapping[str, StageReport]
    total_seconds: tuple[float, ...]
    queries: tuple[Query, ...]
    levels: Mapping[str, str]

    @property
    def level(self) -> str:
        """What the queries were scored on: "documents", "passages", or "documents and passages" where they differ."""
        return " and ".join(sorted(set(self.levels.values())))

    def to_dict(self) -> dict[str, Any]:
        """{stage: {metric: mean, "p50_ms", "p95_ms", "queries", "unjudged"}}; `unjudged` is the share of the top 10."""
        return {name: _stage_to_dict(stage) for name, stage in self.stages.items()}


def _stage_to_dict(stage: StageReport) -> dict[str, Any]:
    means = {metric: stage.mean(metric) for metric in stage.scores}
    timing = {"p50_ms": stage.milliseconds(50), "p95_ms": stage.milliseconds(95), "queries": len(stage.seconds)}
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
) -> Report:
    """Run every judged query through every stage, timed one by one after a warm-up, and score the rankings.

    Chunks are ranked; judgments on documents are scored on the ranking of documents, judgments on spans on that of passages, or
    without `passages` on that of documents too, by the document's grade, else the best one of its spans.
    """
    grades = grades_by_query(judgments)
    judged = tuple(query for query in queries if query.id in grades)
    if not judged:
        raise BadInput(
            "None of the queries has a judgment, so there is nothing to evaluate; add judgments or choose another split."
        )
    for query in judged[:WARM_UP]:
        engine.search(query.text, pipeline)
    traces: list[Trace] = []
    for done, query in enumerate(judged, start=1):
        traces.append(engine.search(query.text, pipeline))
        progress(f"Searching {done:,} of {len(judged):,} queries", done / len(judged))
    judgeable = Judgeable.of(judgments, engine.indexes.chunks, engine.document_of, passages)
    chosen = {query.id: judgeable.grades[query.id] for query in judged}
    stages = {}
    for stage in STAGES:
        rankings = {query.id: trace.rankings[stage] for query, trace in zip(judged, traces, strict=True)}
        seconds = tuple(trace.stage_seconds(stage) for trace in traces)
        stages[stage] = _stage(judgeable.rankings(rankings), chosen, metrics, seconds)
    levels = {query.id: judgeable.level(query.id) for query in judged}
    return Report(stages, tuple(trace.total for trace in traces), judged, levels)


def _stage(
    rankings: Mapping[str, Ranking],
    grades: Mapping[str, Mapping[str, int]],
    metrics: Sequence[str],
    seconds: tuple[float, ...],
) -> StageReport:
    return StageReport(score_rankings(rankings, grades, metrics), seconds, _unjudged(rankings, grades))
