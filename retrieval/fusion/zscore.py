"""Z-score weighted sum: every ranking's scores with mean 0 and standard deviation 1.

Montague and Aslam, "Relevance Score Normalization for Metasearch" (CIKM 2001), where it is ZMUV, and who show that the
score given to documents that were not retrieved matters too. Libraries differ there: ranx adds 0, the mean, which ranks a missing
document above many found ones; OpenSearch cuts at 0, which loses the order of all results below the mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.base import Floats, Fusion, difference, number


def z_score(scores: Floats) -> Floats:
    """(score - mean) / standard deviation of the population; equal scores are all 0. (n,) to (n,)."""
    mean, deviation = moments(scores)
    return (scores - mean) / deviation if deviation > 0 else np.zeros_like(scores)


def moments(scores: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the population; the deviation of equal scores is exactly 0."""
    if scores.max() == scores.min():  # the rounded mean of equal scores may differ from them
        return float(scores[0]), 0.0
    return float(scores.mean()), float(scores.std())


@dataclass(frozen=True)
class ZScoreSum(Fusion):
    """Sum of weight times z-score. A document that a ranking does not hold gets the z-score of its last result.

    That is the most it can have scored, since it came after the last one. Where all scores are equal, found documents have 0
    and missing ones -1, so that a lone hit is still worth one standard deviation. Contributions may be negative.
    """

    def values(self, scores: Floats, position: int) -> Floats:
        return z_score(scores)

    def missing(self, values: Floats, position: int) -> float:
        lowest = float(values.min())
        return lowest if lowest < 0 else -1.0

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        mean, deviation = moments(scores)
        if not deviation > 0:
            return f"{weight} × 0 (all scores equal)"
        return f"{weight} × {difference(scores[rank - 1], mean)} / {number(deviation)}"
