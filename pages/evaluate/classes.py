"""The tab Classes: averages hide collapses."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from pages.common.markup import plain
from pages.evaluate import charts
from pages.evaluate.measuring import Measured
from retrieval import comparing


def classes(found: Measured, metric: str) -> None:
    """Draw it."""
    table = comparing.class_table(found.comparison, metric)
    if set(table.classes) == {comparing.NO_CLASS}:
        st.info(
            "No query of this set has a class; give them classes on the page Judge, in the section Query sets.",
            icon=":material/category:",
        )
        return
    st.plotly_chart(charts.classes(table), width="stretch", config={"displayModeBar": False}, key="classes")
    for sentence in _behind(found, table):
        st.markdown(sentence)
    st.caption(f"Mean {plain(metric)} by class of query, the darker the better. Grey: fewer than {comparing.FEW} queries.")


def _behind(found: Measured, table: comparing.ClassTable) -> Iterator[str]:
    """Where a run is behind the baseline, class by class."""
    base = table.means[table.runs.index(found.comparison.baseline)]
    for run, means in zip(table.runs, table.means, strict=True):
        worse = [at for at in range(len(base)) if means[at] < base[at] - 1e-9]
        if worse:
            named = ", ".join(
                f"{plain(table.classes[at])} ({means[at] - base[at]:+.3f}, n {int(table.counts[at])})" for at in worse
            )
            yield f"**{plain(run)}** is behind {plain(found.comparison.baseline)} on {named}."
