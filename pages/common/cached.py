"""The only caches of Streamlit in the project. Every one is keyed on fingerprints and names, never on objects."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from retrieval import (
    Collection,
    Corpus,
    Engine,
    Finished,
    JudgmentStore,
    Pipeline,
    Piece,
    Workspace,
    index_key,
    passage,
    read_collection,
)

Progress = Callable[[str, float], None]


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """The disk and the parts in memory, shared by all sessions."""
    return Workspace()


@st.cache_resource(show_spinner=False)
def judgments() -> JudgmentStore:
    """The grades given in this app."""
    return JudgmentStore(workspace().home / "playground.db")


@st.cache_resource(max_entries=6, show_spinner=False)
def collection(name: str) -> Collection:
    """A corpus folder with its queries and judgments."""
    return read_collection(name)


@st.cache_resource(max_entries=6, show_spinner=False)
def corpus(name: str) -> Corpus:
    """The documents of a corpus folder."""
    return Corpus(name, collection(name).documents)


@st.cache_resource(max_entries=8, show_spinner=False)
def _engine(key: str, _corpus: Corpus, _pipeline: Pipeline, _progress: Progress) -> Engine:
    return Engine.open(_corpus, _pipeline, workspace(), _progress)


@st.cache_resource(max_entries=8, show_spinner=False)
def _finished(key: str) -> Finished:
    return Finished()


def engine(name: str, pipeline: Pipeline, progress: Progress) -> tuple[Engine, Finished]:
    """The engine for the pipeline's index settings, with the steps that its earlier searches finished."""
    key = index_key(corpus(name), pipeline)
    return _engine(key, corpus(name), pipeline, progress), _finished(key)


def index_name(name: str, pipeline: Pipeline) -> str:
    """Names the indexes that a pipeline needs over a corpus."""
    return index_key(corpus(name), pipeline)


@st.cache_data(max_entries=64, show_spinner=False)
def graph_recall(key: str, setting: str, k: int, _measure: Callable[[], float]) -> float:
    """Recall of a graph against exact search, measured once for its indexes and settings."""
    return _measure()


@st.cache_data(max_entries=4096, show_spinner=False)
def shown_passage(key: str, chunk_id: str, query: str, width: int, _engine: Engine) -> tuple[Piece, ...]:
    """The passage of a chunk to show for a query."""
    analyser = _engine.pipeline.analyser
    text = _engine.chunk(chunk_id).text
    return passage(text, analyser.tokens(text), frozenset(analyser.terms(query)), width)
