"""Theoretical min-max weighted sum: the minimum is the lowest score that the retriever can give, not the lowest that it gave.

Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023), where it is TM2C2: -1 for cosine, 0 for
BM25. The scale does not jump with the depth of the ranking, and the last result keeps the credit that its score earns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from retrieval.errors import require
from retrieval.fusion.base import Floats, Fusion, difference
from retrieval.types import Ranking


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
    A score below its floor, as Okapi gives in tiny corpora where most idf are negative, takes the floor down with it. Raises
    BadSetting where their number is not that of the rankings.
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

    def floor(self, scores: Floats, position: int) -> float:
        """The floor in force: the theoretical one, or the lowest score where one lies below it."""
        return min(self.floors[position], float(scores.min()))

    def values(self, scores: Floats, position: int) -> Floats:
        return theoretical_min_max(scores, self.floor(scores, position))

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        floor, high = self.floor(scores, position), scores.max()
        if not high > floor:
            return f"{weight} × 0 (no score above the floor)"
        return f"{weight} × {difference(scores[rank - 1], floor)} / {difference(high, floor)}"
