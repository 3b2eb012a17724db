"""What a reranker is: a setting that loads into something that scores candidates, one number each, higher is better.

A new reranker is one file with a setting (a frozen dataclass with `load`), what it loads, a `Reranker` with one method, and one
entry in `RERANKERS`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.rerankers.tokens import TokenIndex
from retrieval.types import Tokens


@dataclass(frozen=True)
class Request:
    """One query and its candidates: `rows` (n,) of the corpus with their `texts`.

    `tokens` are the query's own token vectors, `cosines` (n,) those of the query's vector with the candidates' vectors.
    """

    query: str
    tokens: Tokens | None
    rows: NDArray[np.int64]
    texts: Sequence[str]
    cosines: NDArray[np.float32]

    def first(self, count: int) -> Request:
        """The same about the first `count` candidates alone."""
        return Request(self.query, self.tokens, self.rows[:count], self.texts[:count], self.cosines[:count])


class Reranker(ABC):
    """A loaded reranker.

    `independent` says whether a candidate's score is the same in any company, so that it may be remembered.
    """

    independent: ClassVar[bool]

    @abstractmethod
    def score(self, request: Request) -> NDArray[np.float32]:
        """A score for each candidate, (n,), unbounded, higher is better."""

    def prefixes(self, request: Request, counts: Sequence[int]) -> list[NDArray[np.float32]]:
        """For each count what `score` gives the first so many candidates alone, (min(count, n),).

        What is common to all counts is computed once. Where it is the scores themselves (`independent`), they are those of the
        largest company, which differ from those of a smaller one by what padding a batch to another length rounds.
        """
        if not self.independent:
            return [self.score(request.first(count)) for count in counts]
        scores = self.score(request.first(max(counts, default=0)))
        return [scores[:count] for count in counts]


class RerankerSetting(Protocol):
    """A frozen dataclass that names a reranker and its knobs."""

    def load(self, tokens: TokenIndex | None) -> Reranker | None:
        """Load it over the corpus's token vectors (None where the embedder gives none); None means: no reranking."""
        ...


def z_scores(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values minus their mean over their standard deviation; all zero where they are all equal."""
    spread = values.std()
    # the rounded mean of equal values may differ from them
    return (values - values.mean()) / spread if spread > 0 and values.max() > values.min() else np.zeros_like(values)


def blend(fused: NDArray[np.float64], reranked: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """(1 - weight) * z(fused) + weight * z(reranked), within the candidates of one query: (n,), (n,) -> (n,).

    weight 0 keeps the fused order, 1 takes the reranker's alone.
    """
    return (1.0 - weight) * z_scores(fused) + weight * z_scores(reranked)
