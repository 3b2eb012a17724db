"""The same curve for other methods: RRF with other k, and every normalisation, each of which one click takes over."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.common import pipelines, state
from pages.common.markup import plain
from pages.tune import charts
from pages.tune.live import Live, method_name
from pages.tune.sweep_chart import Sweep, sweep
from retrieval import FUSIONS, RRF, Pipeline, interval, significance, tuning

K_AXIS = "k: 1 = the top ranks decide · 200 = all ranks count alike"


def ks(live: Live) -> None:
    """RRF's k: the metric at the present weight, and beside it where each k has the weight that suits it."""
    with st.spinner("Scoring every k"):
        curves = [live.tuned.curve(fusion, live.metric) for fusion in tuning.RRF_KS]
    scores = np.array([curve.scores[live.at] for curve in curves])
    values = np.array([fusion.k for fusion in tuning.RRF_KS])
    distances = np.abs(np.log(values / RRF().k))
    found = live.tuned.swept(("k", live.at, live.metric), scores, distances, live.metric)
    suited = np.array([live.tuned.overview(fusion, live.metric).quality.means.max() for fusion in tuning.RRF_KS])
    shown = Sweep(
        x=np.arange(len(values), dtype=np.float64),
        found=found,
        metric=live.metric,
        axis=K_AXIS,
        names=[str(value) for value in values],
        current=next((at for at, fusion in enumerate(tuning.RRF_KS) if fusion == live.fusion), None),
        reference=float(live.reference[live.tuned.choosing].mean()),
        other=("each k at its best weight", suited),
        line=f"every k at weight {live.weight:.2f}",
    )
    st.plotly_chart(sweep(shown, 360), width="stretch", config={"displayModeBar": False}, key="ks")
    best = tuning.RRF_KS[found.best]
    said, take = st.columns([4, 1], vertical_alignment="center", gap="medium")
    if best != live.fusion:
        use = partial(_use, best, live.weight)
        take.button(f"Use k {best.k}", key="use k", icon=":material/input:", on_click=use, width="stretch")
    said.markdown(
        f"At weight {live.weight:.2f} the best k is **{best.k}**: {interval(found.quality.at(found.best))}. Chosen on other"
        f" queries it reaches {interval(found.tested)}, {interval(found.tested_gain, '+')} over equal-weight RRF:"
        f" **{significance(found.tested_gain)}**."
    )


def methods(live: Live) -> None:
    """Every method over all weights on one scale."""
    fusions = [live.fusion if type(live.fusion) is kind else kind() for kind in FUSIONS.values()]
    with st.spinner("Scoring every method"):
        found = {method_name(fusion): live.tuned.overview(fusion, live.metric) for fusion in fusions}
    curve = live.curve
    reference = float(live.reference[live.tuned.choosing].mean())
    figure = charts.multiples(curve.weights, found, live.metric, reference, (live.method, live.at))
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="methods")
    st.dataframe(_table(found, curve.weights), hide_index=True, width="stretch", key="methods table")
    st.markdown("Take over a method with its best weight:")
    with st.container(horizontal=True, gap="small"):
        for fusion, own in zip(fusions, found.values(), strict=True):
            weight = float(curve.weights[own.best])
            label = f"{plain(method_name(fusion))} · {weight:.2f}"
            st.button(label, key=f"use {method_name(fusion)}", on_click=partial(_use, fusion, weight))


def _table(found: dict[str, tuning.Overview], weights: NDArray[np.float64]) -> pd.DataFrame:
    rows = [
        {
            "method": name,
            "best weight": f"{weights[own.best]:.2f}",
            "score there": interval(own.quality.at(own.best)),
            "chosen on other queries": interval(own.tested),
            "that over equal-weight RRF": f"{interval(own.tested_gain, '+')} {significance(own.tested_gain)}",
        }
        for name, own in found.items()
    ]
    return pd.DataFrame(rows)


def _use(fusion: Any, weight: float) -> None:
    """Callback: method and weight become the session's."""
    values = pipelines.to_state(Pipeline(fusion=fusion, weight=weight))
    st.session_state.update({key: values[key] for key in (state.FUSION, state.WEIGHT, state.RRF_K) if key in values})
