"""What BM25 knows of a corpus as a whole, and the idf that rank-bm25 computes from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Statistics:
    """Number of documents, their mean length in terms, and the mean Okapi idf of the vocabulary before its floor."""

    documents: int
    average_length: float
    mean_idf: float


def rank_bm25_idf(variant: str, frequencies: NDArray[np.int64], documents: int) -> NDArray[np.float64]:
    """The idf by rank-bm25's class `variant` of terms that `frequencies` of `documents` hold, Okapi's floor aside; (t,)."""
    idf = _calculated(variant, frequencies, documents).idf
    return np.fromiter(idf.values(), np.float64, len(idf))


def mean_okapi_idf(frequencies: NDArray[np.int64], documents: int) -> float:
    """rank-bm25's `average_idf` of a vocabulary; 0 for an empty one."""
    return float(_calculated("BM25Okapi", frequencies, documents).average_idf) if len(frequencies) else 0.0


def _calculated(variant: str, frequencies: NDArray[np.int64], documents: int) -> Any:
    """An instance with its idf calculated, without the copy of the corpus that the constructor would make."""
    import rank_bm25

    kind: Any = getattr(rank_bm25, variant)
    model = kind.__new__(kind)
    model.corpus_size, model.epsilon, model.idf = documents, 0.0, {}
    model._calc_idf(dict(enumerate(frequencies.tolist())))
    return model
