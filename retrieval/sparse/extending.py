"""A new sparse index out of an old one: the rows whose text it knows are taken over, the others are counted anew.

Terms are counted per row again from the postings, so that an analyser reads new texts only; all else is built as from nothing.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.sparse.postings import Postings

Ints = NDArray[np.int64]


def extend(
    vocabulary: dict[str, int], lists: Postings, old_rows: Ints, new: Iterable[Sequence[str]]
) -> tuple[dict[str, int], Postings]:
    """Vocabulary and postings of a corpus whose row r is row `old_rows[r]` of the old one, or the next of `new` where that is -1.

    `old_rows` is (rows,). Terms that no row holds any longer are left out.
    """
    numbers: defaultdict[str, int] = defaultdict(None, vocabulary)
    numbers.default_factory = numbers.__len__
    ids, ends = array("i"), array("q", [0])
    for terms in new:
        ids.extend(map(numbers.__getitem__, terms))
        ends.append(len(ids))
    stream, old_starts = _streams(lists)
    fresh = old_rows < 0
    lengths = np.where(fresh, 0, lists.lengths[old_rows] if len(lists.lengths) else 0).astype(np.int64)
    starts = np.where(fresh, 0, old_starts[old_rows] if len(old_starts) else 0).astype(np.int64)
    lengths[fresh], starts[fresh] = np.diff(ends), len(stream) + np.array(ends[:-1], np.int64)
    row_ends = np.cumsum(lengths)
    at = np.repeat(starts - (row_ends - lengths), lengths) + np.arange(lengths.sum())
    chosen = np.concatenate([stream, np.array(ids, np.int32)])[at]
    used = np.bincount(chosen, minlength=len(numbers)) > 0
    renumbered = (np.cumsum(used) - 1).astype(np.int32)
    words = [word for word, kept in zip(numbers, used.tolist(), strict=True) if kept]
    return {word: number for number, word in enumerate(words)}, Postings.of(renumbered[chosen], row_ends, len(words))


def _streams(lists: Postings) -> tuple[NDArray[np.int32], Ints]:
    """The terms of all rows, row after row, each as often as the row holds it, and where each row starts."""
    order = np.argsort(lists.rows, kind="stable")
    terms = np.repeat(np.arange(len(lists.starts) - 1, dtype=np.int32), np.diff(lists.starts))[order]
    stream = np.repeat(terms, lists.pair_tf[lists.codes[order]])
    return stream, np.cumsum(lists.lengths, dtype=np.int64) - lists.lengths
