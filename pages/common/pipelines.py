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
    Sentences,
    SentenceTransformerModel,
    StructureAware,
    kind_of,
)

CHUNKER_KEYS = (state.CHUNKER, state.CHUNK_SIZE, state.CHUNK_OVERLAP, state.OVERLAP_SENTENCES, state.CONTEXT)
INDEX_KEYS = (
    *CHUNKER_KEYS,
    state.EMBEDDER,
    state.MODEL,
    state.QUERY_PROMPT,
    state.DOCUMENT_PROMPT,
    state.LSA_DIMENSIONS,
    state.DENSE,
    state.HNSW_M,
    state.EF_CONSTRUCTION,
    state.LANGUAGE,
    state.STOP_WORDS,
    state.STEMS,
    state.IDENTIFIERS,
)
PRESETS: dict[str, tuple[float, str]] = {
    "Keywords only": (0.0, "none"),
    "Meaning only": (1.0, "none"),
    "Hybrid": (0.5, "none"),
    "Hybrid + rerank": (0.5, "late interaction"),
}


def keep_settings(page: str) -> None:
    """To be called at the top of every page: a widget that is bound to the URL loses its value when another page is opened.

    Writing a value back makes it the session's own. That is done in a page's first run alone: in a later one it would undo what a
    person has done with a slider since that run began.
    """
    if st.session_state.get(state.PAGE) == page:
        return
    st.session_state[state.PAGE] = page
    for key in (state.CORPUS, state.QUERY_SET, state.QUERY, state.BUDGET, *to_state(Pipeline()), *INDEX_KEYS):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


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
        state.CONTEXT: pipeline.chunker.context,
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


def index_state(pipeline: Pipeline) -> dict[str, Any]:
    """The part of `to_state` that decides which index a search needs."""
    values = to_state(pipeline)
    return {key: values[key] for key in INDEX_KEYS if key in values}


def chunker_state(pipeline: Pipeline) -> dict[str, Any]:
    """The part of `to_state` that its chunker decides."""
    values = to_state(pipeline)
    return {key: values[key] for key in CHUNKER_KEYS if key in values}


def _details(pipeline: Pipeline) -> dict[str, Any]:
    """The controls that only one kind of a part has."""
    values: dict[str, Any] = {}
    if isinstance(pipeline.chunker, FixedSize | StructureAware):
        values |= {state.CHUNK_SIZE: pipeline.chunker.size, state.CHUNK_OVERLAP: pipeline.chunker.overlap}
    if isinstance(pipeline.chunker, Sentences):
        values[state.CHUNK_SIZE] = pipeline.chunker.size
        values[state.OVERLAP_SENTENCES] = pipeline.chunker.overlap_sentences
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
