"""Experiments: what was measured and kept, opened again, and one held against another."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import cached, going, pipelines, state
from pages.experiments.against import against
from pages.experiments.listing import saved
from retrieval import experiments

EVERY = "All corpora"
SECTIONS = {"Saved": saved, "A against B": against}


def page() -> None:
    """Draw the page from top to bottom."""
    pipelines.keep_settings("experiments")
    every = cached.experiment_store().records()
    if not every:
        _empty()
        return
    section_place, corpus_place = st.columns([3, 2], gap="small", vertical_alignment="bottom")
    with corpus_place:
        shown = _of_corpus(every)
    with section_place:
        section = st.segmented_control(
            "Section",
            list(SECTIONS),
            default="Saved",
            key=state.EXPERIMENTS_SECTION,
            bind="query-params",
            persist_state="session",
            label_visibility="collapsed",
        )
    SECTIONS[section or "Saved"](shown)


def _of_corpus(every: Sequence[experiments.Experiment]) -> list[experiments.Experiment]:
    """The experiments on the corpus that is chosen, or all."""
    names = {record.corpus: record.corpus_name for record in reversed(every)}
    if st.session_state.get(state.EXPERIMENTS_OF) not in (None, "", *names):
        del st.session_state[state.EXPERIMENTS_OF]
    chosen = st.selectbox(
        "Corpus",
        ["", *names],
        key=state.EXPERIMENTS_OF,
        persist_state="session",
        format_func=lambda key: names.get(key, EVERY),
        help="Shows the experiments on one corpus only: scores on two corpora say nothing about each other.",
    )
    return [record for record in every if not chosen or record.corpus == chosen]


def _empty() -> None:
    """What experiments are for, and the way to make one."""
    st.info(
        "Nothing is kept yet. Evaluate a pipeline on a query set and keep the result under a name: then it can be compared with"
        " every later one, query by query, and run again.",
        icon=":material/science:",
    )
    going.link("evaluate", "Evaluate something, then choose **Keep**", "monitoring", {})


page()
