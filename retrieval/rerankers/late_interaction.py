"""Late interaction without training or download: MaxSim over the embedder's own token vectors.

For every query token the best cosine among the candidate's tokens, summed with weights (ColBERT: Khattab and Zaharia, 2020). The
vectors are those of the bi-encoder, not of a model trained for this; weighting by inverse document frequency keeps frequent word
pieces and the special tokens from drowning the telling ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelUnavailable, require
from retrieval.rerankers.base import Request
from retrieval.rerankers.tokens import TokenIndex
from retrieval.types import Tokens

Weighting = Literal["idf", "mean"]


@dataclass(frozen=True, slots=True)
class LateInteraction:
    """MaxSim over query tokens, weighted by "idf" (document frequency in this corpus) or by "mean" (all alike)."""

    weighting: Weighting = "idf"

    def __post_init__(self) -> None:
        choices = get_args(Weighting)
        require(self.weighting in choices, f"weighting {self.weighting!r} must be one of {', '.join(choices)}")

    def load(self, tokens: TokenIndex | None) -> LateInteractionReranker:
        """Bind to a corpus's token vectors."""
        if tokens is None:
            raise ModelUnavailable("late interaction needs token vectors, which this embedder does not give; choose another reranker")
        return LateInteractionReranker(tokens, self.weighting)


class LateInteractionReranker:
    """MaxSim over stored token vectors."""

    def __init__(self, index: TokenIndex, weighting: Weighting) -> None:
        self._index = index
        self._weighting = weighting

    def score(self, request: Request) -> NDArray[np.float32]:
        if request.tokens is None:
            return np.zeros(len(request.rows), np.float32)
        maxima = self._index.maxima(request.tokens.vectors, request.rows)
        return np.asarray(maxima @ self.weights(request.tokens), dtype=np.float32)

    def weights(self, tokens: Tokens) -> NDArray[np.float32]:
        """The weight of each query token, (q,), summing to one."""
        size = len(tokens.ids)
        raw = self._index.idf(tokens.ids) if self._weighting == "idf" else np.ones(size, np.float32)
        total = float(raw.sum())
        return np.asarray(raw / total if total > 0 else np.full(size, 1 / max(size, 1)), dtype=np.float32)
