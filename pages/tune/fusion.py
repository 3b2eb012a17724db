"""The section Fusion: as the weight moves, the quality of the query set, of every class and of every query moves with it."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, going, state
from pages.common.markup import plain
from pages.tune import classes, curves, depth, found_by, grid, methods, movers
from pages.tune.live import Live
from pages.tune.searching import Tuned, first_stage, tuned
from pages.tune.words import asked
from retrieval import BadSetting, Pipeline, Query, judging, measure_of

METRICS = ("nDCG@10", "nDCG@5", "R@10", "R@50", "P@5", "AP@100", "RR@10", "Success@1", "Success@5", "RBP@10", "Judged@10")
MOVERS = "Queries that move"
BENEATH = {
    MOVERS: movers.movers,
    "RRF's k": methods.ks,
    "All methods": methods.methods,
    "Classes": classes.classes,
    "Depth": depth.depth,
    "k1 × b": grid.grid,
    "Found by": found_by.found_by,
}


def fusion(corpus: str, query_set: judging.QuerySet, queries: tuple[Query, ...], pipeline: Pipeline) -> None:
    """Draw it; method and weight of the `pipeline` are those of the controls here."""
    found = tuned(corpus, query_set, first_stage(pipeline), queries)
    if found is not None:
        _live(found)


@st.fragment
def _live(found: Tuned) -> None:
    """All that follows the controls; a fragment, so that moving one does not draw the rest of the page anew."""
    going.leave()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        metric = _metric()
        method = controls.fusion()
    _facts(found)
    chart, numbers = st.columns([3.1, 1], gap="medium")
    with chart:
        live = Live(found, metric, method, controls.weight())
        curves.curve(live)
    with numbers:
        curves.numbers(live)
    part = st.segmented_control(
        "Beneath",
        list(BENEATH),
        default=MOVERS,
        key=state.BENEATH,
        bind="query-params",
        persist_state="session",
        required=True,
        label_visibility="collapsed",
        help="What stands beneath the curve; only what is open is computed.",
    )
    BENEATH[part or MOVERS](live)


def _metric() -> str:
    """A metric that can be computed for every weight at once; the first one, with a sentence, where the name is no such."""
    name = st.selectbox(
        "Metric",
        METRICS,
        key=state.TUNED_BY,
        bind="query-params",
        persist_state="session",
        accept_new_options=True,
        help="What is tuned by; any cutoff can be typed, as in nDCG@20.",
    )
    try:
        if measure_of(name) is not None:
            return str(name)
        sentence = f"{name} takes too long to compute for every weight"
    except BadSetting as error:
        sentence = str(error)
    st.warning(f"{plain(sentence[0].upper() + sentence[1:])}; meanwhile the metric is {METRICS[0]}.", icon=":material/warning:")
    return METRICS[0]


def _facts(found: Tuned) -> None:
    """What the curve rests on."""
    choosing = int(found.choosing.sum())
    facts = [f"**{asked(choosing)}** choose"]
    if held := len(found.queries) - choosing:
        facts.append(f"**{held:,} held out**: they have no say, and their score stands beside")
    facts += [f"{found.pipeline.candidates:,} candidates of each retriever", f"scored on {found.level}"]
    st.caption(" · ".join(facts))
    if found.notes:
        st.info("  \n".join(map(plain, found.notes)), icon=":material/info:")
