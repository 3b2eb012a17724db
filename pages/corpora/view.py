"""Corpora: bring documents in, decide the unit of retrieval, build the index, and see what it costs."""

from __future__ import annotations

import streamlit as st

from pages.common import pipelines, state
from pages.corpora import adding, documents, heading, indexing, preview

SECTIONS = {
    "Add documents": adding.adding,
    "Documents": documents.documents,
    "Chunks": preview.preview,
    "Index": indexing.indexing,
}


def page() -> None:
    """Draw the page from top to bottom: which corpus, how it stands, and the chosen section."""
    pipelines.keep_settings("corpora")
    key = heading.heading()
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        key=state.SECTION,
        bind="query-params",
        default="Documents",
        required=True,
        label_visibility="collapsed",
    )
    SECTIONS[section or "Documents"](key)


page()
