"""Engines, which indexes there are, and what they cost."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common.cached.corpora import corpus, latest, record_of, workspace
from retrieval import (
    Corpus,
    Engine,
    Finished,
    IndexCost,
    Memo,
    Pipeline,
    Progress,
    built,
    index_cost,
    index_key,
)


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


def ready(name: str, pipeline: Pipeline) -> bool:
    """Whether the index that a pipeline needs over a corpus is built, so that opening it takes moments."""
    return built(corpus(name), pipeline, workspace())


def in_use(name: str, pipeline: Pipeline) -> bool:
    """Whether searches use an index with a pipeline's settings over the latest documents."""
    record = record_of(name)
    documents = latest(name)[0]
    if record is None:
        return built(documents, pipeline, workspace())
    same = bool(record.settings) and index_key(documents, Pipeline.from_toml(record.settings)) == index_key(documents, pipeline)
    return same and not record.stale and built(documents, pipeline, workspace())


def index_name(name: str, pipeline: Pipeline) -> str:
    """Names the indexes that a pipeline needs over a corpus."""
    return index_key(corpus(name), pipeline)


@st.cache_resource(max_entries=16, show_spinner=False)
def index_costs(key: str, _corpus: Corpus, _pipeline: Pipeline) -> IndexCost:
    """What a built index, named by `index_key`, costs."""
    return index_cost(_corpus, _pipeline, workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def graph_recall(key: str, setting: str, k: int, _measure: Callable[[], float]) -> float:
    """Recall of a graph against exact search, measured once for its indexes and settings."""
    return _measure()
