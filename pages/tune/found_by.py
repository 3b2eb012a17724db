"""Which of the two retrievers found each relevant document."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.common import cached, state
from pages.tune import charts
from pages.tune.live import Live
from retrieval import comparing, tuning

DEPTHS = (5, 10, 20, 50, 100, 200, 500)


def found_by(live: Live) -> None:
    """Draw it."""
    found = live.tuned
    most = found.pipeline.candidates
    choices = [*(depth for depth in DEPTHS if depth < most), most]
    if st.session_state.get(state.FOUND_WITHIN) not in (None, *choices):
        del st.session_state[state.FOUND_WITHIN]
    depth = st.select_slider(
        "Within the first results of each retriever",
        choices,
        value=most,
        key=state.FOUND_WITHIN,
        persist_state="session",
        help=f"5 = only the very top · {most} = all that fusion sees.",
        width=420,
    )
    covered: tuning.Coverage = cached.sweep((found.key, "coverage", depth), lambda: tuning.coverage(found.candidates, depth))
    rows = {name or comparing.NO_CLASS: counts for name, counts in covered.by_class(found.classes).items()}
    total = np.sum(list(rows.values()), axis=0)
    figure = charts.coverage({"all queries": total, **rows} if len(rows) > 1 else {"all queries": total})
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="coverage")
    counts = dict(zip(tuning.FOUND_BY, total.tolist(), strict=True))
    what = f"{int(total.sum()):,} relevant {'documents' if found.level == 'documents' else 'documents and passages'}"
    st.markdown(
        f"Of {what}, **{counts['dense only']:,}** are found by the dense retriever alone and **{counts['sparse only']:,}** by the"
        f" sparse one alone: what fusion can win. **{counts['neither']:,}** are found by neither: no weight brings them back."
    )
