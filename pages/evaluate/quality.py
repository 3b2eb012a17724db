"""The top of the page: how good each run is, how sure that is, what it costs, and what to know before believing it."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import cached, charts, going, state
from pages.common.markup import plain
from pages.evaluate.charts import OTHER_COLOUR, SAVED_COLOUR, Row, forest
from pages.evaluate.measuring import Measured
from retrieval import Difference, comparing, cutoff_of, interval, significance


def quality(found: Measured, pipeline: str) -> str:
    """Draw it; returns the metric that it is about. `pipeline` is the session's in Markdown, "" where it is not compared."""
    st.caption(_facts(found, pipeline))
    _notes(found)
    metric = _leading(found)
    _forest(found, metric)
    st.markdown(" ".join(_sentences(found, metric)))
    if any(found.comparison.judged_share(run.name, metric) < 1 for run in found.comparison.runs):
        going.link("judge", "Judge what is unjudged", "gavel", going.address(found.corpus, found.query_set))
    _scores(found)
    _against(found, metric)
    return metric


def _leading(found: Measured) -> str:
    """The metric that charts and differences are about."""
    metrics = found.comparison.metrics
    if st.session_state.get(state.LEADING) not in (None, *metrics):
        del st.session_state[state.LEADING]
    if len(metrics) == 1:
        return metrics[0]
    return (
        st.segmented_control(
            "Metric",
            metrics,
            default=metrics[0],
            key=state.LEADING,
            bind="query-params",
            persist_state="session",
            required=True,
            label_visibility="collapsed",
            help="What the charts and the differences are about.",
        )
        or metrics[0]
    )


def standing(difference: Difference | None) -> str:
    """How a run stands to the baseline, in words; None is the baseline itself."""
    return "baseline" if difference is None else significance(difference)


def _facts(found: Measured, pipeline: str) -> str:
    comparison, held = found.comparison, sum(query.held_out for query in found.comparison.queries)
    asked = len(comparison.queries)
    facts = [f"**{asked:,} judged {'query' if asked == 1 else 'queries'}** of {len(found.every):,}"]
    facts += [f"{held:,} held out"] if held else []
    facts += [f"scored on {comparison.level}{', condensed lists' if comparison.condensed else ''}"]
    return " · ".join([*facts, *([pipeline] if pipeline else [])])


def _notes(found: Measured) -> None:
    """What is odd about the data, all in one place."""
    corpus = cached.corpus(found.corpus)
    rows = cached.rows(corpus.fingerprint, corpus)
    said = [*comparing.notes(found.comparison, found.every, found.judgments, rows)]
    for name, traces in found.traces.items():
        said += traces.notes
        if traces.refused:
            said.append(f"{name} answers {len(traces.refused):,} queries with an error: {next(iter(traces.refused.values()))}")
    if said:
        st.info("  \n".join(map(plain, said)), icon=":material/info:")


def _forest(found: Measured, metric: str) -> None:
    comparison = found.comparison
    rows = []
    for run in comparison.runs:
        other = SAVED_COLOUR if run.pipeline else OTHER_COLOUR
        colour = charts.STAGE_COLOURS[run.stage] if run.name == run.stage else other
        difference = comparison.difference(run.name, metric)
        rows.append(Row(run.name, colour, comparison.estimate(run.name, metric), difference, standing(difference)))
    figure = forest(rows, metric, comparison.baseline)
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="forest")


def _sentences(found: Measured, metric: str) -> Iterator[str]:
    """What the intervals mean, what so many queries could show at all, and how much is unjudged."""
    comparison = found.comparison
    if len(comparison.queries) > 1:
        yield "Lines are 95 % intervals."
    shown = [gap.detectable for name in found.others if (gap := comparison.difference(name, metric)) and gap.detectable]
    if shown:
        yield _detectable(len(comparison.queries), min(shown), max(shown), metric)
    shares = {run.name: comparison.judged_share(run.name, metric) for run in comparison.runs}
    name = min(shares, key=lambda name: shares[name])
    cutoff = cutoff_of(metric)
    where = f"the first {cutoff} results" if cutoff else "all results"
    counts = "are removed" if comparison.condensed else "count as irrelevant"
    if shares[name] < 1:
        yield f"Of {where} of {plain(name)}, **{1 - shares[name]:.0%} have no judgment** and {counts}."


def _detectable(queries: int, low: float, high: float, metric: str) -> str:
    """What difference so many queries could show at all; `low` and `high` are those of the steadiest and the least steady run."""
    if low >= 1:
        return f"**{queries:,} queries are too few to show any difference** in {plain(metric)}."
    size = f"{low:.3f}" if f"{low:.3f}" == f"{high:.3f}" else f"{low:.3f} to {high:.3f}, by run"
    return (
        f"**{queries:,} queries can show a true difference of {size}** in {plain(metric)} (at 5 %, four times out of five);"
        " a smaller one needs more judged queries."
    )


def _scores(found: Measured) -> None:
    """A row a run, a column a metric, and behind them how much of the results is judged at each cutoff."""
    comparison = found.comparison
    shares = sorted({comparing.judged_at(name) for name in comparison.metrics}, key=lambda name: cutoff_of(name) or inf)
    rows = []
    for run in comparison.runs:
        scores = {name: interval(comparison.estimate(run.name, name)) for name in comparison.metrics if name not in shares}
        judged = {share: f"{comparison.judged[run.name][share].mean():.0%}" for share in shares}
        rows.append({"run": run.name, **scores, **judged})
    share = st.column_config.TextColumn(help="How much of the results down to this rank has a judgment")
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="scores", column_config=dict.fromkeys(shares, share))


def _against(found: Measured, metric: str) -> None:
    """A row a run: what it gains over the baseline by the leading metric, and what it takes."""
    comparison, budget = found.comparison, found.options.budget
    rows = []
    for run in comparison.runs:
        difference = comparison.difference(run.name, metric)
        p95 = run.milliseconds(95)
        rows.append(
            {
                "run": run.name,
                "gain": interval(difference, "+") if difference else "–",
                "verdict": standing(difference),
                "p": difference.p_holm if difference else None,
                "moved": f"{difference.improved} / {difference.equal} / {difference.worse}" if difference else "–",
                "p50": run.milliseconds(50),
                "p95": p95,
                "budget": "–" if p95 is None else f"over by {p95 - budget:.1f} ms" if p95 > budget else "within",
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        key="against",
        placeholder="–",
        column_config=_columns(comparison.baseline, metric, budget),
    )


def _columns(baseline: str, metric: str, budget: int) -> dict[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    until = "Milliseconds until this ranking is there, with query embedding; dense and sparse search run side by side"
    return {
        "run": text(width="medium"),
        "gain": text(f"Δ {metric} to {baseline}", help="Mean of the differences query by query, with its 95 % interval"),
        "verdict": text("in words", help="Within noise: the interval spans zero. Perhaps: it does not, but p is above 0.05"),
        "p": number(format="%.4f", help="Paired randomisation test, two-sided, corrected for all comparisons by Holm's method"),
        "moved": text("better / equal / worse", help=f"Queries, by {metric} against {baseline}"),
        "p50": number("p50 ms", format="%.1f", help=until),
        "p95": number("p95 ms", format="%.1f", help=until),
        "budget": text(f"p95 against {budget} ms", help="The budget is set under Options"),
    }
