"""Steps and their choices as the evidence of a pipeline file."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.experiments.evidence import Evidence, Tried
from retrieval.experiments.evidence import Step as Told
from retrieval.experiments.records import version_of
from retrieval.statistics import Estimate
from retrieval.tuning.steps.base import StepResult
from retrieval.types import Corpus, Judgment, Query


def told(result: StepResult, taken: int | None) -> Told:
    """A step with what was tried in it; `taken` is the variant that was applied, None where the step was skipped."""
    choice = result.choice
    chosen = choice.recommended if taken is None else taken
    tried = []
    for at in result.verdicts:
        mean = choice.estimate(at)
        tried.append(Tried(result.variants[at].name, mean.mean, mean.low, mean.high, result.costs[at].p95_ms))
    held_out = choice.tested(chosen)
    return Told(
        step=result.step,
        metric=result.metric,
        chosen=result.variants[chosen].name,
        tried=tuple(tried),
        sentence=result.sentence,
        applied=taken is not None,
        held_out_mean=held_out.mean if held_out else None,
        held_out_low=held_out.low if held_out else None,
        held_out_high=held_out.high if held_out else None,
    )


def evidence(
    corpus: Corpus,
    query_set: str,
    queries: Sequence[Query],
    judgments: Sequence[Judgment],
    metric: str,
    baseline: Estimate,
    steps: Sequence[Told],
) -> Evidence:
    """What a pipeline was chosen on; `queries` are those that are judged, `baseline` is `metric` before the first step."""
    from retrieval.experiments import library_version
    from retrieval.judging.records import now

    return Evidence(
        corpus=corpus.name,
        corpus_fingerprint=corpus.fingerprint,
        query_set=query_set,
        queries=len(queries),
        held_out=sum(query.held_out for query in queries),
        judgments_version=version_of(judgments),
        metric=metric,
        created=now(),
        library=library_version(),
        baseline=baseline.mean,
        steps=tuple(steps),
    )
