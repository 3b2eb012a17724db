"""Which of the two retrievers found each relevant document or place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import require
from retrieval.tuning.candidates import Candidates
from retrieval.tuning.items import Ints

FOUND_BY = ("neither", "dense only", "sparse only", "both")


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """The relevant items of `queries`: `names`, the place of each one's query, `query_of` (r,), and who found it.

    `found_by` (r,) are places in `FOUND_BY`.
    """

    queries: tuple[str, ...]
    names: tuple[str, ...]
    query_of: Ints
    found_by: Ints

    @property
    def counts(self) -> Ints:
        """How many relevant items of each query were found by whom, (q, 4)."""
        cells = np.bincount(self.query_of * len(FOUND_BY) + self.found_by, minlength=len(self.queries) * len(FOUND_BY))
        return np.asarray(cells.reshape(-1, len(FOUND_BY)))

    def by_class(self, classes: Sequence[str]) -> dict[str, Ints]:
        """The same for each class, (4,); `classes` are those of the queries, in their order."""
        counts, own = self.counts, np.array(classes, object)
        return {name: counts[own == name].sum(axis=0) for name in sorted(set(classes))}


def coverage(candidates: Candidates, depth: int, rel: int = 1) -> Coverage:
    """Who found each item of a grade of at least `rel` among the first `depth` chunks of its ranking."""
    require(depth >= 1, f"the depth is {depth}; it must be at least 1")
    items = candidates.items
    dense = _found(candidates, candidates.dense_ranks, depth)
    sparse = _found(candidates, candidates.sparse_ranks, depth)
    relevant = np.flatnonzero(items.grades >= rel)
    names = tuple(items.names[at] for at in relevant.tolist())
    return Coverage(items.queries, names, items.query_of[relevant], (dense + 2 * sparse)[relevant])


def _found(candidates: Candidates, ranks: NDArray[np.int32], depth: int) -> Ints:
    """1 for each judged item that one of the first `depth` chunks yields, else 0; (j,)."""
    entries = (candidates.judged >= 0) & (ranks > 0) & (ranks <= depth)
    found = np.zeros(len(candidates.items.names), np.int64)
    found[candidates.judged[entries]] = 1
    return found
