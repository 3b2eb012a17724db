"""A table of queries and their scores, whose rows can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

ROW_HEIGHT = 35


def query_table(
    frame: pd.DataFrame,
    key: str,
    columns: Mapping[str, Any],
    on_select: Callable[[], None] | Literal["rerun"],
    tallest: int = 420,
) -> Any:
    """Draw it, at most `tallest` pixels high; `frame` has a column "query", `columns` configures the others."""
    return st.dataframe(
        frame,
        key=key,
        hide_index=True,
        width="stretch",
        height=min(tallest, 40 + ROW_HEIGHT * max(len(frame), 1)),
        on_select=on_select,
        selection_mode="single-row",
        column_config={"query": st.column_config.TextColumn(width="large"), **columns},
    )


def chosen_row(key: str) -> int | None:
    """For a callback of the table with this key: the place of the row that is chosen, None where one was let go."""
    rows: list[int] = st.session_state[key]["selection"]["rows"]
    return rows[0] if rows else None
