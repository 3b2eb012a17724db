"""What the variants of a step score and cost, as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from retrieval import interval, tuning

COLUMNS = {  # by the name of a cost: its label, what one of it is in the unit that is shown, decimals, format
    "p50_ms": ("p50 ms", 1.0, 1, "%.1f"),
    "p95_ms": ("p95 ms", 1.0, 1, "%.1f"),
    "gain_per_ms": ("gain per ms", 1.0, 5, "%+.5f"),
    "index_bytes": ("index, MB", 1e-6, 1, "%.1f"),
    "texts_per_second": ("embedded texts/s", 1.0, 0, "localized"),
    "chunks": ("chunks", 1.0, 0, "localized"),
    "characters": ("characters shown", 1.0, 0, "localized"),
}


def table(result: tuning.steps.StepResult, in_use: int | None, key: str) -> None:
    """Draw it; costs that no variant has are left out."""
    known = {name: words for name, words in COLUMNS.items() if any(getattr(cost, name) is not None for cost in result.costs)}
    formats = {label: st.column_config.NumberColumn(format=form) for label, _, _, form in known.values()}
    rows = [_row(result, at, in_use, known) for at in result.verdicts]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height="content", column_config=formats, key=key)


def _row(
    result: tuning.steps.StepResult, at: int, in_use: int | None, known: dict[str, tuple[str, float, int, str]]
) -> dict[str, Any]:
    marks = [word for word, place in (("recommended", result.choice.recommended), ("in use", in_use)) if place == at]
    costs = {}
    for name, (label, unit, decimals, _) in known.items():
        value = getattr(result.costs[at], name)
        costs[label] = None if value is None else round(value * unit, decimals)
    scored = {result.metric: interval(result.choice.estimate(at)), "verdict": result.verdicts[at]}
    return {"tried": result.variants[at].name, "": ", ".join(marks), **scored, **costs}
