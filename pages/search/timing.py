"""What the query cost: the timing bar, the budget, and p50 and p95 over repetitions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import charts, state
from pages.search.pickers import presets
from retrieval import Engine, Latency, Pipeline, Trace, measure_latency

STEPS = {
    "embed": "embed query",
    "dense": "dense search",
    "sparse": "sparse search",
    "fused": "fuse",
    "reranked": "rerank",
    "total": "total",
}


def timing(trace: Trace, pipeline: Pipeline) -> None:
    """Presets, the total against the budget, and the bar on the critical path."""
    left, middle, right = st.columns([2.3, 2.5, 1.2], gap="medium", vertical_alignment="bottom")
    with left:
        presets(pipeline)
    with right:
        help_text = "A step that ends later is red and hatched."
        budget = st.number_input("Budget, ms", 1, 60_000, 50, key=state.BUDGET, bind="query-params", help=help_text)
    with middle:
        st.markdown(headline(trace, budget))
    st.plotly_chart(charts.timing(trace, budget), width="stretch", config={"displayModeBar": False}, key="timing")


def headline(trace: Trace, budget: float) -> str:
    """The total in words, and what breaks the budget."""
    total = trace.total * 1000
    late = [charts.STAGE_LABELS[step] for step, _, start, length in charts.segments(trace) if start + length > budget]
    verdict = (
        f":red[over the budget of {budget} ms from **{late[0]}** on]" if late else f":green[within the budget of {budget} ms]"
    )
    return f"**{total:.1f} ms** on the critical path, {verdict}"


def repetitions(engine: Engine, trace: Trace, pipeline: Pipeline) -> None:
    """p50 and p95 on request."""
    st.caption("Times above are of single runs, measured when a step was last computed. Repeat the query for numbers that hold.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("Repetitions", 5, 500, 30, key=state.REPETITIONS, persist_state="session", width=140)
        asked = st.button("Measure p50 and p95", icon=":material/timer:")
    if asked:
        bar = st.progress(0.0, "Warming up")
        latency = measure_latency(
            engine, trace.query, pipeline, int(count), lambda sentence, share: bar.progress(share, sentence)
        )
        bar.empty()
        st.session_state[state.LATENCY] = (trace.query, pipeline, latency)
    query, measured_with, latency = st.session_state.get(state.LATENCY, (None, None, None))
    if latency is not None and query == trace.query and measured_with == pipeline:
        _table(latency)


def _table(latency: Latency) -> None:
    rows = [{"step": STEPS[step], "p50, ms": value, "p95, ms": latency.p95[step]} for step, value in latency.p50.items()]
    number = st.column_config.NumberColumn(format="%.2f")
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="content", column_config={"p50, ms": number, "p95, ms": number})
    st.caption(f"{latency.repetitions} repetitions after a warm-up of 2. The legs run in parallel; total is the critical path.")
