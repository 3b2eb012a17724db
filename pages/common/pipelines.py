"""Pipelines to and from the session: presets, saved files, and the last settings that worked."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.common import state
from retrieval import (
    HNSW,
    LSA,
    RRF,
    CrossEncoder,
    FixedSize,
    LateInteraction,
    Pipeline,
    PlaygroundError,
    SentenceTransformerModel,
    kind_of,
)

PRESETS: dict[str, tuple[float, str]] = {
    "Keywords only": (0.0, "none"),
    "Meaning only": (1.0, "none"),
    "Hybrid": (0.5, "none"),
    "Hybrid + rerank": (0.5, "late interaction"),
}


def preset_of(weight: float, reranker: str) -> str | None:
    """The preset that these settings are, if any."""
    return next((name for name, values in PRESETS.items() if values == (weight, reranker)), None)


def choose_preset() -> None:
    """Callback: put the chosen preset into the session."""
    chosen = st.session_state[state.PRESET]
    if chosen in PRESETS:
        st.session_state[state.WEIGHT], st.session_state[state.RERANKER] = PRESETS[chosen]


def load_file() -> None:
    """Callback: put an uploaded pipeline file into the session; a broken file changes nothing and leaves a sentence."""
    upload = st.session_state.get(state.PIPELINE_FILE)
    if upload is None:
        return
    try:
        pipeline = Pipeline.from_toml(upload.getvalue().decode("utf-8"))
    except (PlaygroundError, UnicodeDecodeError) as error:
        st.session_state[state.FILE_NOTE] = f"The pipeline file {upload.name} was not loaded: {error}"
        return
    st.session_state.update(to_state(pipeline))
    st.session_state[state.FILE_NOTE] = ""


def to_state(pipeline: Pipeline) -> dict[str, Any]:
    """The value of every control that `pipeline` determines, by session key."""
    values: dict[str, Any] = {
        state.CHUNKER: kind_of("chunker", pipeline.chunker),
        state.EMBEDDER: kind_of("embedder", pipeline.embedder),
        state.DENSE: kind_of("dense", pipeline.dense),
        state.BM25: kind_of("bm25", pipeline.bm25),
        state.K1: pipeline.bm25.k1,
        state.B: pipeline.bm25.b,
        state.LANGUAGE: pipeline.analyser.language,
        state.STOP_WORDS: pipeline.analyser.stop_words,
        state.STEMS: pipeline.analyser.stems,
        state.IDENTIFIERS: pipeline.analyser.identifiers,
        state.FUSION: kind_of("fusion", pipeline.fusion),
        state.RERANKER: kind_of("reranker", pipeline.reranker),
        state.WEIGHT: pipeline.weight,
        state.CANDIDATES: pipeline.candidates,
        state.RERANK_COUNT: pipeline.rerank_count,
        state.BLEND: pipeline.blend,
        state.RESULTS: pipeline.results,
    }
    return values | _details(pipeline)


def _details(pipeline: Pipeline) -> dict[str, Any]:
    """The controls that only one kind of a part has."""
    values: dict[str, Any] = {}
    if isinstance(pipeline.chunker, FixedSize):
        values |= {state.CHUNK_SIZE: pipeline.chunker.size, state.CHUNK_OVERLAP: pipeline.chunker.overlap}
    if isinstance(pipeline.embedder, SentenceTransformerModel):
        values[state.MODEL] = pipeline.embedder.model
        values[state.QUERY_PROMPT] = pipeline.embedder.query_prompt or ""
        values[state.DOCUMENT_PROMPT] = pipeline.embedder.document_prompt or ""
    if isinstance(pipeline.embedder, LSA):
        values[state.LSA_DIMENSIONS] = pipeline.embedder.dimensions
    if isinstance(pipeline.dense, HNSW):
        values[state.HNSW_M] = pipeline.dense.m
        values[state.EF_CONSTRUCTION] = pipeline.dense.ef_construction
        values[state.EF_SEARCH] = pipeline.dense.ef_search
    if isinstance(pipeline.fusion, RRF):
        values[state.RRF_K] = pipeline.fusion.k
    if isinstance(pipeline.reranker, CrossEncoder):
        values[state.RERANK_MODEL] = pipeline.reranker.model
    if isinstance(pipeline.reranker, LateInteraction):
        values[state.WEIGHTING] = pipeline.reranker.weighting
        values[state.WHOLE] = pipeline.reranker.whole
    return values
