"""Small candidates for the tests of tuning: documents that are their own only chunk."""

import numpy as np

from retrieval.judgeable import Judgeable
from retrieval.tuning import Candidates, Items

DOCUMENTS = tuple("abcdef")


def found(scores):
    """The hits of one retriever for one query from {document: score}, best first."""
    rows = np.array([DOCUMENTS.index(name) for name in scores], np.int64)
    values = np.array(list(scores.values()), np.float64)
    order = np.lexsort((rows, -values))
    return rows[order], values[order]


def candidates(grades, dense, sparse):
    """Candidates of the queries of `grades`, with {query: {document: score}} of either retriever."""
    items = Items.of(tuple(grades), DOCUMENTS, Judgeable(grades, {name: name for name in DOCUMENTS}))
    return Candidates.of(items, [found(dense[query]) for query in grades], [found(sparse[query]) for query in grades])
