"""The parse report: what came in, what was refused and why, in which languages, and how long the documents are."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.corpora import charts
from retrieval import ReadReport, Summary, csv_table

SHOWN = 500


def report(read: ReadReport, summary: Summary) -> None:
    """Draw it."""
    st.markdown("##### What was read")
    figures = {
        "Files": summary.files,
        "Documents": summary.documents,
        "Refused": len(summary.refused) - summary.copies - summary.repeated,
        "Copies": summary.copies,
        "Ids taken": summary.repeated,
        "Without text": summary.wordless,
    }
    for place, (name, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(name, f"{value:,}", border=True)
    if read.queries:
        judged = sum(map(len, read.judgments.values()))
        st.caption(f"With {len(read.queries):,} queries and {judged:,} judgments.")
    if summary.documents:
        left, right = st.columns([2, 1], gap="large")
        with left:
            st.markdown("Length of the documents in words")
            st.plotly_chart(
                charts.lengths(summary.lengths[:, 1]), width="stretch", config={"displayModeBar": False}, key="import-lengths"
            )
        with right:
            st.markdown("Languages" + (f" of {summary.looked_at:,} documents" if summary.looked_at < summary.documents else ""))
            st.plotly_chart(
                charts.languages(summary.languages), width="stretch", config={"displayModeBar": False}, key="import-languages"
            )
    _refused(summary)
    _first(read)


def _refused(summary: Summary) -> None:
    if not summary.refused:
        return
    st.markdown(f"###### Not taken: {len(summary.refused):,}")
    rows = [(refusal.where, refusal.reason) for refusal in summary.refused]
    table = pd.DataFrame(rows[:SHOWN], columns=["where", "why, and what to do"])
    widths = {
        "where": st.column_config.TextColumn(width="medium"),
        "why, and what to do": st.column_config.TextColumn(width="large"),
    }
    st.dataframe(table, hide_index=True, width="stretch", column_config=widths)
    st.download_button(
        "Download the list",
        csv_table([("where", "reason"), *rows]),
        "refused.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _first(read: ReadReport) -> None:
    """The first documents with their structure, so that a wrong column or a broken encoding is seen before it is added."""
    with st.expander(f"The first of {len(read.documents):,} documents"):
        rows = [
            {
                "title": document.title,
                "id": document.id,
                "syntax": document.structure.syntax,
                "pages": len(document.structure.pages) or None,
                "begins": " ".join(document.text[:200].split()),
            }
            for document in read.documents[:20]
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
