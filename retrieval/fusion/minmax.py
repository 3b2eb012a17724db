"""Min-max weighted sum: every ranking's scores stretched to 0 (its last result) to 1 (its best).

Lee, "Analyses of Multiple Evidence Combination" (SIGIR 1997); as a convex combination of lexical and semantic scores Bruch, Gai
and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023). Weaviate calls it relative score fusion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.base import Floats, Fusion, difference


def min_max(scores: Floats) -> Floats:
    """(score - lowest) / (highest - lowest), in [0, 1]; equal scores, a lone one among them, are all 1. (n,) to (n,)."""
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


@dataclass(frozen=True)
class MinMaxSum(Fusion):
    """Sum of weight times min-max score. A document that a ranking does not hold gets 0, the value of its last result.

    A ranking whose scores are all equal gives 1 to each of its results, so that the only document with an exact identifier
    counts in full; ranx gives 0 there.
    """

    def values(self, scores: Floats, position: int) -> Floats:
        return min_max(scores)

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        return stretched(weight, scores[rank - 1], scores.min(), scores.max())


def stretched(weight: str, score: float, low: float, high: float) -> str:
    """Weight times min-max score, written out."""
    if not high > low:
        return f"{weight} × 1 (all scores equal)"
    return f"{weight} × {difference(score, low)} / {difference(high, low)}"
