"""What BM25 knows of a corpus as a whole, and the idf that rank-bm25 computes from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Statistics:
    """Number of documents, their mean length in terms, and how many documents hold each term: `frequencies` (terms,)."""

    documents: int
    average_length: float
    frequencies: NDArray[np.int64]
    _tables: dict[str, Floats] = field(default_factory=dict, repr=False)

    def rank_bm25_idf(self, variant: str) -> Floats:
        """The idf of every term by rank-bm25's class `variant`, with an epsilon of 1; (terms,). Kept once computed."""
        if variant not in self._tables:
            self._tables[variant] = _rank_bm25_idf(variant, self.frequencies, self.documents)
        return self._tables[variant]


def _rank_bm25_idf(variant: str, frequencies: NDArray[np.int64], documents: int) -> Floats:
    """From an instance without its constructor, which would copy the corpus; terms go by their numbers."""
    import rank_bm25

    if not len(frequencies):
        return np.zeros(0)
    kind: Any = getattr(rank_bm25, variant)
    model = kind.__new__(kind)
    model.corpus_size, model.epsilon, model.idf = documents, 1.0, {}
    model._calc_idf(dict(enumerate(frequencies.tolist())))
    return np.fromiter(model.idf.values(), np.float64, len(frequencies))
