"""Tune: find the setting that still wins on queries it was not chosen on."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, choosing, going, pipelines, state
from pages.common.judging import query_set_picker
from pages.tune import guided, movers
from pages.tune.fusion import fusion
from pages.tune.settings import pipeline_popover

FUSION, GUIDED = "Fusion", "Guided tuning"
SECTIONS = {FUSION: fusion, GUIDED: guided.guided}


def page() -> None:
    """Draw the page from top to bottom."""
    section = st.session_state.get(state.TUNE_SECTION) or FUSION
    pipelines.keep_settings(f"tune, {section}")  # a section does not draw all settings, and what is not drawn is lost
    movers.leave()
    corpus_place, set_place, pipeline_place = st.columns([2, 2, 1.2], gap="small", vertical_alignment="bottom")
    with corpus_place:
        corpus = choosing.corpus_picker(help="The documents that are searched.")
    with set_place:
        chosen = query_set_picker(corpus)
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        default=FUSION,
        key=state.TUNE_SECTION,
        bind="query-params",
        required=True,
        label_visibility="collapsed",
        help="Fusion: the whole query set at every weight. Guided tuning: five steps, one thing at a time.",
    )
    with pipeline_place:
        pipeline = pipeline_popover(fusing=section == FUSION)
    if not cached.corpus(corpus).documents:
        st.info("This corpus has no documents yet; add some on the page Corpora.", icon=":material/upload_file:")
    elif chosen is None:
        st.info("There is no query set yet, so there is nothing to tune on.", icon=":material/playlist_add:")
        going.link("judge", "Make one on the page Judge", "gavel", going.address(corpus, judge="Query sets"))
    else:
        SECTIONS[section or FUSION](corpus, chosen, pipeline)


page()
