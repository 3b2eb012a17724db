"""The section Saved: all experiments in a table, and the one that is chosen, opened."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.common import state
from pages.common.markup import sentence
from pages.experiments.opened import opened
from pages.experiments.words import day
from retrieval import experiments, interval

WIDTHS = {
    "name": st.column_config.TextColumn(width="medium"),
    "best run": st.column_config.TextColumn(help="The run with the highest mean by the first metric"),
    "main metric": st.column_config.TextColumn(help="The mean over the queries with its 95 % interval", width="medium"),
    "saved (UTC)": st.column_config.TextColumn(width=125),
    "note": st.column_config.TextColumn(width="medium"),
}


def saved(shown: Sequence[experiments.Experiment]) -> None:
    """Draw it."""
    if fault := st.session_state.pop(state.EXPERIMENT_FAULT, None):
        st.error(sentence(fault), icon=":material/error:")
    for record in shown:
        if record.problem:
            st.warning(sentence(record.problem), icon=":material/warning:")
    chosen = _table(shown)
    opened(shown[chosen])


def _table(shown: Sequence[experiments.Experiment]) -> int:
    """The list, the newest first; returns the place of the row that is chosen, at first the first."""
    event = st.dataframe(
        pd.DataFrame([_row(record) for record in shown]),
        hide_index=True,
        width="stretch",
        column_config=WIDTHS,
        on_select="rerun",
        selection_mode="single-row-required",
        key=f"{state.EXPERIMENT_LIST} {hash(tuple(record.key for record in shown))}",
    )
    return min(next(iter(event.selection.rows), 0), len(shown) - 1)


def _row(record: experiments.Experiment) -> dict[str, str]:
    main = experiments.headline(record)
    return {
        "name": record.name,
        "kind": record.kind,
        "corpus": record.corpus_name,
        "query set": record.query_set_name,
        "saved (UTC)": day(record.created),
        "best run": main.run.name if main else "",
        "main metric": f"{main.metric} {interval(main.mean)}" if main else "cannot be read" if record.problem else "",
        "note": record.note,
    }
