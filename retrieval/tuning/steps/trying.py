"""Variant by variant: what cannot be tried is told, the rest goes on, and every further result is handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from retrieval.errors import PlaygroundError
from retrieval.pipeline import Pipeline
from retrieval.tuning.folds import Floats
from retrieval.tuning.steps.base import Costs, SoFar, StepResult, Variant
from retrieval.types import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """A variant with its score for each query, (q,), and its costs."""

    variant: Variant
    scores: Floats
    costs: Costs


def try_each(
    variants: Sequence[Variant],
    attempt: Callable[[Pipeline, Progress], tuple[Floats, Costs]],
    conclude: Callable[[Sequence[Tried]], StepResult],
    progress: Progress,
    so_far: SoFar,
) -> StepResult:
    """The conclusion from all variants that can be tried, after those from the first of them, handed to `so_far`.

    Raises PlaygroundError where none can be tried.
    """
    tried: list[Tried] = []
    failed: dict[str, str] = {}
    for at, variant in enumerate(variants, start=1):
        named = partial(_named, f"{variant.name} ({at} of {len(variants)})", progress)
        named("Opening", 0.0)
        try:
            tried.append(Tried(variant, *attempt(variant.pipeline, named)))
        except PlaygroundError as error:
            failed[variant.name] = str(error)
        if tried:
            result = _with(conclude(tried), failed, variants[at:])
            so_far(result)
    if not tried:
        raise PlaygroundError(" ".join(failed.values()))
    return result


def _named(name: str, progress: Progress, sentence: str, share: float) -> None:
    progress(f"{name}: {sentence}", share)


def _with(result: StepResult, failed: Mapping[str, str], waiting: Sequence[Variant]) -> StepResult:
    return replace(result, failed=dict(failed), waiting=tuple(variant.name for variant in waiting))
