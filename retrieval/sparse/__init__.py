"""Sparse retrieval: BM25 over an inverted index, with k1 and b read at query time, so that moving them rebuilds nothing.

`variants` holds the formulas, `index` the front door. `building` and `searching` are compiled and loaded on first use.
"""

from __future__ import annotations

from retrieval.sparse.index import Contribution, SparseIndex
from retrieval.sparse.statistics import Statistics
from retrieval.sparse.variants import BM25, BM25_VARIANTS, BM25L, BM25Lucene, BM25Okapi, BM25Plus

__all__ = [
    "BM25",
    "BM25L",
    "BM25_VARIANTS",
    "BM25Lucene",
    "BM25Okapi",
    "BM25Plus",
    "Contribution",
    "SparseIndex",
    "Statistics",
]
