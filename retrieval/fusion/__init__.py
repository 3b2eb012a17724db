"""Fusion: several rankings of the same query become one. One method a file, siblings with one signature.

A document that a ranking does not hold gets what the method's file says, because the sources differ. The table names every
method; a new one is one file and one line here.
"""

from __future__ import annotations

from retrieval.fusion.base import Fusion, Term
from retrieval.fusion.combmnz import CombMNZ
from retrieval.fusion.distribution import DistributionSum, distribution
from retrieval.fusion.minmax import MinMaxSum, min_max
from retrieval.fusion.rrf import RRF, reciprocal_ranks
from retrieval.fusion.theoretical import TheoreticalMinMaxSum, theoretical_min_max
from retrieval.fusion.zscore import ZScoreSum, z_score

FUSIONS: dict[str, type[Fusion]] = {
    "RRF": RRF,
    "min-max": MinMaxSum,
    "theoretical min-max": TheoreticalMinMaxSum,
    "z-score": ZScoreSum,
    "distribution": DistributionSum,
    "CombMNZ": CombMNZ,
}

__all__ = [
    "FUSIONS",
    "RRF",
    "CombMNZ",
    "DistributionSum",
    "Fusion",
    "MinMaxSum",
    "Term",
    "TheoreticalMinMaxSum",
    "ZScoreSum",
    "distribution",
    "min_max",
    "reciprocal_ranks",
    "theoretical_min_max",
    "z_score",
]
