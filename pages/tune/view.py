"""Tune: find the setting that still wins on queries it was not chosen on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common import cached, choosing, going, pipelines, stages, state
from pages.common.judging import queries_of, query_set_picker
from pages.tune import guided
from pages.tune.fusion import fusion
from retrieval import Pipeline, Query, judging

Section = Callable[[str, judging.QuerySet, tuple[Query, ...], Pipeline], None]

FUSION, GUIDED = "Fusion", "Guided tuning"
SECTIONS: dict[str, Section] = {FUSION: fusion, GUIDED: guided.guided}


def page() -> None:
    """Draw the page from top to bottom."""
    section = st.session_state.get(state.TUNE_SECTION) or FUSION
    pipelines.keep_settings(f"tune, {section}")  # a section does not draw all settings, and what is not drawn is lost
    going.leave()
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
    with pipeline_place, st.popover("Pipeline", icon=":material/account_tree:", width="stretch"):
        pipeline = stages.in_tabs(fusing=section == FUSION)
    if not cached.corpus(corpus).documents:
        st.info("This corpus has no documents yet; add some on the page Corpora.", icon=":material/upload_file:")
    elif chosen is None:
        st.info("There is no query set yet, so there is nothing to tune on.", icon=":material/playlist_add:")
        going.link("judge", "Make one on the page Judge", "gavel", going.address(corpus, judge="Query sets"))
    else:
        _tuned(corpus, chosen, pipeline, SECTIONS[section or FUSION])


def _tuned(corpus: str, query_set: judging.QuerySet, pipeline: Pipeline, draw: Section) -> None:
    """A section on the judged queries of a set, where there are any that may choose."""
    judged = cached.counted_by_query(query_set.key)
    queries = tuple(query for query in queries_of(query_set) if query.id in judged)
    if not queries:
        st.info(
            "No query of this set is judged yet, so nothing can be tuned; judge some documents first.", icon=":material/gavel:"
        )
        going.link("judge", "Judge them", "gavel", going.address(corpus, query_set))
    elif all(query.held_out for query in queries):
        st.info("Every judged query is held out, so none is left to tune on; judge some that are not.", icon=":material/lock:")
        going.link("judge", "Judge others", "gavel", going.address(corpus, query_set))
    else:
        draw(corpus, query_set, queries, pipeline)


page()
