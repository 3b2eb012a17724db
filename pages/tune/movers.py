"""Which queries gain and lose against equal-weight RRF, with their classes; a click opens one in Search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.common import going, state
from pages.common.query_table import chosen_row, query_table
from pages.tune import charts
from pages.tune.live import Live
from retrieval import Query, comparing, tuning

Places = NDArray[np.int64]

LARGEST = 30


def movers(live: Live) -> None:
    """Draw them."""
    if live.is_reference:
        best = float(live.curve.weights[live.overview.best])
        st.caption(f"This is equal-weight RRF itself; below is what its best weight, {best:.2f}, would change.")
        live = replace(live, weight=best)
    places = np.flatnonzero(live.tuned.choosing)
    now, before = live.now[places], live.reference[places]
    gain, lose = (places[own] for own in tuning.gains(now, before))
    counts, table = st.columns([1, 2], gap="medium")
    with counts:
        _counts(live, gain, lose)
    with table:
        _table(live, _largest(live, gain, lose))


def _counts(live: Live, gain: Places, lose: Places) -> None:
    equal = int(live.tuned.choosing.sum()) - len(gain) - len(lose)
    st.markdown(f"**{len(gain):,} gain** · {equal:,} stay equal · **{len(lose):,} lose** against equal-weight RRF")
    rows = {}
    for name in sorted(set(live.tuned.classes)):
        own = [sum(live.tuned.classes[place] == name for place in places) for places in (gain, lose)]
        rows[name or comparing.NO_CLASS] = (own[0], own[1])
    figure = charts.moves(rows)
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="moves")


def _largest(live: Live, gain: Places, lose: Places) -> Places:
    moved = np.concatenate([gain, lose])
    change = np.abs(live.now - live.reference)[moved]
    return moved[np.argsort(-change, kind="stable")][:LARGEST]


def _table(live: Live, places: Places) -> None:
    queries = [live.tuned.queries[place] for place in places.tolist()]
    before, now = live.reference[places], live.now[places]
    frame = pd.DataFrame(
        {
            "query": [query.text or query.id for query in queries],
            "class": [query.category or comparing.NO_CLASS for query in queries],
            "before": before,
            "after": now,
            "change": now - before,
        }
    )
    number = st.column_config.NumberColumn
    columns = {
        "before": number(format="%.3f", help=f"{live.metric} under equal-weight RRF"),
        "after": number(format="%.3f", help=f"{live.metric} at this weight"),
        "change": number(format="%+.3f"),
    }
    query_table(frame, state.MOVER_ROWS, columns, partial(_open, live, queries))
    st.caption("The largest changes first. A click on the box in front of a row opens the query in Search.")


def _open(live: Live, queries: Sequence[Query]) -> None:
    """Callback of the table: the next run of the page leaves for Search, which has the same settings."""
    if (row := chosen_row(state.MOVER_ROWS)) is not None:
        text = queries[row].text
        st.session_state[state.QUERY] = text
        going.open_query(going.address(live.tuned.corpus, live.tuned.query_set, **{state.QUERY: text}))
