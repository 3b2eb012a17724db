"""Step 5, how both rankings are fused: equal-weight RRF stays unless something is clearly better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.fusion import FUSIONS, RRF, Fusion
from retrieval.pipeline import Pipeline
from retrieval.tuning.choice import Rule, choose
from retrieval.tuning.curves import DEFAULT_WEIGHT, WEIGHTS, Curve, weight_curve
from retrieval.tuning.folds import best
from retrieval.tuning.steps import words
from retrieval.tuning.steps.base import Costs, Ground, SoFar, Step, StepResult, Variant, first_stage
from retrieval.tuning.steps.naming import name_of
from retrieval.tuning.traced import traced_candidates
from retrieval.types import Progress

METRIC = "nDCG@10"
EQUAL = RRF()


def _run(ground: Ground, pipeline: Pipeline, values: Sequence[Fusion], progress: Progress, so_far: SoFar) -> StepResult:
    """Each method, equal-weight RRF's and the one in use among them, under every weight."""
    searched = ground.search(first_stage(pipeline), progress)
    candidates = traced_candidates(searched.traces, ground.queries, searched.judgeable)
    methods = list(dict.fromkeys((EQUAL, *values, pipeline.fusion)))
    weights = sorted({*WEIGHTS, pipeline.weight})
    curves: list[Curve] = []
    for done, method in enumerate(methods, start=1):
        curves.append(weight_curve(candidates, method, METRIC, weights))
        progress(f"{name_of('fusion', method)} under {len(weights)} weights", done / len(methods))
        waiting = tuple(name_of("fusion", other) for other in methods[done:])
        result = _conclude(ground, pipeline, curves, waiting)
        so_far(result)
    return result


def _conclude(ground: Ground, pipeline: Pipeline, curves: Sequence[Curve], waiting: tuple[str, ...]) -> StepResult:
    """Of all settings only the best weight of each method is listed, the default, what is in use and what is recommended."""
    settings = [(curve.fusion, weight) for curve in curves for weight in curve.weights.tolist()]
    default = settings.index((EQUAL, DEFAULT_WEIGHT))
    scores = np.concatenate([curve.scores for curve in curves])
    rule = Rule(default, distances=np.concatenate([curve.distances + (curve.fusion != EQUAL) for curve in curves]))
    choice = choose([_name(*setting) for setting in settings], scores, ground.folds, rule, ground.held_out)
    tops = [
        number * len(curve.weights) + best(curve.scores[:, choice.choosing], curve.distances)
        for number, curve in enumerate(curves)
    ]
    in_use = [at for at, setting in enumerate(settings) if setting == (pipeline.fusion, pipeline.weight)]
    listed = sorted({default, choice.recommended, choice.best, *tops, *in_use})
    return StepResult(
        step=FUSION.name,
        metric=METRIC,
        variants=tuple(
            Variant(name, pipeline.with_(fusion=fusion, weight=weight))
            for name, (fusion, weight) in zip(choice.names, settings, strict=True)
        ),
        choice=choice,
        costs=tuple(Costs() for _ in settings),
        verdicts={at: words.verdict(choice, at, "the default") for at in listed},
        sentence=f"{words.keep_or_take(choice, METRIC)} {words.tested(choice)}".strip(),
        marks={"default": default},
        waiting=waiting,
    )


def _name(fusion: Fusion, weight: float) -> str:
    return "equal-weight RRF" if (fusion, weight) == (EQUAL, DEFAULT_WEIGHT) else f"{name_of('fusion', fusion)} at {weight:.4g}"


FUSION = Step(
    name="Fusion",
    part="fusion",
    kind="methods",
    about="Equal-weight RRF is hard to beat, and what is tuned past it is often luck. So it stays unless another setting is"
    " clearly better on queries that did not choose it.",
    metric=lambda pipeline: METRIC,
    defaults=tuple(kind() for kind in FUSIONS.values()),
    run=_run,
    beside=("weight",),
)
