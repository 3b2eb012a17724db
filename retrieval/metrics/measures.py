"""The measures, computed for all queries, and for any number of settings, at once.

Each takes the grades that stand at the ranks, (..., q, k), and all grades that the queries have, (q, m), and gives (..., q)
values, higher is better: those of ir-measures, and 0 for a query without results or without a relevant document.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import require
from retrieval.metrics.judged import ABSENT, UNJUDGED, Grades

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure(ABC):
    """A measure over the first `depth` results, over all where it is None.

    `family` is its name without parameters, `meaning` a line for people. Raises BadSetting for parameters out of their range.
    """

    family: ClassVar[str]
    meaning: ClassVar[str]
    needs_depth: ClassVar[bool] = False

    depth: int | None = None

    def __post_init__(self) -> None:
        if self.depth is None:
            require(not self.needs_depth, f"{self.family} needs a cutoff; name one, as in {self.family}@10")
        else:
            _require_positive(self.depth, f"the cutoff of {self.family}")

    @property
    def name(self) -> str:
        """As ir-measures writes it: what differs from the defaults, then the cutoff."""
        given = [(field.name, getattr(self, field.name)) for field in fields(self) if getattr(self, field.name) != field.default]
        parameters = ",".join(f"{name}={value!r}" for name, value in given if name != "depth")
        return self.family + (f"({parameters})" if parameters else "") + (f"@{self.depth}" if self.depth else "")

    @abstractmethod
    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """The measure of each query, (..., q).

        `ranked` (..., q, k) are the grades at the ranks, the best rank first, or `UNJUDGED`, and `ABSENT` behind the last;
        `judged` (q, m) are those of `Judged`.
        """


@dataclass(frozen=True, slots=True)
class NDCG(Measure):
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002), the discount being log2(rank + 1)."""

    family = "nDCG"
    meaning = "the grades of the results, those further down counting less, as a share of what the best possible order would give"

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """Discounted gain over that of the ideal list; a grade below 0 gains nothing."""
        return _ratio(_discounted(ranked[..., : self.depth]), _discounted(judged[:, : self.depth]))


@dataclass(frozen=True, slots=True)
class Binary(Measure):
    """A measure that only knows relevant, a grade of at least `rel`, or not."""

    rel: int = 1

    def __post_init__(self) -> None:
        Measure.__post_init__(self)
        _require_positive(self.rel, f"rel of {self.family}")

    def relevant(self, ranked: Grades) -> NDArray[np.bool_]:
        """Which of the results that count are relevant, (..., q, depth)."""
        return np.asarray(ranked[..., : self.depth] >= self.rel)

    def total(self, judged: Grades) -> NDArray[np.int64]:
        """How many relevant documents each query has, (q,)."""
        return np.asarray(np.count_nonzero(judged >= self.rel, axis=-1))


@dataclass(frozen=True, slots=True)
class Recall(Binary):
    """Recall; without a cutoff that of the whole list, which ir-measures calls SetR."""

    family = "R"
    meaning = "the share of the relevant documents that is found"

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """Relevant results over relevant documents."""
        return _ratio(np.count_nonzero(self.relevant(ranked), axis=-1), self.total(judged))


@dataclass(frozen=True, slots=True)
class Precision(Binary):
    """Precision at a cutoff."""

    family = "P"
    meaning = "the share of the first results that is relevant"
    needs_depth = True

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """Relevant results over the cutoff, however few results there are."""
        return np.asarray(np.count_nonzero(self.relevant(ranked), axis=-1) / self.depth)


@dataclass(frozen=True, slots=True)
class AveragePrecision(Binary):
    """Average precision (Harman, 1992)."""

    family = "AP"
    meaning = "the precision at the rank of every relevant document, averaged; 0 for those that are not found"

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """The precisions at the ranks of relevant results, summed, over the number of relevant documents."""
        relevant = self.relevant(ranked)
        hits = np.cumsum(relevant, axis=-1, dtype=np.int32) * relevant
        return _ratio(hits @ (1 / np.arange(1, relevant.shape[-1] + 1)), self.total(judged))


@dataclass(frozen=True, slots=True)
class ReciprocalRank(Binary):
    """Reciprocal rank (Kantor and Voorhees, 2000)."""

    family = "RR"
    meaning = "1 over the rank of the first relevant result"

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """1 over the rank, 0 where no result is relevant."""
        relevant = self.relevant(ranked)
        if not relevant.shape[-1]:
            return np.zeros(relevant.shape[:-1])
        return np.asarray(relevant.any(axis=-1) / (relevant.argmax(axis=-1) + 1))


@dataclass(frozen=True, slots=True)
class Success(Binary):
    """Success at a cutoff, which some call hit rate, or recall."""

    family = "Success"
    meaning = "1 where a relevant result is among the first, else 0"
    needs_depth = True

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """1 or 0."""
        return np.asarray(self.relevant(ranked).any(axis=-1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class RankBiasedPrecision(Binary):
    """Rank-biased precision (Moffat and Zobel, 2008), with relevant or not as the gain; `p` is the reader's persistence."""

    family = "RBP"
    meaning = "the rate of relevant results for a reader who goes on to the next one with probability p"

    p: float = 0.8

    def __post_init__(self) -> None:
        Binary.__post_init__(self)
        require(isinstance(self.p, float) and 0 < self.p < 1, f"p of RBP is {self.p!r}; it must lie between 0 and 1, as in p=0.8")

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """(1 - p) times the sum of p^(rank - 1) over the ranks of relevant results."""
        relevant = self.relevant(ranked)
        return np.asarray((1 - self.p) * (relevant @ self.p ** np.arange(relevant.shape[-1])))


@dataclass(frozen=True, slots=True)
class JudgedShare(Measure):
    """How much of what stands there has a judgment: what the other measures rest on."""

    family = "Judged"
    meaning = "the share of the results that has a judgment"

    def values(self, ranked: Grades, judged: Grades) -> Floats:
        """Judged results over results."""
        cut = ranked[..., : self.depth]
        return _ratio(np.count_nonzero(cut > UNJUDGED, axis=-1), np.count_nonzero(cut > ABSENT, axis=-1))


MEASURES: dict[str, type[Measure]] = {
    kind.family: kind
    for kind in (NDCG, Recall, Precision, AveragePrecision, ReciprocalRank, Success, RankBiasedPrecision, JudgedShare)
}


def _require_positive(number: int, what: str) -> None:
    """Raise BadSetting unless `number` is a whole number of 1 or more; True is none."""
    require(type(number) is int and number >= 1, f"{what} is {number!r}; it must be a whole number of 1 or more")


def _discounted(grades: Grades) -> Floats:
    """Grades over log2(rank + 1), summed over the ranks."""
    return np.asarray(np.maximum(grades, 0) @ (1 / np.log2(np.arange(2, grades.shape[-1] + 2))))


def _ratio(part: NDArray[np.number], whole: NDArray[np.number]) -> Floats:
    """`part` over `whole`, 0 where that is 0."""
    return np.asarray(part / np.where(whole == 0, 1, whole), dtype=np.float64)
