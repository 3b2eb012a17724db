"""What the steps of the guided tuning found, and what rerankers gave candidates, under keys that name all they depend on."""

from __future__ import annotations

from collections.abc import Hashable, MutableMapping

import streamlit as st

from retrieval import Memo, tuning


@st.cache_resource(show_spinner=False)
def _results() -> Memo[list[tuning.steps.StepResult]]:
    return Memo(32)


@st.cache_resource(show_spinner=False)
def _scored() -> Memo[MutableMapping[Hashable, tuning.Scored]]:
    return Memo(4)


def step_result(key: Hashable) -> tuning.steps.StepResult | None:
    """What a step found so far; None where it was not run."""
    found = _results().get(key, list)[0]
    return found[-1] if found else None


def keep_step_result(key: Hashable, result: tuning.steps.StepResult) -> None:
    """Put a newer result of a step in the place of the one before."""
    _results().get(key, list)[0][:] = [result]


def scored(corpus: str) -> MutableMapping[Hashable, tuning.Scored]:
    """What rerankers gave candidates of a corpus, named by its fingerprint; whoever scores more adds to it."""
    return _scored().get(corpus, dict)[0]
