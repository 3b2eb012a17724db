"""What sweeps work on and what they found, under keys that name all that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from typing import Any

import streamlit as st

from retrieval import Memo, tuning


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
def _cells() -> Memo[MutableMapping[Any, tuning.Cell]]:
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


def cells(key: Hashable) -> MutableMapping[Any, tuning.Cell]:
    """The finished pieces of a grid, which whoever works on it adds to."""
    return _cells().get(key, dict)[0]
