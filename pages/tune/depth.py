"""How many results of each retriever fusion needs: 10 to 200, from one search with the largest number."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from pages.common import cached, state
from pages.tune.live import Live
from pages.tune.searching import Tuned, first_stage, tuned
from pages.tune.sweep_chart import Sweep, sweep
from retrieval import Pipeline, interval, tuning

DEEPEST = max(tuning.DEPTHS)
AXIS = "candidates of each retriever: 10 = quick · 200 = nothing is missed"


def depth(live: Live) -> None:
    """Draw it; where the candidates are fewer than the deepest, all queries are searched once more."""
    found = live.tuned
    if found.pipeline.candidates < DEEPEST:
        pipeline = first_stage(found.pipeline, DEEPEST)
        deeper = tuned(found.corpus, found.query_set, pipeline, found.queries, "depths")
        if deeper is None:
            return
        found = deeper
    with st.spinner("Scoring every depth"):
        sweep = partial(tuning.depth_curves, found.candidates, live.fusion, live.metric)
        by_depth: dict[int, tuning.Curve] = cached.sweep((found.key, "depths", live.fusion, live.metric), sweep)
    _drawn(live, found, by_depth)


def _drawn(live: Live, found: Tuned, by_depth: dict[int, tuning.Curve]) -> None:
    depths = np.array(list(by_depth), np.float64)
    scores = np.array([curve.scores[live.at] for curve in by_depth.values()])
    distances = np.abs(np.log(depths / Pipeline().candidates))
    swept = found.swept(("depth", live.fusion, live.at, live.metric), scores, distances, live.metric)
    suited = np.array([curve.scores[:, found.choosing].mean(axis=1).max() for curve in by_depth.values()])
    present = live.tuned.pipeline.candidates
    shown = Sweep(
        x=np.arange(len(depths), dtype=np.float64),
        found=swept,
        metric=live.metric,
        axis=AXIS,
        names=[str(depth) for depth in by_depth],
        current=next((at for at, depth in enumerate(by_depth) if depth == present), None),
        other=("each depth at its best weight", suited),
        line=f"{live.method} at weight {live.weight:.2f}",
    )
    st.plotly_chart(sweep(shown, 360), width="stretch", config={"displayModeBar": False}, key="depths")
    best = list(by_depth)[swept.best]
    level = partial(tuning.smallest_within_noise, scores[:, found.choosing], list(by_depth))
    enough = list(by_depth)[cached.sweep((found.key, "enough", live.fusion, live.at, live.metric), level)]
    said, take = st.columns([4, 1], vertical_alignment="center", gap="medium")
    if best != present:
        label = f"Use {best} candidates"
        if take.button(label, key="use depth", icon=":material/input:", on_click=_use, args=(best,), width="stretch"):
            st.rerun()  # the control stands outside this fragment
    said.markdown(
        f"The best depth is **{best}**: {interval(swept.quality.at(swept.best))}; chosen on other queries,"
        f" {interval(swept.tested)}. The smallest that is within noise of the best is **{enough}**."
    )


def _use(candidates: int) -> None:
    st.session_state[state.CANDIDATES] = candidates
