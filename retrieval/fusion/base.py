"""What every fusion shares: the guard of the weights, the weighted sum over the union of the ids, and its explanation.

A method says two things: the value of each result of a ranking, and the value of a document that the ranking does not hold.
The fused score of a document is the sum over the rankings of weight times value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import fsum, isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput, require
from retrieval.types import Ranking

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Term:
    """What one ranking adds to the fused score of one document; the `contribution`s of a document sum to its fused score.

    `rank` (one-based) and `score` (raw) are None where the ranking does not hold the document. `normalised` is the value that
    is weighted, None where the method knows no normalised score (RRF) or the ranking takes no part (weight 0). `multiplier`
    is the number of rankings that hold the document for CombMNZ and 1 elsewhere; it is already inside `contribution`.
    `formula` is the arithmetic as a person would write it.
    """

    weight: float
    rank: int | None
    score: float | None
    normalised: float | None
    contribution: float
    formula: str
    multiplier: int = 1


class Fusion:
    """A fusion method: `fuse` makes the ranking, `explain` says where one fused score comes from.

    Both raise BadSetting where the weights are not one finite number of at least 0 for each ranking with one above 0, and
    BadInput where a score is NaN or infinite. A ranking of weight 0 takes no part: what only it holds is not in the result.
    An empty ranking adds nothing.
    """

    normalises: ClassVar[bool] = True

    def values(self, scores: Floats, position: int) -> Floats:
        """The value of every result of the ranking at `position`; (n,) scores, best first, to (n,)."""
        raise NotImplementedError

    def missing(self, values: Floats, position: int) -> float:
        """The value of a document that the ranking at `position` does not hold; `values` is (n,), n at least 1."""
        return 0.0

    def multiplier(self, holders: int) -> int:
        """What the weighted sum is multiplied by for a document that `holders` rankings hold."""
        return 1

    def arithmetic(self, weight: str, rank: int, scores: Floats, position: int) -> str:
        """Weight times value of the result at one-based `rank`, written out."""
        raise NotImplementedError

    def check(self, rankings: Sequence[Ranking], weights: Sequence[float]) -> None:
        """Raise BadSetting unless there is one finite weight of at least 0 for each ranking, and one above 0."""
        require(len(rankings) > 0, "there is no ranking to fuse; give at least one")
        counts = f"{len(weights)} weights do not fit {len(rankings)} rankings"
        require(len(weights) == len(rankings), f"{counts}; give one weight for each ranking")
        for at, weight in enumerate(weights, start=1):
            sound = isfinite(weight) and weight >= 0
            require(sound, f"weight {weight} of ranking {at} must be a finite number of at least 0; 0 leaves the ranking out")
        require(any(weight > 0 for weight in weights), "all weights are 0, so no ranking takes part; raise at least one")

    def fuse(self, rankings: Sequence[Ranking], weights: Sequence[float]) -> Ranking:
        """The union of the rankings of positive weight, score descending, then id ascending."""
        self.check(rankings, weights)
        active = [at for at, ranking in enumerate(rankings) if weights[at] > 0 and ranking.ids]
        holders = Counter(chain.from_iterable(rankings[at].ids for at in active))
        columns = [self._column(rankings[at], at, weights[at], holders) for at in active]
        # fsum: the order of the inputs must not move a score by a rounding error, which would decide ties
        sums = map(fsum, zip(*columns, strict=True))
        return Ranking.of(holders, (total * self.multiplier(count) for total, count in zip(sums, holders.values(), strict=True)))

    def explain(self, rankings: Sequence[Ranking], weights: Sequence[float], id: str) -> tuple[Term, ...]:
        """One term for each ranking, in their order; their contributions sum to the fused score of `id` where it has one."""
        self.check(rankings, weights)
        holders = sum(weight > 0 and id in ranking.ranks for ranking, weight in zip(rankings, weights, strict=True))
        return tuple(self._term(ranking, at, weights[at], id, self.multiplier(holders)) for at, ranking in enumerate(rankings))

    def _column(self, ranking: Ranking, position: int, weight: float, union: Iterable[str]) -> list[float]:
        values = self.values(score_array(ranking, position), position)
        weighted = dict(zip(ranking.ids, (weight * values).tolist(), strict=True))
        absent = weight * self.missing(values, position)
        return [weighted.get(id, absent) for id in union]

    def _term(self, ranking: Ranking, position: int, weight: float, id: str, multiplier: int) -> Term:
        rank, score = ranking.ranks.get(id), ranking.score_of(id)
        if weight == 0:
            return Term(0.0, rank, score, None, 0.0, "weight 0: takes no part")
        if not ranking.ids:
            return Term(weight, None, None, None, 0.0, "empty ranking: adds 0")
        scores = score_array(ranking, position)
        values = self.values(scores, position)
        value = self.missing(values, position) if rank is None else float(values[rank - 1])
        total = weight * value * multiplier
        formula = self._formula(share(weight), rank, value, scores, position)
        formula = f"{multiplier} × {formula}" if multiplier > 1 else formula
        normalised = value if self.normalises else None
        return Term(weight, rank, score, normalised, total, f"{formula} = {number(total)}", multiplier)

    def _formula(self, weight: str, rank: int | None, value: float, scores: Floats, position: int) -> str:
        if rank is None:
            return f"{weight} × {number(value)} (not found)"
        return self.arithmetic(weight, rank, scores, position)


def score_array(ranking: Ranking, position: int) -> Floats:
    """The scores as (n,) float64; BadInput where one is NaN or infinite."""
    scores = np.array(ranking.scores, dtype=np.float64)
    if not np.isfinite(scores).all():
        raise BadInput(f"ranking {position + 1} holds a score that is not a finite number; check the retriever that made it")
    return scores


def number(value: float) -> str:
    """Three significant digits with a true minus sign; what is only a rounding error is 0."""
    return f"{round(value, 12) + 0.0:.3g}".replace("-", "−")


def difference(value: float, origin: float) -> str:
    """`value` minus `origin`, written out; a negative origin stands in brackets."""
    return f"({number(value)} − {number(origin) if origin >= 0 else f'({number(origin)})'})"


def share(weight: float) -> str:
    """A weight with two decimals where they say it all, else three significant digits."""
    return f"{weight:.2f}" if round(weight, 2) == weight else f"{weight:.3g}"
