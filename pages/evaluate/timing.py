"""The tab Time: where the milliseconds go, against the budget."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.common import state
from pages.common.markup import counted, plain
from pages.evaluate import charts
from pages.evaluate.measuring import Measured
from pages.evaluate.searching import measure_again
from retrieval import Traces, tracing

PERCENTS = {"p95": 95, "p50": 50}
STEPS = {"dense": "dense, with query embedding", "sparse": "sparse", "fused": "fuse", "reranked": "rerank"}


def timing(found: Measured, metric: str) -> None:
    """Draw it."""
    traces = {name: one for name, one in found.traces.items() if one.queries}
    if not traces:
        st.info("Runs of other systems bring no times; compare a stage or a saved pipeline to see some.", icon=":material/timer:")
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        name = st.segmented_control(
            "Percentile",
            list(PERCENTS),
            default="p95",
            key=state.PERCENTILE,
            persist_state="session",
            required=True,
            label_visibility="collapsed",
            help="p95: all but one query in twenty are faster. p50: half of the queries are.",
        )
        if st.button("Measure again", key="measure again", icon=":material/timer:", help="Searches every query anew, timed."):
            measure_again(found.query_set, found.pieces)
    percent = PERCENTS[name or "p95"]
    bars = {name: (one.critical(percent), tracing.milliseconds(one.totals, percent)) for name, one in traces.items()}
    figure = charts.times(bars, found.options.budget)
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="times")
    st.dataframe(_table(traces), hide_index=True, width="stretch", key="steps")
    for name, one in traces.items():
        st.caption(_when(name, one))


def _table(traces: Mapping[str, Traces]) -> pd.DataFrame:
    """A row a pipeline, p50 and p95 of each step and of the whole query."""
    rows = []
    for name, one in traces.items():
        steps = {label: _both(one.stage_seconds(stage)) for stage, label in STEPS.items()}
        rows.append({"p50 / p95, ms": name, **steps, "whole query": _both(one.totals)})
    return pd.DataFrame(rows)


def _both(seconds: NDArray[np.float64]) -> str:
    return f"{tracing.milliseconds(seconds, 50):.1f} / {tracing.milliseconds(seconds, 95):.1f}"


def _when(name: str, traces: Traces) -> str:
    """On what the times of a pipeline rest."""
    queries = f"{len(traces.queries):,} {'query' if len(traces.queries) == 1 else 'queries'}"
    how = f"**{plain(name)}**: {counted(traces.repetitions, 'repetition')} of {queries}, one by one, after a warm-up"
    if traces.measured is None:
        return f"{how}."
    first, last = (moment.strftime("%Y-%m-%d %H:%M") for moment in traces.measured)
    return f"{how}; measured {first if first == last else f'{first} to {last}'} UTC."
