"""The postings of a corpus as plain arrays: built from term numbers, the same in memory and on disk."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.unsignedinteger[Any]]

FREQUENT = 8  # a term in one of so many documents has a column
NARROW = 2**16  # so many pairs need codes of four bytes; fewer leave a two-byte number free for "absent"


@dataclass(frozen=True, eq=False)
class Postings:
    """Which rows (documents) hold which term, how often, and how long they are; `building` says what a code is.

    `starts` (terms + 1,) int64: postings of term t are `starts[t]` to `starts[t + 1]` of `rows` (int32, ascending within a term)
    and `codes` (uint16, uint32 where a corpus has more than 65,535 pairs). `pair_tf`, `pair_length` (pairs,) int64: what a code
    stands for. `stair_starts` (terms + 1,), `stairs`: each term's codes that may be its best. `lengths` (documents,) int32:
    terms of a document. All read-only.
    """

    lengths: NDArray[np.int32]
    starts: Ints
    rows: NDArray[np.int32]
    codes: Codes
    pair_tf: Ints
    pair_length: Ints
    stair_starts: Ints
    stairs: Codes

    def __post_init__(self) -> None:
        for table in self.tables().values():
            table.flags.writeable = False

    @classmethod
    def of(cls, ids: NDArray[np.int32], ends: Ints, terms: int) -> Postings:
        """Index documents given as term numbers: `ids` are those of all documents, document d's end at `ends[d]`."""
        from retrieval.sparse import building

        lengths = np.diff(ends, prepend=0).astype(np.int32)
        starts = np.zeros(terms + 1, np.int64)
        np.cumsum(building.count_documents(ids, ends, terms), out=starts[1:])
        rows, tf = building.fill_postings(ids, ends, starts)
        codes, pair_tf, pair_length = _coded(rows, tf, lengths)
        stair_starts, stairs = building.staircases(starts, codes, pair_tf, pair_length)
        return cls(lengths, starts, rows, codes, pair_tf, pair_length, stair_starts, stairs)

    def tables(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def span(self, term: int) -> slice:
        """Where the postings of a term are."""
        return slice(int(self.starts[term]), int(self.starts[term + 1]))

    @cached_property
    def columns(self) -> tuple[Codes, NDArray[np.int32]]:
        """The codes of frequent terms once more, by row, where one read finds them: (columns, documents), and (terms,).

        The second table gives a term's column, -1 where it has none. A row without the term holds the largest number there is.
        Two bytes a document and frequent word: a quarter of the postings' size where the most frequent words are kept.
        """
        from retrieval.sparse import building

        frequent = np.flatnonzero(np.diff(self.starts) * FREQUENT >= max(len(self.lengths), 1))
        columns = np.full((len(frequent), len(self.lengths)), np.iinfo(self.codes.dtype).max, self.codes.dtype)
        building.write_columns(self.starts, self.rows, self.codes, frequent, columns)
        column_of = np.full(len(self.starts) - 1, -1, np.int32)
        column_of[frequent] = np.arange(len(frequent))
        return columns, column_of

    def code(self, term: int, row: int) -> int | None:
        """The code of the posting of `term` in `row`; None where the row does not hold the term."""
        rows = self.rows[self.span(term)]
        at = int(np.searchsorted(rows, row))
        return int(self.codes[self.starts[term] + at]) if at < len(rows) and rows[at] == row else None


def _coded(rows: NDArray[np.int32], tf: NDArray[np.int32], lengths: NDArray[np.int32]) -> tuple[Codes, Ints, Ints]:
    """The code of every posting, and the tf and the length that each code stands for, ordered by tf, then length."""
    from retrieval.sparse import building

    all_tf, tf_ranks = _ranks(tf)
    all_lengths, ranks = _ranks(lengths)
    length_ranks = ranks[lengths]
    seen = np.zeros((len(all_tf), len(all_lengths)), np.bool_)
    building.mark_pairs(rows, tf, tf_ranks, length_ranks, seen)
    tf_at, length_at = np.nonzero(seen)
    code_of = np.zeros(seen.shape, np.int32)
    code_of[tf_at, length_at] = np.arange(len(tf_at))
    codes: Codes = np.zeros(len(rows), np.dtype("u2" if len(tf_at) < NARROW else "u4"))
    building.write_codes(rows, tf, tf_ranks, length_ranks, code_of, codes)
    return codes, all_tf[tf_at], all_lengths[length_at]


def _ranks(values: NDArray[np.int32]) -> tuple[Ints, NDArray[np.int32]]:
    """The distinct values, ascending, and a table from a value to its rank among them."""
    present = np.zeros(int(values.max(initial=0)) + 1, np.bool_)
    present[values] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1).astype(np.int32)
