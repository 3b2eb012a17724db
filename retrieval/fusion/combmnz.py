"""CombMNZ: the sum of the min-max scores times the number of rankings that hold the document.

Fox and Shaw, "Combination of Multiple Searches" (TREC-2, 1994), over the min-max scores of Lee (SIGIR 1997). Weights, which they
do not have, multiply the scores; equal weights give their order.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.fusion.base import Floats, Fusion
from retrieval.fusion.minmax import min_max, stretched


@dataclass(frozen=True)
class CombMNZ(Fusion):
    """Weighted min-max sum times the number of rankings of positive weight that hold the document, rewarding agreement.

    A ranking that does not hold the document adds 0 and does not count. Equal scores are all 1, as for `MinMaxSum`.
    """

    def values(self, scores: Floats, position: int) -> Floats:
        return min_max(scores)

    def multiplier(self, holders: int) -> int:
        return holders

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        return stretched(weight, scores[rank - 1], scores.min(), scores.max())
