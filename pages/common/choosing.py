"""Which corpus: the picker that every page has, and the settings of its index in the session."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common import cached, pipelines, state
from retrieval import Pipeline, PlaygroundError, known


def corpus_picker(on_change: Callable[[], None] | None = None, help: str = "") -> str:
    """The select box over all corpora, bound to the URL; returns the key of the chosen one and takes on its index settings."""
    found = {item.key: item for item in known(cached.store())}
    if st.session_state.get(state.CORPUS) not in (None, *found):
        del st.session_state[state.CORPUS]
    key = st.selectbox(
        "Corpus",
        list(found),
        key=state.CORPUS,
        bind="query-params",
        format_func=lambda key: found[key].name,  # what the URL carries
        on_change=on_change,
        help=help or None,
    )
    take_settings(key)
    return str(key)


def take_settings(key: str) -> None:
    """Put the settings of a stored corpus's index into the session when the corpus is first shown, unless the URL has its own."""
    if st.session_state.get(state.SETTINGS_OF) == key:
        return
    first = state.SETTINGS_OF not in st.session_state
    st.session_state[state.SETTINGS_OF] = key
    record = cached.record_of(key)
    if record is None or not record.settings or (first and set(pipelines.INDEX_KEYS) & set(st.query_params)):
        return
    try:
        st.session_state.update(pipelines.index_state(Pipeline.from_toml(record.settings)))
    except PlaygroundError as error:
        st.warning(f"The settings of this corpus's index cannot be read: {error}", icon=":material/warning:")
