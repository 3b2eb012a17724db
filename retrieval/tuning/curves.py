"""A metric of every query under every weight of the dense ranking, for one fusion or several, at one depth or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadSetting, require
from retrieval.fusion import FUSIONS, RRF, Fusion
from retrieval.metrics import MEASURES, measure_of
from retrieval.tuning.candidates import Candidates
from retrieval.types import Progress, unheard

Floats = NDArray[np.float64]

DEFAULT_WEIGHT = 0.5
WEIGHTS = tuple(step / 100 for step in range(101))
NORMALISATIONS = tuple(kind() for kind in FUSIONS.values() if kind.normalises)
RRF_KS = tuple(RRF(k) for k in (1, 5, 10, 20, 60, 100, 200))
DEPTHS = (10, 20, 30, 50, 75, 100, 150, 200)
BLOCK = 16_000_000  # grades that are scored at once


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """`metric` of each query under each weight of the dense ranking: `weights` (w,), `scores` (w, q), for one fusion."""

    fusion: Fusion
    metric: str
    weights: Floats
    scores: Floats

    @property
    def distances(self) -> Floats:
        """How far each weight is from the default, (w,); of equally good ones the nearest is chosen."""
        return np.abs(self.weights - DEFAULT_WEIGHT)

    def at(self, weight: float) -> int:
        """The place of the weight nearest to `weight`."""
        return int(np.abs(self.weights - weight).argmin())


def weight_curve(candidates: Candidates, fusion: Fusion, metric: str, weights: Sequence[float] = WEIGHTS) -> Curve:
    """Fuse, cut and score all queries under every weight, 0 = keywords only, 1 = meaning only.

    Raises BadSetting without a weight, for one outside 0 to 1, and for a metric that only ir-measures computes.
    """
    measure = measure_of(metric)
    if measure is None:
        raise BadSetting(f"{metric} is computed by ir-measures alone, too slowly for a sweep; use one of {', '.join(MEASURES)}.")
    require(len(weights) > 0, "The sweep has no weight; give at least one from 0 (keywords only) to 1 (meaning only).")
    given = np.array(weights, np.float64)
    depth = candidates.longest if measure.depth is None else min(measure.depth, candidates.longest)
    grades = len(given) * len(candidates.items.queries) * depth
    blocks = np.array_split(given, min(1 + grades // BLOCK, len(given)))
    judged = candidates.items.judged.grades
    scores = [measure.values(candidates.ranked(fusion, block, depth), judged) for block in blocks]
    return Curve(fusion, metric, given, np.concatenate(scores))


def weight_curves(
    candidates: Candidates,
    fusions: Sequence[Fusion],
    metric: str,
    weights: Sequence[float] = WEIGHTS,
    progress: Progress = unheard,
) -> list[Curve]:
    """A curve for each fusion, as `NORMALISATIONS` or `RRF_KS`; raises BadSetting without one."""
    require(len(fusions) > 0, "The sweep has no fusion; give at least one.")
    curves: list[Curve] = []
    for fusion in fusions:
        curves.append(weight_curve(candidates, fusion, metric, weights))
        progress(f"{len(curves)} of {len(fusions)} fusions", len(curves) / len(fusions))
    return curves


def depth_curves(
    candidates: Candidates,
    fusion: Fusion,
    metric: str,
    depths: Sequence[int] = DEPTHS,
    weights: Sequence[float] = WEIGHTS,
    progress: Progress = unheard,
) -> dict[int, Curve]:
    """The curve over the weights, which may be a single one, for each number of results that each retriever hands over.

    Depths beyond what was searched give what all of it gives. Raises BadSetting without a depth or for one below 1.
    """
    require(len(depths) > 0, "The sweep has no depth; give at least one number of candidates.")
    curves: dict[int, Curve] = {}
    for done, depth in enumerate(depths, start=1):
        curves[depth] = weight_curve(candidates.cut(depth), fusion, metric, weights)
        progress(f"{done} of {len(depths)} depths", done / len(depths))
    return curves
