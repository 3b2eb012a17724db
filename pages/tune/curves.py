"""The curve over all weights, and the numbers beside it."""

from __future__ import annotations

import streamlit as st

from pages.common import state
from pages.common.markup import plain
from pages.tune.live import Live
from pages.tune.sweep_chart import Sweep, sweep
from pages.tune.words import asked
from retrieval import bounds, interval, significance, tuning

AXIS = "weight: 0 = keywords only · 1 = meaning only"
NAMES = tuple(f"{weight:.2f}" for weight in tuning.WEIGHTS)


def curve(live: Live) -> None:
    """Draw it, with what it says about the best weight."""
    found = live.tuned
    classes = tuning.class_means(live.curve.scores, found.classes, found.choosing)
    place = st.container()
    shown = Sweep(
        x=live.curve.weights,
        found=live.overview,
        metric=live.metric,
        axis=AXIS,
        names=NAMES,
        current=live.at,
        reference=float(live.reference[found.choosing].mean()),
        classes=classes,
        lit=_lit({name: count for name, (count, _) in classes.items()}),
    )
    with place:
        st.plotly_chart(sweep(shown), width="stretch", config={"displayModeBar": False}, key="curve")
    st.markdown(sentence(live))


def _lit(counts: dict[str, int]) -> list[str]:
    """The classes that have a line of their own; `counts` are their choosing queries."""
    if len(counts) < 2:
        return []
    if any(name not in counts for name in st.session_state.get(state.CLASS_LINES) or ()):
        del st.session_state[state.CLASS_LINES]
    return st.pills(
        "Lines of classes",
        list(counts),
        selection_mode="multi",
        key=state.CLASS_LINES,
        persist_state="session",
        format_func=lambda name: f"{plain(name) or 'no class'} ({counts[name]:,})",
        help="A thin line for each class that is chosen, with the number of its choosing queries.",
    )


PAYS = {
    "within noise": "**within noise**, so equal-weight RRF is as good a choice",
    "better": "**more than noise**, so tuning pays here",
    "worse": "**worse**: the best weight is luck here, stay with equal-weight RRF",
    "no query differs": "**no query differs**",
}


def sentence(live: Live) -> str:
    """Whether tuning the weight pays, said from queries that had no say in the choice."""
    tested, gain = live.overview.tested, live.overview.tested_gain
    parts = len(live.overview.validated.chosen)
    if parts < 2:
        return "**One query only**: there is no interval, and no other query to test a choice on."
    return (
        f"Chosen on {parts - 1} of {parts} parts of the queries and scored on the other one, the best weight of"
        f" {plain(live.method)} reaches **{interval(tested)}**: {interval(gain, '+')} over equal-weight RRF,"
        f" {PAYS[significance(gain)]}."
    )


def numbers(live: Live) -> None:
    """Draw what stands beside it."""
    found, at = live.overview, live.at
    now, gain, best = found.quality.at(at), found.gain.at(at), found.best
    st.metric(f"{plain(live.metric)} at weight {live.weight:.2f}", f"{now.mean:.3f}", help="The mean over the choosing queries.")
    st.caption(f"{bounds(now)} · {asked(now.queries)}")
    st.metric(
        "Against equal-weight RRF",
        "0" if live.is_reference else f"{gain.mean:+.3f}",
        help="The mean of the differences, query by query, with its 95 % interval. RRF with k 60 is hard to beat.",
    )
    st.caption("This is equal-weight RRF." if live.is_reference else f"{bounds(gain, '+')} **{significance(gain)}**")
    st.metric("Best weight", NAMES[best], help="The largest mean over the choosing queries, who flatter it.")
    st.caption(f"{found.quality.at(best).mean:.3f}, {interval(found.gain.at(best), '+')} over equal-weight RRF")
    if best != at:
        st.button(f"Use {NAMES[best]}", key="use best", icon=":material/input:", on_click=_use, args=(float(NAMES[best]),))
    st.metric(
        "Held-out estimate",
        f"{found.tested.mean:.3f}",
        help="Cross-validation: each part of the queries is scored with the weight that the other parts choose.",
    )
    st.caption(bounds(found.tested))
    if found.held_out is not None:
        held = found.held_out.at(at)
        st.metric(f"On {asked(held.queries)} held out", f"{held.mean:.3f}", help="At this weight. They had no say in any choice.")
        st.caption(bounds(held))


def _use(weight: float) -> None:
    st.session_state[state.WEIGHT] = weight
