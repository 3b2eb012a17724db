"""Embedders: texts to unit vectors. One file a provider; this table feeds the select box, the terminal, the tests and the README."""

from __future__ import annotations

from retrieval.embedders.base import Batch, Embedder, EmbedderSetting, Role, encode
from retrieval.embedders.lsa import LSA
from retrieval.embedders.sentence_transformer import SentenceTransformerModel

EMBEDDERS: dict[str, type[SentenceTransformerModel] | type[LSA]] = {
    "sentence-transformers": SentenceTransformerModel,
    "LSA": LSA,
}

__all__ = [
    "EMBEDDERS",
    "LSA",
    "Batch",
    "Embedder",
    "EmbedderSetting",
    "Role",
    "SentenceTransformerModel",
    "encode",
]
