"""Reciprocal rank fusion: ranks only, scores are ignored.

Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods" (SIGIR 2009).
Ranks are one-based, as there; the weights are the extension that search engines offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import ClassVar

import numpy as np

from retrieval.errors import require
from retrieval.fusion.base import Floats, Fusion


def reciprocal_ranks(n: int, k: float) -> Floats:
    """1 / (k + rank) for the one-based ranks 1 to n; (n,)."""
    return 1.0 / (k + np.arange(1.0, n + 1.0))


@dataclass(frozen=True)
class RRF(Fusion):
    """Sum of weight / (k + rank). A document that a ranking does not hold gets nothing from it.

    A small `k` (at least 0) favours the first ranks, a large one agreement between the rankings; 60 is the paper's.
    """

    k: int = 60

    normalises: ClassVar[bool] = False

    def __post_init__(self) -> None:
        require(isfinite(self.k) and self.k >= 0, f"RRF k {self.k} must be at least 0; the usual value is 60")

    def values(self, scores: Floats, position: int) -> Floats:
        return reciprocal_ranks(len(scores), self.k)

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        return f"{weight} / ({self.k} + {rank})"
