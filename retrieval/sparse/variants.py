"""The BM25 family: how much one document's occurrences of one term are worth, and how much the term itself is.

Every variant scores a document d for a query q as

    score(q, d) = sum over the terms t of q of  count(t in q) * idf(t) * (impact(tf, |d|) + constant)

with tf the occurrences of t in d, |d| the number of terms of d, avg its mean over the corpus, N the number of documents, df the
documents that hold t, and length = 1 - b + b * |d| / avg. The first three follow rank-bm25 0.2.2 to the letter, its
peculiarities included, and take their idf from that library; Lucene follows bm25s 0.3.

An impact grows with tf and falls with |d| for every k1 and b: the index relies on it to leave out postings that cannot matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import require
from retrieval.sparse.statistics import Statistics

Floats = NDArray[np.float64]
LARGEST = 1000.0


@dataclass(frozen=True, slots=True)
class BM25:
    """What the variants share: `k1` (0 to 1000; 0 ignores how often a term occurs) and `b` (0 to 1; 0 ignores length).

    Both are read when a query is scored; no index depends on them. Raises BadSetting outside those ranges.
    """

    label: ClassVar[str] = "BM25"
    k1: float = 1.2
    b: float = 0.75

    def __post_init__(self) -> None:
        within("k1", self.k1, LARGEST)
        within("b", self.b, 1.0)

    @property
    def constant(self) -> float:
        """What every document gets for a term of the query, whether it holds the term or not, in units of the idf."""
        return 0.0

    def idf(self, terms: NDArray[np.int64], corpus: Statistics) -> Floats:
        """The idf of the terms with the numbers `terms`; (t,) to (t,)."""
        raise NotImplementedError

    def impact(self, tf: Floats, length: Floats) -> Floats:
        """What `tf` >= 1 occurrences are worth in documents of relative `length` |d| / avg; same shape, >= 0."""
        raise NotImplementedError

    def norm(self, length: Floats) -> Floats:
        """1 - b + b * |d| / avg."""
        return 1.0 - self.b + self.b * length


@dataclass(frozen=True, slots=True)
class BM25Okapi(BM25):
    """impact = tf (k1+1) / (tf + k1 * norm); idf = ln((N-df+0.5) / (df+0.5)), floored (Robertson et al., TREC-3, 1994).

    A term in more than half of the documents would get a negative idf. rank-bm25 gives it `epsilon` times the mean idf of the
    vocabulary instead, which in a large corpus is *more* than a rarer word gets, and which is itself negative in a corpus
    where most terms are in most documents.
    """

    label: ClassVar[str] = "Okapi (rank-bm25)"
    epsilon: float = 0.25

    def __post_init__(self) -> None:
        BM25.__post_init__(self)
        within("epsilon", self.epsilon, LARGEST)

    def idf(self, terms: NDArray[np.int64], corpus: Statistics) -> Floats:
        idf = corpus.rank_bm25_idf("BM25Okapi")[terms]  # the mean idf where a term is too common
        return np.where(2 * corpus.frequencies[terms] > corpus.documents, self.epsilon * idf, idf)

    def impact(self, tf: Floats, length: Floats) -> Floats:
        return tf * (self.k1 + 1.0) / (tf + self.k1 * self.norm(length))


@dataclass(frozen=True, slots=True)
class BM25Plus(BM25):
    """impact = tf (k1+1) / (tf + k1 * norm), plus delta; idf = ln((N+1) / df) (Lv and Zhai, CIKM 2011).

    In the paper only a document that holds the term gets `delta`; rank-bm25 gives it to every document, so the scores of all
    documents move by the same amount and the ranking is that of delta = 0.
    """

    label: ClassVar[str] = "BM25+ (rank-bm25)"
    delta: float = 1.0

    def __post_init__(self) -> None:
        BM25.__post_init__(self)
        within("delta", self.delta, LARGEST)

    @property
    def constant(self) -> float:
        return self.delta

    def idf(self, terms: NDArray[np.int64], corpus: Statistics) -> Floats:
        return corpus.rank_bm25_idf("BM25Plus")[terms]

    def impact(self, tf: Floats, length: Floats) -> Floats:
        return tf * (self.k1 + 1.0) / (tf + self.k1 * self.norm(length))


@dataclass(frozen=True, slots=True)
class BM25L(BM25):
    """impact = tf (k1+1) (c+delta) / (k1+c+delta), c = tf / norm; idf = ln((N+1) / (df+0.5)) (Lv and Zhai, SIGIR 2011).

    The paper has no leading tf; rank-bm25 multiplies by it, so repeated terms count far more than in the other variants.
    """

    label: ClassVar[str] = "BM25L (rank-bm25)"
    delta: float = 0.5

    def __post_init__(self) -> None:
        BM25.__post_init__(self)
        within("delta", self.delta, LARGEST)

    def idf(self, terms: NDArray[np.int64], corpus: Statistics) -> Floats:
        return corpus.rank_bm25_idf("BM25L")[terms]

    def impact(self, tf: Floats, length: Floats) -> Floats:
        norm = self.norm(length)
        return tf * (self.k1 + 1.0) * (tf + self.delta * norm) / (tf + (self.k1 + self.delta) * norm)


@dataclass(frozen=True, slots=True)
class BM25Lucene(BM25):
    """impact = tf / (tf + k1 * norm); idf = ln(1 + (N-df+0.5) / (df+0.5)), never negative (Kamphuis et al., ECIR 2020).

    The factor k1+1 is left out, as in Lucene since version 8 and in bm25s: it changes no ranking.
    """

    label: ClassVar[str] = "Lucene (bm25s)"

    def idf(self, terms: NDArray[np.int64], corpus: Statistics) -> Floats:
        frequencies = corpus.frequencies[terms]
        return np.log1p((corpus.documents - frequencies + 0.5) / (frequencies + 0.5))

    def impact(self, tf: Floats, length: Floats) -> Floats:
        return tf / (tf + self.k1 * self.norm(length))


BM25_VARIANTS: dict[str, type[BM25]] = {
    "BM25Okapi": BM25Okapi,
    "BM25Plus": BM25Plus,
    "BM25L": BM25L,
    "BM25Lucene": BM25Lucene,
}


def within(name: str, value: float, largest: float) -> None:
    """Raise BadSetting unless `value` is a number from 0 to `largest`."""
    ok = isfinite(value) and 0.0 <= value <= largest
    require(ok, f"BM25's {name} is {value}; it must be from 0 to {largest:g}, choose a value in that range")
