"""Evaluate: how good it is, how sure that is, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.common import cached, choosing, going, pipelines, state
from pages.common.judging import query_set_picker
from pages.evaluate import classes, files, keeping, queries, timing
from pages.evaluate.compared import compared_row
from pages.evaluate.measuring import Measured, measured
from pages.evaluate.options import asked, options_popover
from pages.evaluate.others import others_popover
from pages.evaluate.quality import quality
from pages.evaluate.searching import pieces, searched
from pages.evaluate.settings import in_words, pipeline_popover
from retrieval import Pipeline, Query, judging

TABS = {
    "Classes": classes.classes,
    "Queries": queries.queries,
    "Time": timing.timing,
    "Files": files.files,
    "Keep": keeping.keeping,
}


def page() -> None:
    """Draw the page from top to bottom."""
    pipelines.keep_settings("evaluate")
    going.leave()
    corpus_place, set_place, *places = st.columns([2, 2, 1.1, 1.1, 1.1], gap="small", vertical_alignment="bottom")
    with corpus_place:
        corpus = choosing.corpus_picker(help="The documents that are searched.")
    with set_place:
        chosen = query_set_picker(corpus)
    with places[0]:
        pipeline = pipeline_popover()
    if not cached.corpus(corpus).documents:
        st.info("This corpus has no documents yet; add some on the page Corpora.", icon=":material/upload_file:")
    elif chosen is None:
        st.info("There is no query set yet, so there is nothing to evaluate on.", icon=":material/playlist_add:")
        going.link("judge", "Make one on the page Judge", "gavel", going.address(corpus, judge="Query sets"))
    else:
        _evaluated(corpus, chosen, pipeline, places)


def _evaluated(corpus: str, query_set: judging.QuerySet, pipeline: Pipeline, places: Sequence[DeltaGenerator]) -> None:
    """Everything for a query set."""
    every = cached.query_sets().queries(query_set.key)
    with places[1]:
        others = others_popover(corpus, query_set)
    with places[2]:
        options = options_popover(every)
    compared = compared_row(others)
    wanted = asked(every, cached.counted_by_query(query_set.key), options)
    if not wanted:
        _nothing_judged(corpus, query_set, every)
    elif not compared.names:
        st.info("Nothing is chosen to be compared; choose a stage, a saved pipeline or a run above.", icon=":material/rule:")
    elif not compared.metrics:
        st.info("There is no metric to compare by; choose one above, such as nDCG@10.", icon=":material/rule:")
    else:
        ready = searched(query_set, pieces(corpus, compared, pipeline, wanted, options.repetitions))
        found = measured(corpus, query_set, every, wanted, compared, options, ready)
        if found is not None:
            _tabs(found, quality(found, in_words(pipeline) if compared.stages else ""))


def _nothing_judged(corpus: str, query_set: judging.QuerySet, every: Sequence[Query]) -> None:
    """What to do where there is no judged query."""
    if any(query.id in cached.counted_by_query(query_set.key) for query in every):
        st.info("The options leave no judged query; choose other queries under Options.", icon=":material/filter_list_off:")
        return
    st.info("No query of this set is judged yet, so nothing can be scored; judge some documents first.", icon=":material/gavel:")
    going.link("judge", "Judge them", "gavel", going.address(corpus, query_set))


def _tabs(found: Measured, metric: str) -> None:
    """What lies beneath; only the tab that is open is drawn."""
    tabs = st.tabs(list(TABS), key=state.EVALUATED, on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw(found, metric)


page()
