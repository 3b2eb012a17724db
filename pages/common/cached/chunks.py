"""Chunks of documents and of a corpus's sample under any chunker."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.common.cached.corpora import sample
from retrieval import (
    Chunk,
    Corpus,
    Document,
    Memo,
    Pipeline,
    Survey,
    lengths,
    split,
    survey,
)


@st.cache_resource(show_spinner=False)
def _chunks() -> Memo[tuple[tuple[Chunk, ...], NDArray[np.int64]]]:
    return Memo(64)


def chunked(document: Document, pipeline: Pipeline) -> tuple[tuple[Chunk, ...], NDArray[np.int64]]:
    """The chunks of a document under a pipeline's chunker and embedder, and their tokens (n,)."""

    def compute() -> tuple[tuple[Chunk, ...], NDArray[np.int64]]:
        tokenizer = pipeline.embedder.tokenizer()
        chunks = split(document, pipeline.chunker, tokenizer)
        return chunks, lengths(chunks, tokenizer)

    key = (document.id, document.fingerprint, pipeline.fingerprint("chunker", "embedder"))
    return _chunks().get(key, compute)[0]


@st.cache_resource(show_spinner=False)
def _surveys() -> Memo[Survey]:
    return Memo(64)


def surveyed(corpus: Corpus, pipeline: Pipeline, progress: Callable[[float], None]) -> Survey:
    """What a pipeline's chunker makes of a corpus's sample."""

    def compute() -> Survey:
        return survey(sample(corpus.fingerprint, corpus)[0], pipeline.chunker, pipeline.embedder.tokenizer(), progress)

    return _surveys().get((corpus.fingerprint, pipeline.fingerprint("chunker", "embedder")), compute)[0]
