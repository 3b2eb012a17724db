"""Theoretical min-max weighted sum: the minimum is the lowest score that the retriever can give, not the lowest that it gave.

Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023), where it is TM2C2: -1 for cosine, 0 for
BM25. The scale does not jump with the depth of the ranking, and the last result keeps the credit that its score earns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from retrieval.errors import BadInput, require
from retrieval.fusion.base import Floats, Fusion, difference, number
from retrieval.types import Ranking

ROUNDING = 1e-5


def theoretical_min_max(scores: Floats, floor: float) -> Floats:
    """(score - floor) / (highest - floor), in [0, 1]; all 0 where no score is above the floor. (n,) to (n,)."""
    high = scores.max()
    return (scores - floor) / (high - floor) if high > floor else np.zeros_like(scores)


@dataclass(frozen=True)
class TheoreticalMinMaxSum(Fusion):
    """Sum of weight times theoretical min-max score. A document that a ranking does not hold gets 0, the theoretical minimum.

    The paper scores such documents with both retrievers; a ranking alone cannot. 0 is exact where BM25 found no common term,
    and severe for cosines, whose last result is usually far above -1: agreement between the rankings counts for much.

    `floors` holds the lowest possible score of each retriever in the order of the rankings: dense (cosine), then sparse (BM25).
    Raises BadSetting where their number is not that of the rankings, BadInput where a score lies below its floor.
    """

    floors: tuple[float, ...] = (-1.0, 0.0)

    def __post_init__(self) -> None:
        require(
            all(map(isfinite, self.floors)),
            f"floors {self.floors} must be finite; give the lowest possible score of each ranking",
        )

    def check(self, rankings: Sequence[Ranking], weights: Sequence[float]) -> None:
        super().check(rankings, weights)
        counts = f"{len(self.floors)} floors do not fit {len(rankings)} rankings"
        require(len(self.floors) == len(rankings), f"{counts}; give the lowest possible score of each ranking")

    def values(self, scores: Floats, position: int) -> Floats:
        floor = self.floors[position]
        if scores.min() < floor - ROUNDING:
            raise BadInput(
                f"ranking {position + 1} scores {number(scores.min())}, below its floor {number(floor)}; lower the floor"
            )
        return theoretical_min_max(scores, floor)

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        floor, high = self.floors[position], scores.max()
        if not high > floor:
            return f"{weight} × 0 (no score above the floor)"
        return f"{weight} × {difference(scores[rank - 1], floor)} / {difference(high, floor)}"
