"""Step 4, how many candidates are reranked: the knee of the curve, unless the queries clearly show that more are better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.pipeline import Pipeline
from retrieval.rerankers import NoReranker
from retrieval.statistics import interval
from retrieval.tuning.choice import Choice, Rule, choose
from retrieval.tuning.depths import COUNTS, CountSweep, count_sweep
from retrieval.tuning.knee import smallest_within_noise
from retrieval.tuning.steps import words
from retrieval.tuning.steps.base import Costs, Ground, SoFar, Step, StepResult, first_stage, varied
from retrieval.types import Progress

METRIC = "nDCG@10"
CITED = "Kneedle: Satopää et al., 2011"


def _run(ground: Ground, pipeline: Pipeline, values: Sequence[int], progress: Progress, so_far: SoFar) -> StepResult:
    """One scoring pass at the largest of the counts; those below the number of results are left out."""
    searched = ground.search(first_stage(pipeline), progress)
    judgeable, counts = searched.judgeable, (pipeline.rerank_count, *values)
    sweep = count_sweep(searched.engine, searched.traces, judgeable, (METRIC,), counts, pipeline, progress, ground.store)
    result = _conclude(ground, pipeline, sweep)
    so_far(result)
    return result


def _obstacle(pipeline: Pipeline) -> str:
    return "Nothing is reranked, so there is no count to choose." if isinstance(pipeline.reranker, NoReranker) else ""


def _conclude(ground: Ground, pipeline: Pipeline, sweep: CountSweep) -> StepResult:
    counts = sweep.counts
    variants = {variant.pipeline.rerank_count: variant for variant in varied("rerank_count", pipeline, counts)}
    scores = np.zeros((len(counts), len(ground.queries)))  # a query that was not answered counts 0
    answered = {query: place for place, query in enumerate(sweep.queries)}
    for place, query in enumerate(ground.queries):
        if query.id in answered:
            scores[:, place] = sweep.scores[METRIC][:, answered[query.id]]
    choice = choose([str(count) for count in counts], scores, ground.folds, _rule(pipeline, counts), ground.held_out)
    seen = choice.scores[:, choice.choosing]
    least, bend = smallest_within_noise(seen, counts), choice.rule.knee(seen)
    p50, p95 = sweep.total_milliseconds(50), sweep.total_milliseconds(95)
    return StepResult(
        step=COUNT.name,
        metric=METRIC,
        variants=tuple(variants[count] for count in counts),
        choice=choice,
        costs=tuple(Costs(p50_ms=float(half), p95_ms=float(most)) for half, most in zip(p50, p95, strict=True)),
        verdicts={at: words.verdict(choice, at) for at in range(len(counts))},
        sentence=f"{_sentence(choice, least, bend)} {words.tested(choice)}".strip(),
        marks={"smallest within noise": least} | ({} if bend is None else {"knee": bend}),
    )


def _rule(pipeline: Pipeline, counts: tuple[int, ...]) -> Rule:
    in_use = counts.index(pipeline.rerank_count) if pipeline.rerank_count in counts else None
    return Rule(in_use, np.array(counts, np.float64), bend=True)


def _sentence(choice: Choice, least: int, bend: int | None) -> str:
    """The smallest count within noise of the best, `least`, or the knee, `bend`, whichever is larger."""
    names = choice.names
    lost = f"{names[choice.best]} ({interval(choice.against(least, choice.best), '+')} {METRIC})"
    noise = f"within noise of the best, {lost}" if least != choice.best else "the best, and no smaller one is within noise of it"
    if bend is None:
        return f"Rerank {names[least]}: this is the smallest count {noise}; the curve has no knee."
    knee = f"the knee of the curve ({CITED})"
    if bend > least:
        return f"Rerank {names[bend]}: this is {knee}, behind which little is gained; as few as {names[least]} are {noise}."
    if bend == least:
        return f"Rerank {names[least]}: this is {knee}, and the smallest count {noise}."
    return f"Rerank {names[least]}: this is the smallest count {noise}; at {names[bend]}, {knee}, it is not reached yet."


COUNT = Step(
    name="Candidates",
    part="rerank_count",
    kind="counts",
    about="The reranker's time grows with every candidate. Wanted is the knee: the count from which on more of them bring"
    " little.",
    metric=lambda pipeline: METRIC,
    defaults=COUNTS,
    run=_run,
    obstacle=_obstacle,
)
