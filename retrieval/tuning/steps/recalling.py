"""What the first two steps share: an index for each variant, and how much of what is relevant reaches the reranker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from retrieval.pipeline import Pipeline
from retrieval.tracing import milliseconds
from retrieval.tuning.choice import Choice, Rule, choose
from retrieval.tuning.folds import Floats
from retrieval.tuning.recall import recall_at
from retrieval.tuning.steps import words
from retrieval.tuning.steps.base import Costs, Ground, Searched, SoFar, StepResult, first_stage, varied
from retrieval.tuning.steps.trying import Tried, try_each
from retrieval.types import Progress

SAVED = 0.9  # what is less cheap is not worth a word


@dataclass(frozen=True, slots=True)
class Price:
    """A cost that is worth a word where a cheaper variant is as good: what it is, and its unit with the form of the number."""

    of: Callable[[Costs], float | None]
    unit: str
    form: str


def metric(pipeline: Pipeline) -> str:
    """Recall of the fused chunks that the reranker gets (`recall_at`)."""
    return f"R@{pipeline.rerank_count} chunks"


def run(
    name: str,
    part: str,
    price: Price,
    ground: Ground,
    pipeline: Pipeline,
    values: Sequence[Any],
    progress: Progress,
    so_far: SoFar,
) -> StepResult:
    """Build and search an index for each value of a part of the pipeline."""

    def attempt(tried: Pipeline, own: Progress) -> tuple[Floats, Costs]:
        searched = ground.search(first_stage(tried), own)
        return _recall(ground, searched, tried.rerank_count), _costs(ground, searched, tried)

    conclude = partial(_conclude, name, price, ground, pipeline)
    return try_each(varied(part, pipeline, values), attempt, conclude, progress, so_far)


def _recall(ground: Ground, searched: Searched, depth: int) -> Floats:
    found = recall_at(searched.traces.rankings("fused"), searched.judgeable, depth)
    return np.array([found.get(query.id, 0.0) for query in ground.queries])


def _costs(ground: Ground, searched: Searched, pipeline: Pipeline) -> Costs:
    index, until = ground.cost(pipeline), searched.traces.until("fused")
    starts, ends = searched.engine.indexes.chunks.table.spans.T
    shown = [(ends - starts)[rows[: pipeline.results]].sum() for rows, _ in searched.traces.hits("fused")]
    return Costs(
        p50_ms=milliseconds(until, 50),
        p95_ms=milliseconds(until, 95),
        index_bytes=sum(part.disk for part in index.parts),
        texts_per_second=index.texts_per_second,
        chunks=index.chunks,
        characters=float(np.mean(shown)),
    )


def _conclude(name: str, price: Price, ground: Ground, pipeline: Pipeline, tried: Sequence[Tried]) -> StepResult:
    variants = tuple(one.variant for one in tried)
    in_use = next((at for at, variant in enumerate(variants) if variant.pipeline == pipeline), None)
    scores = np.array([one.scores for one in tried])
    choice = choose([variant.name for variant in variants], scores, ground.folds, Rule(in_use), ground.held_out)
    costs = tuple(one.costs for one in tried)
    said = (words.keep_or_take(choice, metric(pipeline)), _cheaper(choice, costs, price), words.tested(choice))
    return StepResult(
        step=name,
        metric=metric(pipeline),
        variants=variants,
        choice=choice,
        costs=costs,
        verdicts={at: words.verdict(choice, at) for at in range(len(variants))},
        sentence=" ".join(filter(None, said)),
    )


def _cheaper(choice: Choice, costs: Sequence[Costs], price: Price) -> str:
    """The cheapest of the others that are within noise of what is recommended; "" where none is cheaper by a tenth."""
    prices = [price.of(cost) for cost in costs]
    taken, own = choice.recommended, prices[choice.recommended]
    others = [
        (other, at)
        for at, other in enumerate(prices)
        if other is not None and own is not None and other < SAVED * own and choice.against(at, taken).within_noise
    ]
    if not others or own is None:
        return ""
    least, at = min(others)
    return f"Within noise of it: {choice.names[at]}, with {least:{price.form}} instead of {own:{price.form}} {price.unit}."
