"""What sweeps work on and what they found, under keys that name all that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from typing import Any

import streamlit as st

from pages.common.cached.corpora import workspace
from retrieval import Engine, Memo, Pipeline, tuning


@st.cache_resource(show_spinner=False)
def _candidates() -> Memo[tuning.Candidates]:
    return Memo(4)


@st.cache_resource(show_spinner=False)
def _curves() -> Memo[tuning.Curve]:
    return Memo(24)


@st.cache_resource(show_spinner=False)
def _sweeps() -> Memo[Any]:
    return Memo(64)


@st.cache_resource(show_spinner=False)
def _cells() -> Memo[MutableMapping[str, tuning.Cell]]:
    return Memo(16)


def candidates(key: Hashable, compute: Callable[[], tuning.Candidates]) -> tuning.Candidates:
    """What both retrievers found for every query."""
    return _candidates().get(key, compute)[0]


def curve(key: Hashable, compute: Callable[[], tuning.Curve]) -> tuning.Curve:
    """The score of every query under every weight."""
    return _curves().get(key, compute)[0]


def sweep(key: Hashable, compute: Callable[[], Any]) -> Any:
    """What a page made of scores: intervals, choices, depths."""
    return _sweeps().get(key, compute)[0]


def cells(engine: Engine, pipeline: Pipeline, metric: str, scored_by: str) -> MutableMapping[str, tuning.Cell]:
    """The finished cells of a grid for a pipeline, which whoever works on it adds to; they are kept on disk."""
    lineage, key = engine.corpus.lineage, tuning.cells_key(engine, pipeline, metric, scored_by)
    return _cells().get((lineage, key), lambda: tuning.kept_cells(workspace().home, lineage, key, pipeline.bm25))[0]
