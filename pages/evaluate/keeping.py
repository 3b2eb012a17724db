"""The tab Keep: the comparison as an experiment, to be found again and held against later ones."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, going, state
from pages.common.markup import plain, sentence
from pages.evaluate.measuring import Measured
from retrieval import PlaygroundError, comparing


def keeping(found: Measured, metric: str) -> None:
    """Draw it."""
    with st.form("keep experiment", border=False, width=640):
        st.text_input(
            "Name",
            key=state.KEPT_NAME,
            max_chars=100,
            placeholder="Hybrid against keywords",
            help="What it is called on the page Experiments.",
        )
        st.text_area(
            "Note",
            key=state.KEPT_AS_NOTE,
            max_chars=2_000,
            placeholder="What was tried, and why",
            help="Stands beside the name; it can be changed later.",
        )
        st.form_submit_button(
            "Save as experiment", type="primary", icon=":material/bookmark_add:", on_click=_save, args=(found, metric)
        )
    if done := st.session_state.pop(state.KEPT_DONE, None):
        st.success(plain(done), icon=":material/check_circle:")
        going.link("experiments", "Compare it with others on the page Experiments", "science", {})
    if fault := st.session_state.pop(state.KEPT_FAULT, None):
        st.error(sentence(fault), icon=":material/error:")
    st.caption("Kept are the pipelines, the scores of every query, the times, and the versions of corpus and judgments.")


def _save(found: Measured, metric: str) -> None:
    """Callback of the form."""
    options = found.options
    settings = {
        "metric": metric,
        "repetitions": options.repetitions,
        "budget_ms": options.budget,
        "queries": options.portion,
        "passages": options.passages,
    }
    name, note = str(st.session_state[state.KEPT_NAME]), str(st.session_state[state.KEPT_AS_NOTE])
    corpus = cached.corpus(found.corpus)
    made = comparing.experiment(found.comparison, name, note, corpus, found.query_set, found.judgments, settings)
    try:
        kept = cached.experiment_store().save(made)
    except PlaygroundError as error:
        st.session_state[state.KEPT_FAULT] = str(error)
        return
    st.session_state[state.KEPT_DONE] = f"{kept.name} is kept."
