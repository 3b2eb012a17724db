"""No reranking: the fused ranking is the result."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.rerankers.tokens import TokenIndex


@dataclass(frozen=True, slots=True)
class NoReranker:
    """The fused order stays."""

    def load(self, tokens: TokenIndex | None) -> None:
        """Nothing to load."""
        return None
