"""The queries whose score is another in B, each of which opens in Search."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.common import cached, going, pipelines, state
from pages.common.markup import sentence
from pages.common.query_table import query_table
from pages.experiments import charts
from pages.experiments.again import query_set_of
from retrieval import Pipeline, PlaygroundError, Query, experiments, known


def moved(b: experiments.Experiment, run_b: str, result: experiments.Against) -> None:
    """Draw the chart and the table; a row that is chosen opens in Search with the pipeline of B."""
    found = result.moved
    if not found:
        st.caption("No query has another score.")
        return
    queries = _queries(b)
    st.markdown(f"##### Queries that moved: {len(found):,} of {len(result.queries):,}")
    figure = charts.moves([row.delta for row in found], [_text(queries, row) for row in found], result.metric)
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="moves of experiments")
    chosen = _table(found, queries, b, run_b, result)
    if chosen is not None:
        _open(b, run_b, queries.get(chosen.query))


def _queries(b: experiments.Experiment) -> Mapping[str, Query]:
    """The queries of B's set by id, as far as they are still there."""
    record = query_set_of(b)
    return {query.id: query for query in cached.query_sets().queries(record.key)} if record else {}


def _text(queries: Mapping[str, Query], row: experiments.Moved) -> str:
    return queries[row.query].text if row.query in queries else row.query


def _table(
    found: tuple[experiments.Moved, ...],
    queries: Mapping[str, Query],
    b: experiments.Experiment,
    run_b: str,
    result: experiments.Against,
) -> experiments.Moved | None:
    rows = [
        {
            "query": _text(queries, row),
            "class": queries[row.query].category if row.query in queries else "",
            "A": row.before,
            "B": row.after,
            "B minus A": row.delta,
        }
        for row in found
    ]
    score = st.column_config.NumberColumn(format="%.3f")
    gained = st.column_config.NumberColumn(format="%+.3f", help="Above zero: B ranks better")
    key = f"{state.MOVED_ROWS} {b.key} {run_b} {result.metric}"
    event = query_table(pd.DataFrame(rows), key, {"A": score, "B": score, "B minus A": gained}, "rerun")
    st.caption("A click on the box in front of a row opens the query in Search, with the pipeline of B.")
    place = next(iter(event.selection.rows), None)
    return found[place] if place is not None and place < len(found) else None


def _open(b: experiments.Experiment, run_b: str, query: Query | None) -> None:
    """Leave for Search, or say why that cannot be."""
    if query is None or b.corpus not in {item.key for item in known(cached.store())}:
        st.warning("The corpus, or this query in its set, is gone; so it cannot be opened.", icon=":material/search_off:")
        return
    pipeline = b.run(run_b).pipeline
    try:
        values = pipelines.to_state(Pipeline.from_toml(pipeline)) if pipeline else {}
    except PlaygroundError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    st.session_state.update(values | {state.QUERY: query.text})
    going.go("search", going.address(b.corpus, query_set_of(b), **{state.QUERY: query.text}))
