"""Search: one query, four rankings, side by side, with the time each took."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.common import cached, engines, judging, pipelines, state
from pages.search import columns, details, pickers
from pages.search.cards import Shown
from pages.search.timing import timing
from pages.search.why import why
from retrieval import PlaygroundError


def page() -> None:
    """Draw the page from top to bottom."""
    pipelines.keep_settings("search")
    corpus, query_set, query, judged = pickers.query_row()
    top = st.container()
    if not query.strip():
        pickers.invitation(corpus, query_set)
        return
    places = columns.lay_out()
    with top:
        try:
            pipeline = columns.settings(places)
            opened = engines.open_engine(corpus, pipeline)
            if opened is None:
                return
            engine, finished, pipeline = opened
            trace = engine.search(query, pipeline, finished)
        except PlaygroundError as error:
            st.error(str(error), icon=":material/error:")
            return
        timing(trace, pipeline)
        for note in trace.notes:
            st.info(note, icon=":material/info:")
    grades = pickers.grades_of(query_set, judged.id) if query_set and judged else {}
    passages = pickers.passages_of(query_set, judged.id, engine) if query_set and judged else {}
    grade = partial(pickers.store_grade, query_set.key if query_set else "")
    key = cached.index_name(corpus, pipeline)
    shown = Shown(engine, finished, trace, key, judged, grades, passages, pipeline.results, grade)
    columns.draw(places, shown)
    details.tabs(shown, pipeline)
    chosen = st.session_state.pop(state.WHY, None)
    if chosen in engine.row_of:
        why(engine, trace, chosen, pipeline)


page()
judging.recall_rater()
