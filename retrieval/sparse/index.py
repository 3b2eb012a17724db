"""The sparse index: postings that are built once, and BM25 over them with settings that are read at query time."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput
from retrieval.sparse import storage
from retrieval.sparse.extending import extend
from retrieval.sparse.postings import Postings
from retrieval.sparse.statistics import Statistics
from retrieval.sparse.variants import BM25, BM25Lucene, BM25Okapi
from retrieval.types import best_rows

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

REMEMBERED = 8  # settings whose impacts are kept


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term of a query adds to one row's score.

    `count` is how often the query has the term, `tf` how often the row has it, `document_frequency` how many rows have it.
    `score` = count * idf * (impact of tf + the variant's constant). A term that the corpus does not know has 0 everywhere.
    """

    term: str
    count: int
    tf: int
    document_frequency: int
    idf: float
    score: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """A query as the loops take it: distinct known terms, rarest first, and count * idf of each; `constant` is every row's."""

    numbers: Ints
    weights: NDArray[np.float32]
    constant: float


@dataclass(frozen=True, eq=False)
class SparseIndex:
    """Postings of a corpus, one row a document, in the order of `build`. Immutable, and safe to search from several threads."""

    vocabulary: dict[str, int]
    lists: Postings

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]]) -> SparseIndex:
        """Index the terms of every document, in one pass. No document, and documents without terms, are allowed."""
        vocabulary: defaultdict[str, int] = defaultdict()
        vocabulary.default_factory = vocabulary.__len__
        ids, ends = array("i"), array("q")
        for terms in documents:
            ids.extend(map(vocabulary.__getitem__, terms))
            ends.append(len(ids))
        lists = Postings.of(np.array(ids, np.int32), np.array(ends, np.int64), len(vocabulary))
        return cls(dict(vocabulary), lists).warmed_up()

    def extended(self, old_rows: Ints, new: Iterable[Sequence[str]]) -> SparseIndex:
        """The index of a corpus whose row r is row `old_rows[r]` of this one, or the next of `new` where that is -1."""
        return SparseIndex(*extend(self.vocabulary, self.lists, old_rows, new)).warmed_up()

    @property
    def documents(self) -> int:
        """The number of rows."""
        return len(self.lists.lengths)

    @property
    def terms(self) -> int:
        """The number of distinct terms."""
        return len(self.vocabulary)

    @property
    def postings(self) -> int:
        """The number of (term, row) pairs."""
        return len(self.lists.rows)

    @property
    def posting_bytes(self) -> int:
        """Memory of the postings: 6 bytes each, 8 where the corpus has more than 65,535 different (tf, length) pairs."""
        return self.lists.rows.nbytes + self.lists.codes.nbytes

    @property
    def nbytes(self) -> int:
        """Memory of all arrays; the vocabulary's strings come on top."""
        return sum(table.nbytes for table in (*self.lists.tables().values(), *self.lists.columns))

    @cached_property
    def statistics(self) -> Statistics:
        """What BM25 knows of the corpus as a whole."""
        lengths = self.lists.lengths
        average = float(lengths.mean(dtype=np.float64)) if len(lengths) else 0.0
        return Statistics(len(lengths), average, np.diff(self.lists.starts))

    def document_frequency(self, term: str) -> int:
        """How many rows hold `term`; 0 for a term that the corpus does not know."""
        number = self.vocabulary.get(term)
        return 0 if number is None else int(self.lists.starts[number + 1] - self.lists.starts[number])

    def search(self, terms: Sequence[str], k: int, bm25: BM25) -> tuple[Ints, Floats]:
        """The best `k` of the rows that hold at least one of `terms`, best first, equal scores by ascending row, and scores.

        A term that stands twice in the query counts twice. Fewer than `k` where fewer rows match, none for an empty query.
        """
        query = self._weighted(terms, bm25)
        if k <= 0 or not len(query.numbers):
            return np.zeros(0, np.int64), np.zeros(0, np.float64)
        if query.weights.min() <= 0.0:  # Okapi's idf of a term in half of the documents, or its floor in a tiny corpus
            totals, held = self._add_up(query, bm25)
            rows = best_rows(np.where(held, totals, -np.inf), k)
            return rows, totals[rows] + query.constant
        from retrieval.sparse import searching

        p = self.lists
        tables = (p.starts, p.rows, p.codes, p.stair_starts, p.stairs, *p.columns, self._impacts(bm25))
        rows, scores = searching.best(*tables, query.numbers, query.weights, self.documents, min(k, self.documents))
        return rows, scores + query.constant

    def scores(self, terms: Sequence[str], bm25: BM25) -> Floats:
        """The score of every row, also of those that hold no term of the query; (documents,)."""
        query = self._weighted(terms, bm25)
        return self._add_up(query, bm25)[0] + query.constant

    def contributions(self, terms: Sequence[str], row: int, bm25: BM25) -> list[Contribution]:
        """What every distinct term of the query, in the query's order, adds to the score of `row`; they sum to it.

        Raises BadInput for a row that the index does not have.
        """
        if not 0 <= row < self.documents:
            raise BadInput(f"row {row} is not in this index; rows are 0 to {self.documents - 1}, take one that a search returned")
        return [self._contribution(term, count, row, bm25) for term, count in Counter(terms).items()]

    def warmed_up(self) -> SparseIndex:
        """This index, after what the first search would spend time on: loading or compiling the loops, the statistics."""
        first = list(islice(self.vocabulary, 1))
        self.search(first, 1, BM25Lucene())  # its weights are above 0, so that the fast loops run
        self.scores(first, BM25Okapi())
        return self

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made where it is missing: one .npy a table, and terms.json."""
        storage.save(folder, self.lists, list(self.vocabulary))

    @classmethod
    def load(cls, folder: Path) -> SparseIndex:
        """Open what `save` wrote; the postings stay on disk, mapped into memory.

        Raises IndexCorrupted where a file is missing, cannot be read or does not fit the others.
        """
        lists, terms = storage.load(folder)
        return cls({term: number for number, term in enumerate(terms)}, lists).warmed_up()

    def _weighted(self, terms: Sequence[str], bm25: BM25) -> Weighted:
        counts: dict[int, int] = {}
        for term in terms:
            number = self.vocabulary.get(term)
            if number is not None:
                counts[number] = counts.get(number, 0) + 1
        frequencies = self._frequencies
        rarest_first = sorted(counts, key=lambda number: (frequencies[number], number))
        numbers = np.array(rarest_first, np.int64)
        weights = np.array([counts[number] for number in rarest_first]) * bm25.idf(numbers, self.statistics)
        return Weighted(numbers, weights.astype(np.float32), float(weights.sum()) * bm25.constant)

    def _add_up(self, query: Weighted, bm25: BM25) -> tuple[Floats, NDArray[np.bool_]]:
        """The score of every row without the constant, and whether it holds a term of the query."""
        from retrieval.sparse import searching

        totals, held = np.zeros(self.documents, np.float32), np.zeros(self.documents, np.bool_)
        p = self.lists
        searching.add_up(p.starts, p.rows, p.codes, query.numbers, query.weights, self._impacts(bm25), totals, held)
        return totals.astype(np.float64), held

    def _contribution(self, term: str, count: int, row: int, bm25: BM25) -> Contribution:
        number = self.vocabulary.get(term)
        if number is None:
            return Contribution(term, count, 0, 0, 0.0, 0.0)
        frequency = self.document_frequency(term)
        idf = float(bm25.idf(np.array([number]), self.statistics)[0])
        code = self.lists.code(number, row)
        tf, impact = (0, 0.0) if code is None else (int(self.lists.pair_tf[code]), float(self._impacts(bm25)[code]))
        return Contribution(term, count, tf, frequency, idf, count * idf * (impact + bm25.constant))

    def _impacts(self, bm25: BM25) -> NDArray[np.float32]:
        """The impact of every (tf, length) pair under `bm25`; (pairs,)."""
        impacts = self._remembered.get(bm25)
        if impacts is None:
            impacts = bm25.impact(*self._pairs).astype(np.float32)
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[bm25] = impacts
        return impacts

    @cached_property
    def _frequencies(self) -> list[int]:
        return [int(frequency) for frequency in self.statistics.frequencies]

    @cached_property
    def _remembered(self) -> dict[BM25, NDArray[np.float32]]:
        return {}

    @cached_property
    def _pairs(self) -> tuple[Floats, Floats]:
        average = self.statistics.average_length or 1.0
        return self.lists.pair_tf.astype(np.float64), self.lists.pair_length / average
