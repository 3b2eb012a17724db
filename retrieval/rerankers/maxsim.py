"""The compiled loops of late interaction: the best cosine of each query token within each text.

`maxima` reads the stored int8 vectors where they lie, four at a time, and compares them with every query token while they are in
the first-level cache; nothing as large as the candidates is copied or converted. Both loops run in one thread: BLAS with several
waits for its slowest one, which beside one busy process took 24 ms where there were 5 ms of work.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})


@compiled
def project(query: Any, axes: Any) -> Any:
    """The matrix product of `query` (q, dim) and `axes` (dim, width), both float32."""
    result = np.zeros((len(query), axes.shape[1]), np.float32)
    for j in range(len(query)):
        for d in range(len(axes)):
            for w in range(axes.shape[1]):
                result[j, w] += query[j, d] * axes[d, w]
    return result


@compiled
def maxima(query: Any, vectors: Any, scales: Any, starts: Any, lengths: Any, best: Any) -> None:
    """Fill `best` (n, q): text i owns `lengths[i]` rows, at least one, of `vectors` (t, width) int8 from `starts[i]` on.

    `query` is (q, width) float32; a stored vector is its int8 row times its scale.
    """
    width = query.shape[1]
    block = np.empty((4, width), np.float32)
    for i in range(len(starts)):
        last = starts[i] + lengths[i] - 1
        best[i] = -np.inf
        for first in range(starts[i], last + 1, 4):
            for row in range(4):
                at = min(first + row, last)
                for d in range(width):
                    block[row, d] = np.float32(vectors[at, d]) * scales[at]
            for j in range(len(query)):
                a = b = c = e = np.float32(0.0)
                for d in range(width):
                    value = query[j, d]
                    a += value * block[0, d]
                    b += value * block[1, d]
                    c += value * block[2, d]
                    e += value * block[3, d]
                best[i, j] = max(best[i, j], max(max(a, b), max(c, e)))


@compiled
def count_texts(ids: Any, starts: Any, lengths: Any, vocabulary_size: int) -> Any:
    """How many texts hold each id; text i owns `lengths[i]` of the `ids` from `starts[i]` on."""
    counts = np.zeros(vocabulary_size, np.int32)
    last = np.full(vocabulary_size, -1, np.int64)
    for i in range(len(starts)):
        for at in range(starts[i], starts[i] + lengths[i]):
            if last[ids[at]] != i:
                last[ids[at]] = i
                counts[ids[at]] += 1
    return counts
