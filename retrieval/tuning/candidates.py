"""What two retrievers found for every query of a set, as arrays, so that all queries are fused, cut and scored at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.dense import Hits
from retrieval.errors import BadInput, require
from retrieval.fusion import Fusion
from retrieval.metrics import ABSENT, UNJUDGED
from retrieval.tuning.items import Ints, Items
from retrieval.types import Ranking

Floats = NDArray[np.float64]
Ranks = NDArray[np.int32]
Grades = NDArray[np.int16]
Found = tuple[tuple[Ints, Floats], ...]  # rows and scores of each query, best first


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The union of both rankings of each query: an entry for each chunk and item that it yields.

    The entries of query q are `starts[q]` to `starts[q + 1]`, in the order that decides between equal scores. Of each, (e,):
    `dense_ranks` and `sparse_ranks` of the chunk, one-based, 0 where that ranking does not hold it; `numbers`, which of the
    query's items it is; `judged`, its place among the judged items of `items`, -1 where it has no judgment.
    """

    items: Items
    dense: Found
    sparse: Found
    starts: Ints
    dense_ranks: Ranks
    sparse_ranks: Ranks
    numbers: NDArray[np.int32]
    judged: NDArray[np.int32]

    @classmethod
    def of(cls, items: Items, dense: Sequence[Hits], sparse: Sequence[Hits]) -> Candidates:
        """The hits of the queries of `items`, in their order.

        Raises BadInput where there are more or fewer, or a score is NaN or infinite.
        """
        by_dense, by_sparse = _checked(items.queries, dense, 0), _checked(items.queries, sparse, 1)
        dense_chunks, sparse_chunks = _chunks(by_dense, items.rows), _chunks(by_sparse, items.rows)
        chunks = np.union1d(dense_chunks, sparse_chunks)
        chunk, keys, judged = items.of_chunks(chunks)
        query, places = keys // items.stride, np.arange(len(items.queries) + 1)
        distinct, number = np.unique(keys, return_inverse=True)
        firsts = np.searchsorted(distinct, places * items.stride)
        return cls(
            items,
            by_dense,
            by_sparse,
            starts=np.searchsorted(query, places),
            dense_ranks=_ranks(by_dense, dense_chunks, chunks)[chunk],
            sparse_ranks=_ranks(by_sparse, sparse_chunks, chunks)[chunk],
            numbers=(number - firsts[query]).astype(np.int32),
            judged=judged.astype(np.int32),
        ).warmed_up()

    def cut(self, depth: int) -> Candidates:
        """What the first `depth` results of each retriever hold. Raises BadSetting for a depth below 1."""
        require(depth >= 1, f"the depth is {depth}; it must be at least 1")
        return Candidates.of(self.items, _first(self.dense, depth), _first(self.sparse, depth))

    @property
    def longest(self) -> int:
        """The most results that a query can have, at least 1."""
        return int(self.numbers.max(initial=0)) + 1

    def ranked(self, fusion: Fusion, weights: Floats, depth: int) -> Grades:
        """The grades of the first `depth` fused results under each weight of the dense ranking, (w, q, depth).

        They are what `fusion.fuse` with the weights w and 1 - w and then `Judgeable.ranking` give, `UNJUDGED` where a result has
        no grade, and `ABSENT` behind the last. Raises BadSetting for a weight outside 0 to 1.
        """
        from retrieval.tuning.kernel import rank

        for weight in weights.tolist():
            fusion.check((Ranking(), Ranking()), (weight, 1.0 - weight))
        grades = np.append(self.items.grades, np.int16(UNJUDGED))[self.judged]
        multipliers = np.array([fusion.multiplier(holders) for holders in (0, 1, 1, 2)], np.float64)
        ranked = np.full((len(weights), len(self.items.queries), depth), ABSENT, np.int16)
        values = (*_values(fusion, self.dense, 0), *_values(fusion, self.sparse, 1))
        rank(self.starts, self.numbers, self.dense_ranks, self.sparse_ranks, grades, *values, multipliers, weights, ranked)
        return ranked

    def warmed_up(self) -> Candidates:
        """These candidates, after what the first move of a slider would wait for: loading or compiling the loop."""
        self.ranked(Unscaled(), np.zeros(0), 1)
        return self


class Unscaled(Fusion):
    """The scores as they are: with the weight 1 the dense ranking alone, with 0 the sparse one."""

    def values(self, scores: Floats, position: int) -> Floats:
        return scores


def _checked(queries: Sequence[str], hits: Sequence[Hits], position: int) -> Found:
    if len(hits) != len(queries):
        raise BadInput(f"ranking {position + 1} is given for {len(hits)} queries out of {len(queries)}; give one for each")
    for query, (_, scores) in zip(queries, hits, strict=True):
        if not np.isfinite(scores).all():
            raise BadInput(
                f'ranking {position + 1} of the query "{query}" holds a score that is not a finite number;'
                " check the retriever that made it"
            )
    return tuple((rows, scores.astype(np.float64)) for rows, scores in hits)


def _first(found: Found, depth: int) -> Found:
    return tuple((rows[:depth], scores[:depth]) for rows, scores in found)


def _lengths(found: Found) -> Ints:
    return np.fromiter((len(rows) for rows, _ in found), np.int64, len(found))


def _chunks(found: Found, rows: int) -> Ints:
    """query * rows + row of every result, one query after the other."""
    return np.asarray(np.repeat(np.arange(len(found)), _lengths(found)) * rows + np.concatenate([own for own, _ in found]))


def _ranks(found: Found, results: Ints, chunks: Ints) -> Ranks:
    """The one-based rank of each of `chunks` (n,), 0 where it is not among `results`."""
    lengths = _lengths(found)
    ranks = np.zeros(len(chunks), np.int32)
    ranks[np.searchsorted(chunks, results)] = np.arange(len(results)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 1
    return ranks


def _values(fusion: Fusion, found: Found, position: int) -> tuple[Floats, Ints]:
    """The value at each rank of each query, that of what its ranking does not hold at rank 0; and where each query starts."""
    parts = []
    for _, scores in found:
        values = fusion.values(scores, position) if len(scores) else scores
        parts += [np.array([fusion.missing(values, position) if len(scores) else 0.0]), values]
    lengths = _lengths(found) + 1
    return np.concatenate(parts), np.cumsum(lengths) - lengths
