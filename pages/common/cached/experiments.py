"""Saved experiments, and two runs of them held against each other."""

from __future__ import annotations

import streamlit as st

from pages.common.cached.corpora import workspace
from retrieval import Difference, Memo, experiments


@st.cache_resource(show_spinner=False)
def experiment_store() -> experiments.ExperimentStore:
    """The experiments that were saved."""
    return experiments.ExperimentStore(workspace().home)


@st.cache_resource(show_spinner=False)
def _read() -> Memo[experiments.Experiment]:
    return Memo(8)


def experiment(record: experiments.Experiment) -> experiments.Experiment:
    """A listed experiment with the scores of its queries; what is stored never changes but for name and note."""
    return _read().get((record.key, record.name, record.note), lambda: experiment_store().experiment(record.key))[0]


@st.cache_resource(show_spinner=False)
def _against() -> Memo[tuple[experiments.Against, Difference]]:
    return Memo(64)


def held_against(
    a: experiments.Experiment, b: experiments.Experiment, run_a: str, run_b: str, metric: str
) -> tuple[experiments.Against, Difference]:
    """A run of B against one of A by a metric, and the difference. Raises BadInput where they cannot be compared."""

    def compare() -> tuple[experiments.Against, Difference]:
        found = experiments.compare_experiments(a, b, run_a, run_b, metric)
        return found, found.difference

    return _against().get((a.key, a.name, run_a, b.key, b.name, run_b, metric), compare)[0]
