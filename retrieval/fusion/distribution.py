"""Distribution-based score fusion: three standard deviations below the mean become 0, three above it 1.

Mazzeschi, "Distribution-Based Score Fusion (DBSF), a new approach to Vector Search Ranking" (2023). The details follow
Qdrant, which offers it in production: deviation of a sample (n - 1), 0.5 for equal scores, and no cut at 0 and 1, which would
tie the best result with others and measurably costs quality.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.base import Floats, Fusion, difference, number


def distribution(scores: Floats) -> Floats:
    """(score - (mean - 3 deviations)) / 6 deviations, mostly in [0, 1]; equal scores are all 0.5. (n,) to (n,)."""
    low, width = extent(scores)
    return (scores - low) / width if width > 0 else np.full_like(scores, 0.5)


def extent(scores: Floats) -> tuple[float, float]:
    """Mean minus three deviations of the sample, and six deviations; the width of equal scores is exactly 0."""
    if scores.max() == scores.min():
        return float(scores[0]), 0.0
    deviation = float(scores.std(ddof=1))
    return float(scores.mean()) - 3 * deviation, 6 * deviation


@dataclass(frozen=True)
class DistributionSum(Fusion):
    """Sum of weight times distribution-based score. A document that a ranking does not hold gets 0: three deviations below."""

    def values(self, scores: Floats, position: int) -> Floats:
        return distribution(scores)

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        low, width = extent(scores)
        if not width > 0:
            return f"{weight} × 0.5 (all scores equal)"
        return f"{weight} × {difference(scores[rank - 1], low)} / {number(width)}"
