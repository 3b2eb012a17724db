"""What each class of query would choose for itself, and what a router by class would gain over one weight for all."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import cached
from pages.common.markup import plain
from pages.tune.live import Live
from retrieval import Difference, comparing, differences, interval, significance, tuning

FEW = 10
GREY = "color: rgba(128,134,148,0.9)"
SINGLE, ROUTED = "one weight", "a weight for each class"


def classes(live: Live) -> None:
    """Draw it."""
    if len(set(live.tuned.classes)) < 2:
        st.info("The queries are all of one class; give them classes on the page Judge, in the section Query sets.")
        return
    routed, gain = _routed(live)
    st.markdown(_sentence(live, routed, gain))
    rows = _rows(live, routed)
    few = rows["queries"] < FEW
    styled = rows.style.apply(lambda row: [GREY if few[row.name] else ""] * len(row), axis=1)
    st.dataframe(styled, hide_index=True, width="stretch", key="class table")
    st.caption(
        f"A gain here is flattered, since each class is scored on the queries that chose. Classes with fewer than {FEW} choosing"
        " queries do not choose for themselves."
    )


def _routed(live: Live) -> tuple[tuning.Routing, Difference]:
    found, curve = live.tuned, live.curve

    def compute() -> tuple[tuning.Routing, Difference]:
        routed = tuning.routing(curve.scores, curve.distances, found.folds, found.classes, found.choosing, FEW)
        both = {SINGLE: routed.single_scores[found.choosing], ROUTED: routed.routed_scores[found.choosing]}
        return routed, differences(both, SINGLE)[ROUTED]

    made: tuple[tuning.Routing, Difference] = cached.sweep((found.key, "routing", live.fusion, live.metric), compute)
    return made


def _sentence(live: Live, routed: tuning.Routing, gain: Difference) -> str:
    said = f"A router that gives every class its own weight would change {plain(live.metric)} by **{interval(gain, '+')}**"
    word = significance(gain)
    so = {
        "within noise": "**within noise**: one weight is enough",
        "better": "**better**: a router by class pays here",
        "worse": "**worse**: the classes are too small to choose for themselves",
    }.get(word, f"**{word}**")
    weight = live.curve.weights[routed.single]
    text = f"{said} against one weight for all ({weight:.2f}), chosen on other queries than it is scored on: {so}."
    if not live.tuned.choosing.all():
        held = ~live.tuned.choosing
        one, own = routed.single_scores[held].mean(), routed.routed_scores[held].mean()
        text += f" On the held-out queries: {own:.3f} with the router, {one:.3f} without."
    return text


def _rows(live: Live, routed: tuning.Routing) -> pd.DataFrame:
    """A row a class, the largest first."""
    weights = live.curve.weights
    rows = []
    for name, (count, means) in tuning.class_means(live.curve.scores, live.tuned.classes, live.tuned.choosing).items():
        own, one = routed.choices.get(name), means[routed.single]
        chosen = ("too few", "–", "–")
        if own is not None:
            chosen = (f"{weights[own]:.2f}", f"{means[own]:.3f}", f"{means[own] - one:+.3f}")
        rows.append((name or comparing.NO_CLASS, count, chosen[0], chosen[1], f"{one:.3f}", chosen[2]))
    return pd.DataFrame(rows, columns=["class", "queries", "own weight", "with it", "with one weight for all", "gain"])
