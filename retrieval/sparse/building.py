"""The compiled loops that build the postings of the sparse index, and the one that checks stored ones.

A posting says that a row (document) holds a term. Postings are grouped by term and ascend by row within a term: those of term t
are `starts[t]` to `starts[t + 1]`. A posting does not store a score, since scores depend on k1 and b, which change between
queries. It stores a **code**: the number of its (tf, document length) pair among the pairs that occur in the corpus. There are
a few thousand such pairs, so a query first works out the impact of every *pair* and from then on only looks impacts up: any
formula over tf and length runs at the speed of stored scores.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True)


@compiled
def count_documents(ids: Any, ends: Any, terms: int) -> Any:
    """How many documents hold each term; `ids` are the terms of all documents, document d's end at `ends[d]`."""
    frequencies = np.zeros(terms, np.int64)
    last = np.full(terms, -1, np.int32)
    begin = 0
    for row in range(len(ends)):
        for at in range(begin, ends[row]):
            term = ids[at]
            if last[term] != row:
                last[term] = row
                frequencies[term] += 1
        begin = ends[row]
    return frequencies


@compiled
def fill_postings(ids: Any, ends: Any, starts: Any) -> Any:
    """Rows and tf of all postings by counting sort: documents come in order, so each term's rows ascend."""
    filled = starts[:-1].copy()
    rows = np.empty(starts[-1], np.int32)
    tf = np.empty(starts[-1], np.int32)
    begin = 0
    for row in range(len(ends)):
        for at in range(begin, ends[row]):
            term = ids[at]
            last = filled[term] - 1
            if last >= starts[term] and rows[last] == row:
                tf[last] += 1
            else:
                rows[last + 1] = row
                tf[last + 1] = 1
                filled[term] = last + 2
        begin = ends[row]
    return rows, tf


@compiled
def mark_pairs(rows: Any, tf: Any, tf_ranks: Any, length_ranks: Any, seen: Any) -> None:
    """Set `seen[rank of tf, rank of the document's length]` for every posting; `length_ranks` is (documents,)."""
    for at in range(len(rows)):
        seen[tf_ranks[tf[at]], length_ranks[rows[at]]] = True


@compiled
def write_codes(rows: Any, tf: Any, tf_ranks: Any, length_ranks: Any, code_of: Any, codes: Any) -> None:
    """Give every posting the code of its pair."""
    for at in range(len(rows)):
        codes[at] = code_of[tf_ranks[tf[at]], length_ranks[rows[at]]]


@compiled
def staircases(starts: Any, codes: Any, pair_tf: Any, pair_length: Any) -> Any:
    """Per term, the codes that no other posting of the term beats: none has at least that tf in as short a document.

    One of them has the term's largest impact, whatever k1 and b are. Returns where each term's codes start, and the codes.
    """
    terms = len(starts) - 1
    shortest = np.full(pair_tf.max() + 1 if len(pair_tf) else 1, -1, np.int64)  # by tf: the code of the shortest document so far
    bounds = np.zeros(terms + 1, np.int64)
    steps = np.empty(len(codes), codes.dtype)
    size = 0
    for term in range(terms):
        highest = 0
        for at in range(starts[term], starts[term + 1]):
            tf = pair_tf[codes[at]]
            highest = max(highest, tf)
            if shortest[tf] < 0 or pair_length[codes[at]] < pair_length[shortest[tf]]:
                shortest[tf] = codes[at]
        best = -1
        for tf in range(highest, 0, -1):
            if shortest[tf] >= 0 and (best < 0 or pair_length[shortest[tf]] < best):
                best = pair_length[shortest[tf]]
                steps[size] = shortest[tf]
                size += 1
            shortest[tf] = -1
        bounds[term + 1] = size
    return bounds, steps[:size].copy()


@compiled
def write_columns(starts: Any, rows: Any, codes: Any, terms: Any, columns: Any) -> None:
    """Write the codes of each of `terms` into its row of `columns`, at the document's number."""
    for i in range(len(terms)):
        for at in range(starts[terms[i]], starts[terms[i] + 1]):
            columns[i, rows[at]] = codes[at]


@compiled
def sound(starts: Any, rows: Any, codes: Any, documents: int, pairs: int) -> bool:
    """Whether every row and code is in range and the rows of each term ascend: what the loops of a search trust."""
    for term in range(len(starts) - 1):
        last = -1
        for at in range(starts[term], starts[term + 1]):
            if rows[at] <= last or rows[at] >= documents or codes[at] < 0 or codes[at] >= pairs:
                return False
            last = rows[at]
    return True
