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
    Memo,
    Pipeline,
    Workspace,
    index_key,
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
    """A known corpus with its queries and judgments."""
    return read_collection(name)


@st.cache_resource(max_entries=6, show_spinner=False)
def corpus(name: str) -> Corpus:
    """The documents of a corpus folder."""
    return Corpus(name, collection(name).documents)


@st.cache_resource(show_spinner=False)
def _engines() -> Memo[tuple[Engine, Finished]]:
    """A memo and not a cached function, because opening draws a progress bar, which a cache would try to replay."""
    return Memo(8)


def engine(name: str, pipeline: Pipeline, progress: Progress) -> tuple[Engine, Finished]:
    """The engine for the pipeline's index settings, with the steps that its earlier searches finished."""

    def open_engine() -> tuple[Engine, Finished]:
        return Engine.open(corpus(name), pipeline, workspace(), progress), Finished()

    opened, _ = _engines().get(index_key(corpus(name), pipeline), open_engine)
    return opened


def index_name(name: str, pipeline: Pipeline) -> str:
    """Names the indexes that a pipeline needs over a corpus."""
    return index_key(corpus(name), pipeline)


@st.cache_data(max_entries=64, show_spinner=False)
def graph_recall(key: str, setting: str, k: int, _measure: Callable[[], float]) -> float:
    """Recall of a graph against exact search, measured once for its indexes and settings."""
    return _measure()
