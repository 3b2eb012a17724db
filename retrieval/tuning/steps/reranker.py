"""Step 3, the reranker: its lift over fusion alone against the milliseconds that every query pays for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from retrieval.pipeline import Pipeline
from retrieval.rerankers import LateInteraction, NoReranker
from retrieval.tracing import milliseconds
from retrieval.tuning.choice import Choice, Rule, choose
from retrieval.tuning.folds import Floats
from retrieval.tuning.pareto import Verdict
from retrieval.tuning.steps import words
from retrieval.tuning.steps.base import Costs, Ground, SoFar, Step, StepResult, first_stage, varied
from retrieval.tuning.steps.trying import Tried, try_each
from retrieval.types import Progress

METRIC = "nDCG@10"
NONE = 0  # the first variant


def _run(ground: Ground, pipeline: Pipeline, values: Sequence[Any], progress: Progress, so_far: SoFar) -> StepResult:
    """Search with each reranker, and with none, which is always the first."""

    def attempt(tried: Pipeline, own: Progress) -> tuple[Floats, Costs]:
        searched = ground.search(tried, own)
        seconds = searched.traces.stage_seconds("reranked")
        costs = Costs(p50_ms=milliseconds(seconds, 50), p95_ms=milliseconds(seconds, 95))
        return ground.scores(searched, "reranked", METRIC), costs

    variants = varied("reranker", first_stage(pipeline), (pipeline.reranker, *values))
    return try_each(variants, attempt, partial(_conclude, ground), progress, so_far)


def _conclude(ground: Ground, tried: Sequence[Tried]) -> StepResult:
    variants, costs = tuple(one.variant for one in tried), tuple(one.costs for one in tried)
    rule = Rule(NONE, np.array([cost.p95_ms for cost in costs], np.float64))
    scores = np.array([one.scores for one in tried])
    choice = choose([variant.name for variant in variants], scores, ground.folds, rule, ground.held_out)
    verdicts = {at: Verdict(METRIC, choice.against(at, NONE), costs[at].p95_ms or 0.0) for at in range(1, len(variants))}
    return StepResult(
        step=RERANKER.name,
        metric=METRIC,
        variants=variants,
        choice=choice,
        costs=tuple(replace(own, gain_per_ms=verdicts[at].per_millisecond) if at else own for at, own in enumerate(costs)),
        verdicts={NONE: "fusion alone"} | {at: one.sentence for at, one in verdicts.items()},
        sentence=f"{_sentence(choice, verdicts)} {words.tested(choice)}".strip(),
    )


def _sentence(choice: Choice, verdicts: Mapping[int, Verdict]) -> str:
    """Whether reranking is worth its milliseconds."""
    if not verdicts:
        return "No reranker was tried, so there is nothing to choose yet."
    taken = choice.recommended
    if taken == NONE:
        tried = "; ".join(f"{choice.names[at]}, {one.sentence}" for at, one in verdicts.items())
        first = f"Do without a reranker: none of those tried is clearly better than fusion alone ({tried})."
        return f"{first} {words.shown(choice, max(verdicts, key=lambda at: verdicts[at].gain.mean), NONE)}".strip()
    one = verdicts[taken]
    each = f", {one.per_millisecond:.4f} per millisecond" if one.per_millisecond is not None else ""
    return f"Take {choice.names[taken]}: against fusion alone it is {one.sentence}{each}{_dearer(choice, verdicts)}."


def _dearer(choice: Choice, verdicts: Mapping[int, Verdict]) -> str:
    """That the best of them is not taken because it costs more; "" where it is not so."""
    taken, top = choice.recommended, choice.best
    costs_more = top != NONE and verdicts[top].milliseconds > verdicts[taken].milliseconds
    level = choice.against(top, taken).within_noise
    return f"; {choice.names[top]} costs more and is within noise of it" if costs_more and level else ""


RERANKER = Step(
    name="Reranker",
    part="reranker",
    kind="rerankers",
    about="Every query pays for a reranker. Compared is what each adds to fusion alone, against its milliseconds at p95.",
    metric=lambda pipeline: METRIC,
    defaults=(NoReranker(), LateInteraction()),
    run=_run,
)
