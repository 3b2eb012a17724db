"""What the steps of the guided tuning found, under keys that name all they depend on."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from retrieval import Memo, tuning


@st.cache_resource(show_spinner=False)
def _results() -> Memo[list[tuning.steps.StepResult]]:
    return Memo(32)


def step_result(key: Hashable) -> tuning.steps.StepResult | None:
    """What a step found so far; None where it was not run."""
    found = _results().get(key, list)[0]
    return found[-1] if found else None


def keep_step_result(key: Hashable, result: tuning.steps.StepResult) -> None:
    """Put a newer result of a step in the place of the one before."""
    _results().get(key, list)[0][:] = [result]
