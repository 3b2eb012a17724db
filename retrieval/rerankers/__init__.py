"""Rerankers: candidates to scores. One file a method; this table feeds the select box, the terminal, the tests and the README."""

from __future__ import annotations

from retrieval.rerankers.base import Request, Reranker, RerankerSetting, blend, z_scores
from retrieval.rerankers.cross_encoder import CrossEncoder
from retrieval.rerankers.late_interaction import LateInteraction, LateInteractionReranker, Weighting
from retrieval.rerankers.none import NoReranker

RERANKERS: dict[str, type[LateInteraction] | type[CrossEncoder] | type[NoReranker]] = {
    "late interaction": LateInteraction,
    "cross-encoder": CrossEncoder,
    "none": NoReranker,
}

__all__ = [
    "RERANKERS",
    "CrossEncoder",
    "LateInteraction",
    "LateInteractionReranker",
    "NoReranker",
    "Request",
    "Reranker",
    "RerankerSetting",
    "Weighting",
    "blend",
    "z_scores",
]
