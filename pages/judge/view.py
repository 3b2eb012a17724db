"""Judge: what is relevant, said by people, document by document, without telling them where it ranked."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, choosing, judging, pipelines, state
from pages.judge.agreeing import agreeing
from pages.judge.card import judge
from pages.judge.files import files
from pages.judge.listing import listing
from pages.judge.pools import pool_popover
from pages.judge.sets import query_sets

SECTIONS = {"Judge": judge, "List": listing, "Agreement": agreeing, "Query sets": query_sets, "Files": files}


def page() -> None:
    """Draw the page from top to bottom."""
    pipelines.keep_settings("judge")
    corpus_place, set_place, rater_place, pool_place = st.columns([2, 2, 1.4, 1.2], gap="small", vertical_alignment="bottom")
    with corpus_place:
        corpus = choosing.corpus_picker(help="The documents to judge.")
    with set_place:
        chosen = judging.query_set_picker(corpus)
    with rater_place:
        judging.rater_field()
    with pool_place:
        pooling = pool_popover(corpus)
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        default="Judge",
        key=state.JUDGE_SECTION,
        bind="query-params",
        label_visibility="collapsed",
    )
    if not cached.corpus(corpus).documents:
        st.info("This corpus has no documents yet; add some on the page Corpora.", icon=":material/upload_file:")
        return
    SECTIONS[section or "Judge"](corpus, chosen, pooling)


page()
