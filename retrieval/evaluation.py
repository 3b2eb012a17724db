"""How good every stage of a pipeline is on a query set, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.comparing import Comparison, compare, stage_runs
from retrieval.engine import Engine
from retrieval.errors import BadInput
from retrieval.judgeable import Judgeable
from retrieval.metrics import DEFAULT_METRICS
from retrieval.pipeline import Pipeline
from retrieval.tracing import TraceStore, trace
from retrieval.types import Judgment, Progress, Query, unheard


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
    progress: Progress = unheard,
    passages: bool = True,
    store: TraceStore | None = None,
) -> Comparison:
    """The four stages compared on the judged queries, each query timed by itself after a warm-up.

    Chunks are ranked; judgments on documents are scored on the ranking of documents, judgments on spans on that of passages, or
    without `passages` on that of documents too, by the document's grade, else the best one of its spans. With a `store` only
    queries that it lacks are searched; a query that the pipeline refuses scores 0. Raises BadInput where no query has a judgment
    or all are refused.
    """
    graded = {judgment.query_id for judgment in judgments}
    judged = [query for query in queries if query.id in graded]
    if not judged:
        raise BadInput(
            "None of the queries has a judgment, so there is nothing to evaluate; add judgments or choose another query set."
        )
    traces = trace(engine, judged, store, pipeline, progress=progress)
    judgeable = Judgeable.of(judgments, engine.indexes.chunks, engine.document_of, passages)
    return compare(stage_runs(traces, judgeable), judged, judgeable, metrics)
