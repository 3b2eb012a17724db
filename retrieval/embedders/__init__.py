"""Embedders: texts to unit vectors. One file a provider; the table feeds select box, terminal, tests and README."""

from __future__ import annotations

from retrieval.embedders.base import Batch, Embedder, EmbedderSetting, Role, encode
from retrieval.embedders.lsa import LSA
from retrieval.embedders.sentence_transformer import SentenceTransformerModel
from retrieval.embedders.tokenizers import ModelTokenizer, WordTokenizer, word_tokenizer

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
    "ModelTokenizer",
    "Role",
    "SentenceTransformerModel",
    "WordTokenizer",
    "encode",
    "word_tokenizer",
]
