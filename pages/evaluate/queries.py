"""The tab Queries: which ones gain and lose, from where each opens in Search with the pipeline that ranked it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import going, pipelines, state
from pages.common.query_table import chosen_row, query_table
from pages.evaluate.measuring import Measured
from retrieval import comparing

EVERY, BETTER, EQUAL, WORSE = "all", "better", "equal", "worse"
SAME = 1e-9
TALLEST = 560


def queries(found: Measured, metric: str) -> None:
    """Draw it."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        run = _run(found)
        kinds = _classes(found)
        moves = st.segmented_control(
            "Shown",
            [EVERY, BETTER, EQUAL, WORSE],
            default=EVERY,
            key=state.MOVES,
            persist_state="session",
            required=True,
            help=f"By the score of the chosen run against {found.comparison.baseline}.",
        )
    table = _frame(found, metric, run)
    delta = table["delta"]
    chosen = {EVERY: delta == delta, BETTER: delta > SAME, EQUAL: delta.abs() <= SAME, WORSE: delta < -SAME}
    shown = table[chosen[moves or EVERY] & (table["class"].isin(kinds) if kinds else True)].sort_values("delta", kind="stable")
    st.caption(
        f"{len(shown):,} of {len(table):,} queries, the largest losses of {run} first. A click on the box in front of a row opens"
        f" the query in Search with the pipeline of {run}."
    )
    _table(found, shown, metric, run)


def _run(found: Measured) -> str:
    """The run whose differences are shown; the last one, where nobody has chosen."""
    names = found.others or (found.comparison.baseline,)
    if st.session_state.get(state.DELTA_OF) not in (None, *names):
        del st.session_state[state.DELTA_OF]
    return st.selectbox(
        "Run",
        names,
        index=len(names) - 1,
        key=state.DELTA_OF,
        persist_state="session",
        width=260,
        help="Its score minus the baseline's is the delta, and its pipeline opens a query.",
    )


def _classes(found: Measured) -> list[str]:
    names = sorted({query.category or comparing.NO_CLASS for query in found.comparison.queries})
    if st.session_state.get(state.CLASSES):
        st.session_state[state.CLASSES] = [name for name in st.session_state[state.CLASSES] if name in names]
    return st.multiselect(
        "Classes",
        names,
        key=state.CLASSES,
        persist_state="session",
        placeholder="All",
        help="None chosen: all of them.",
        width=420,
    )


def _frame(found: Measured, metric: str, run: str) -> pd.DataFrame:
    """A row a query: its words, class, what it is scored on, the score of every run, and what `run` gains over the baseline."""
    comparison = found.comparison
    scores = {one.name: comparison.scores[one.name][metric] for one in comparison.runs}
    about: dict[str, list[Any]] = {
        "query": [query.text or query.id for query in comparison.queries],
        "class": [query.category or comparing.NO_CLASS for query in comparison.queries],
    }
    if len(set(comparison.levels.values())) > 1:
        about["level"] = [comparison.levels[query.id] for query in comparison.queries]
    if any(query.held_out for query in comparison.queries):
        about["held out"] = [query.held_out for query in comparison.queries]
    delta = scores[run] - scores[comparison.baseline]
    frame = pd.DataFrame(about | {f"score {at}": values for at, values in enumerate(scores.values())})
    return frame.assign(delta=np.where(np.abs(delta) < SAME, 0.0, delta))


def _table(found: Measured, shown: pd.DataFrame, metric: str, run: str) -> None:
    number = st.column_config.NumberColumn
    scores = {f"score {at}": number(label=one.name, format="%.3f", help=metric) for at, one in enumerate(found.comparison.runs)}
    gained = number(label=f"Δ {run}", format="%+.3f", help=f"{metric} of {run} minus {found.comparison.baseline}")
    query_table(shown, state.QUERY_ROWS, scores | {"delta": gained}, partial(_open, found, tuple(shown.index), run), TALLEST)


def _open(found: Measured, rows: Sequence[int], run: str) -> None:
    """Callback of the table: the page leaves for Search, where the pipeline of the run becomes the session's."""
    if (row := chosen_row(state.QUERY_ROWS)) is None:
        return
    query = found.comparison.queries[rows[row]]
    pipeline = found.comparison.run(run).pipeline
    settings = pipelines.to_state(pipeline) if pipeline is not None else {}
    going.open_query(going.address(found.corpus, found.query_set, **{state.QUERY: query.text}, **settings))
