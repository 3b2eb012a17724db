"""BM25's k1 and b over a grid, the sparse ranking alone and fused; pieces show as they come."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.common import cached, running, state
from pages.common.markup import plain
from pages.tune import charts
from pages.tune.live import Live, method_name
from pages.tune.words import asked
from retrieval import RRF, Pipeline, interval, significance, tuning

PAIRS = len(tuning.K1S) * len(tuning.BS)


def grid(live: Live) -> None:
    """Draw it: for the present method and weight where that is there, else the last one, and the way to make it."""
    job = f"grid of {live.tuned.query_set.key}"
    last = cached.jobs().status(job)
    if last is not None and last.alive:
        running.watch(job)
        _growing(live)
        return
    shown = _shown(live)
    if shown is None or len(_cells(live, live.pipeline)) < PAIRS:
        _offer(live, job, shown)
    if shown is not None:
        _drawn(live, shown)


def _cells(live: Live, pipeline: Pipeline) -> MutableMapping[str, tuning.Cell]:
    """What is finished of the grid for a pipeline; its own k1 and b do not matter."""
    return cached.cells(live.tuned.engine, pipeline, live.metric, " ".join(map(str, live.tuned.scored_by)))


def _shown(live: Live) -> Pipeline | None:
    """The pipeline whose grid is drawn: as it is now, or as it was when this session last made one."""
    last = st.session_state.get(state.GRID_OF)
    of_both = [live.pipeline, *([live.pipeline.with_(fusion=last.fusion, weight=last.weight)] if last else [])]
    return next((pipeline for pipeline in of_both if len(_cells(live, pipeline)) == PAIRS), None)


def _offer(live: Live, job: str, shown: Pipeline | None) -> None:
    running.unfinished(job)
    what = f"{PAIRS} pairs of k1 and b on {asked(len(live.tuned.queries))}"
    now = f"{plain(live.method)} at weight {live.weight:.2f}"
    before = "" if shown is None else f" Below is what was made for {plain(method_name(shown.fusion))} at {shown.weight:.2f}."
    said = f"{what}: the sparse ranking alone, and fused by {now}.{before}"
    if running.offer(said, "Score the grid", f"score {job}", ":material/grid_on:"):
        st.session_state[state.GRID_OF] = live.pipeline
        running.begin(job, "The grid of k1 and b", partial(_made, live, live.pipeline))
        st.rerun()


def _made(live: Live, pipeline: Pipeline, progress: Any = lambda sentence, share: None) -> tuning.Grid:
    """The grid; what is kept of it is not made again."""
    found = live.tuned
    return tuning.bm25_grid(
        found.engine.indexes.sparse,
        [query.text for query in found.queries],
        found.candidates.items,
        found.candidates.dense,
        pipeline,
        live.metric,
        progress=progress,
        kept=_cells(live, pipeline),
    )


@st.fragment(run_every=1.0)
def _growing(live: Live) -> None:
    """What is finished so far."""
    last = st.session_state.get(state.GRID_OF)
    if last is not None and (cells := dict(_cells(live, last))):
        choosing, shape = live.tuned.choosing, (len(tuning.K1S), len(tuning.BS))
        nothing = tuning.Cell(*[np.full(len(choosing), np.nan)] * 2)
        found = [cells.get(tuning.cell_name(bm25), nothing) for bm25 in tuning.pairs(last.bm25)]
        sparse = np.array([cell.sparse[choosing].mean() for cell in found]).reshape(shape)
        fused = np.array([cell.fused[choosing].mean() for cell in found]).reshape(shape)
        _heat(live, last, {"sparse alone": sparse, _fused_as(last): fused}, {})


def _fused_as(pipeline: Pipeline) -> str:
    return f"fused by {method_name(pipeline.fusion)} at weight {pipeline.weight:.2f}"


def _drawn(live: Live, pipeline: Pipeline) -> None:
    found, metric = live.tuned, live.metric
    made: tuning.Grid = cached.sweep((found.key, "grid", pipeline, metric), partial(_made, live, pipeline))
    curve = found.curve(pipeline.fusion, metric)
    present = {"sparse alone": (made.sparse, found.curve(RRF(), metric).scores[0])}
    present[_fused_as(pipeline)] = (made.fused, curve.scores[curve.at(pipeline.weight)])
    means = {name: scores[:, :, found.choosing].mean(axis=2) for name, (scores, _) in present.items()}
    looked = {name: _overview(live, name, made, scores, before) for name, (scores, before) in present.items()}
    _heat(live, pipeline, means, {name: divmod(own.best, len(made.bs)) for name, own in looked.items()})
    for name, own in looked.items():
        _chosen(live, name, own, made)


def _overview(
    live: Live, name: str, made: tuning.Grid, scores: NDArray[np.float64], before: NDArray[np.float64]
) -> tuning.Overview:
    """The grid against the k1 and b in use, with its best pair tested on other queries."""
    found = live.tuned
    flat = scores.reshape(PAIRS, -1)
    look = partial(tuning.overview, flat, made.distances.ravel(), before, found.folds, found.choosing)
    own: tuning.Overview = cached.sweep((found.key, name, live.metric, "k1 and b"), look)
    return own


def _heat(live: Live, pipeline: Pipeline, means: dict[str, NDArray[np.float64]], best: dict[str, tuple[int, int]]) -> None:
    bm25 = pipeline.bm25
    current = (tuning.K1S.index(bm25.k1), tuning.BS.index(bm25.b)) if bm25.k1 in tuning.K1S and bm25.b in tuning.BS else None
    figure = charts.grid(tuning.K1S, tuning.BS, means, best, current, live.metric)
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="grid")


def _chosen(live: Live, name: str, own: tuning.Overview, made: tuning.Grid) -> None:
    row, column = divmod(own.best, len(made.bs))
    k1, b, bm25 = made.k1s[row], made.bs[column], live.tuned.pipeline.bm25
    said, take = st.columns([4, 1], vertical_alignment="center", gap="medium")
    if (k1, b) != (bm25.k1, bm25.b):
        label = f"Use k1 {k1:g}, b {b:g}"
        if take.button(label, key=f"use pair {name}", icon=":material/input:", on_click=_use, args=(k1, b), width="stretch"):
            st.rerun()  # the controls stand outside this fragment
    with said:
        st.markdown(
            f"**{plain(name)}**: best at k1 {k1:g}, b {b:g}, {interval(own.quality.at(own.best))}. Chosen on other queries"
            f" {interval(own.tested)}, {interval(own.tested_gain, '+')} over k1 {bm25.k1:g}, b {bm25.b:g}:"
            f" **{significance(own.tested_gain)}**."
        )


def _use(k1: float, b: float) -> None:
    st.session_state.update({state.K1: k1, state.B: b})
