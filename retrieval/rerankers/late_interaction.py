"""Late interaction without training or download: MaxSim over the embedder's own token vectors.

For every query token the best cosine among the candidate's tokens, summed with weights (ColBERT: Khattab and Zaharia, 2020). The
vectors are those of the bi-encoder, not of a model trained for this, so two things are added. A token weighs by its rarity in the
corpus and by how much its best cosine varies among the candidates: what is found everywhere tells nothing. And the vector of the
whole text takes part like one more token. Measured as lift of the blend over RRF in nDCG@10, idf alone against the default: CoSQA
0.024 and 0.044, CISI 0.029 and 0.026, SQuAD 0.059 and 0.053, SciFact 0.007 and 0.011.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelUnavailable, require
from retrieval.rerankers.base import Request, Reranker
from retrieval.rerankers.tokens import TokenIndex
from retrieval.types import Tokens

Weighting = Literal["idf and spread", "idf", "mean"]
SPREAD_FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class LateInteraction:
    """MaxSim over query tokens.

    `weighting`: "idf" by document frequency in this corpus, "idf and spread" by the geometric mean of that and the standard
    deviation of the token's best cosines among the candidates, "mean" all alike. `whole` is the share of the cosine between the
    vectors of the whole texts: 0 = tokens only, 1 = whole texts only.
    """

    weighting: Weighting = "idf and spread"
    whole: float = 0.2

    def __post_init__(self) -> None:
        choices = get_args(Weighting)
        require(self.weighting in choices, f"weighting {self.weighting!r} must be one of {', '.join(choices)}")
        require(0 <= self.whole <= 1, f"whole {self.whole} must lie between 0 (tokens only) and 1 (whole texts only)")

    def load(self, tokens: TokenIndex | None) -> LateInteractionReranker:
        """Bind to a corpus's token vectors."""
        if tokens is None:
            raise ModelUnavailable(
                "late interaction needs token vectors, which this embedder does not give; choose another reranker"
            )
        return LateInteractionReranker(tokens, self)


class LateInteractionReranker(Reranker):
    """MaxSim over stored token vectors."""

    independent: ClassVar[bool] = False

    def __init__(self, index: TokenIndex, setting: LateInteraction) -> None:
        self._index = index
        self.setting = setting

    def score(self, request: Request) -> NDArray[np.float32]:
        return self.prefixes(request, [len(request.rows)])[0]

    def prefixes(self, request: Request, counts: Sequence[int]) -> list[NDArray[np.float32]]:
        """The weights of the tokens are those among the first candidates, the best cosines, all the work, are the same."""
        tokens, cosines = request.tokens, np.asarray(request.cosines, dtype=np.float32)
        if tokens is None or not len(tokens.ids):
            return [cosines[:count] for count in counts]
        maxima = self.maxima(tokens, request.rows[: max(counts, default=0)])
        return [self._scores(tokens, maxima[:count], cosines[:count]) for count in counts]

    def _scores(self, tokens: Tokens, maxima: NDArray[np.float32], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        whole = self.setting.whole
        scores = (1 - whole) * (maxima @ self.weights(tokens, maxima)) + whole * cosines
        return np.asarray(scores, dtype=np.float32)

    def maxima(self, tokens: Tokens, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The best cosine of each query token in each candidate, (n, q)."""
        return self._index.maxima(tokens.vectors, rows)

    def weights(self, tokens: Tokens, maxima: NDArray[np.float32]) -> NDArray[np.float32]:
        """The weight of each query token, (q,), summing to one; `maxima` (n, q) are those of the candidates."""
        raw = np.ones(len(tokens.ids), np.float32)
        if self.setting.weighting != "mean":
            raw = self._index.idf(tokens.ids)
        if self.setting.weighting == "idf and spread" and len(maxima):
            raw = np.sqrt(raw * (maxima.std(axis=0) + SPREAD_FLOOR))
        total = float(raw.sum())
        return np.asarray(raw / total if total > 0 else np.full(len(raw), 1 / max(len(raw), 1)), dtype=np.float32)
