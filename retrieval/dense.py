"""Nearest neighbours by cosine: exact, or a navigable small-world graph (Malkov and Yashunin, 2018) through hnswlib.

Vectors are unit rows, so that the inner product is the cosine. `ef_search` is live; M and ef_construction rebuild the graph from
the stored vectors, never the vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexCorrupted, require
from retrieval.types import best_rows

Hits = tuple[NDArray[np.int64], NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True)
class Exact:
    """Every vector is compared: recall 1, time linear in the corpus."""

    def graph_key(self) -> str:
        """Exact search has no graph."""
        return ""


@dataclass(frozen=True, slots=True)
class HNSW:
    """Approximate search over a graph with `m` links a node.

    `ef_construction` and `ef_search`: candidates held while building and while searching.
    """

    m: int = 16
    ef_construction: int = 200
    ef_search: int = 100

    def __post_init__(self) -> None:
        require(2 <= self.m <= 100, f"HNSW M {self.m} must lie between 2 and 100")
        require(self.ef_construction >= 1, f"HNSW ef_construction {self.ef_construction} must be at least 1")
        require(self.ef_search >= 1, f"HNSW ef_search {self.ef_search} must be at least 1")

    def graph_key(self) -> str:
        """What the graph depends on; `ef_search` is not part of it."""
        return f"m={self.m} ef_construction={self.ef_construction}"


DENSE: dict[str, type[Exact] | type[HNSW]] = {"exact": Exact, "HNSW": HNSW}


def exact_search(vectors: NDArray[np.float32], query: NDArray[np.float32], k: int) -> Hits:
    """The `k` rows of largest cosine with `query` (dim,), best first, equal scores by row.

    A query without a vector finds nothing.
    """
    if not query.any() or not len(vectors):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    scores = vectors @ query
    rows = best_rows(scores, k)
    return rows, scores[rows]


class Graph:
    """A built HNSW graph over the rows of a vector matrix."""

    FILE = "graph.hnsw"

    def __init__(self, index: Any, count: int) -> None:
        self._index = index
        self._count = count

    @classmethod
    def build(cls, vectors: NDArray[np.float32], setting: HNSW, folder: Path) -> None:
        """Build over `vectors` (n, dim) and write hnswlib's own file into `folder`; one thread, so that it is reproducible."""
        import hnswlib

        index = hnswlib.Index(space="ip", dim=vectors.shape[1])
        index.init_index(max_elements=max(len(vectors), 1), M=setting.m, ef_construction=setting.ef_construction, random_seed=0)
        if len(vectors):
            index.add_items(vectors, np.arange(len(vectors)), num_threads=1)
        index.save_index(str(folder / cls.FILE))

    @classmethod
    def load(cls, folder: Path, dimensions: int, count: int) -> Graph:
        """Open the graph over `count` vectors; raises `IndexCorrupted` where the file is not one."""
        import hnswlib

        index = hnswlib.Index(space="ip", dim=dimensions)
        try:
            index.load_index(str(folder / cls.FILE), max_elements=max(count, 1))
        except RuntimeError as error:
            raise IndexCorrupted(
                f"the graph in {folder.name} cannot be read ({error}); it is built again from the vectors"
            ) from error
        return cls(index, count)

    def search(self, vectors: NDArray[np.float32], query: NDArray[np.float32], k: int, setting: HNSW) -> Hits:
        """About the `k` nearest rows; scores are recomputed from `vectors`, so that they equal those of exact search."""
        k = min(k, self._count)
        if k < 1 or not query.any():
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        held = min(max(setting.ef_search, k), self._count)
        self._index.set_ef(held)
        labels, _ = self._index.knn_query(
            query[None, :], k=held, num_threads=1
        )  # all that is held, so that ties are ours to order
        rows = np.sort(labels[0].astype(np.int64))
        scores = vectors[rows] @ query
        order = best_rows(scores, k)
        return rows[order], scores[order]

    def recall(self, vectors: NDArray[np.float32], queries: NDArray[np.float32], k: int, setting: HNSW) -> float:
        """Mean share of the exact top `k` that the graph finds, over `queries` (q, dim); 1.0 where there is nothing to find."""
        shares = []
        for query in queries:
            exact = set(exact_search(vectors, query, k)[0].tolist())
            found = set(self.search(vectors, query, k, setting)[0].tolist())
            shares.append(len(exact & found) / len(exact) if exact else 1.0)
        return float(np.mean(shares)) if shares else 1.0
