"""The section A against B: two runs of saved experiments, query by query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain, sentence
from pages.experiments import charts
from pages.experiments.moved import moved
from pages.experiments.words import standing, titled, value_in_words
from retrieval import Difference, PlaygroundError, estimate, experiments, interval

Found = Mapping[str, tuple[experiments.Against, Difference]]


def against(shown: Sequence[experiments.Experiment]) -> None:
    """Draw it."""
    usable = [record for record in shown if record.runs]
    if not usable:
        st.info("None of these experiments can be read, so none can be compared.", icon=":material/compare_arrows:")
        return
    place_a, place_b = st.columns(2, gap="large")
    with place_b:
        b, run_b = _chosen("B", usable, _first(usable))
    with place_a:
        natural = _natural(usable, b)
        same = natural.key == b.key
        a, run_a = _chosen("A", usable, natural, str(b.settings.get("baseline", "")) if same else run_b)
    try:
        one, other = cached.experiment(a), cached.experiment(b)
    except PlaygroundError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    metrics = [metric for metric in other.run(run_b).scores if metric in one.run(run_a).scores]
    if not metrics:
        st.info(_nothing_common(one, other, run_a, run_b), icon=":material/compare_arrows:")
        return
    try:
        found = {metric: cached.held_against(one, other, run_a, run_b, metric) for metric in metrics}
    except PlaygroundError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    _compared(other, run_b, found)


def _first(usable: Sequence[experiments.Experiment]) -> experiments.Experiment:
    """What is most likely looked at: the newest evaluation, whose runs have scores for every query."""
    return next((record for record in usable if record.kind == "evaluation"), usable[0])


def _natural(usable: Sequence[experiments.Experiment], b: experiments.Experiment) -> experiments.Experiment:
    """What B is most likely held against: the next older evaluation on its query set, else B itself."""
    older = [record for record in usable[usable.index(b) + 1 :] if record.query_set == b.query_set]
    return next((record for record in older if record.kind == "evaluation"), b)


def _chosen(
    letter: str, usable: Sequence[experiments.Experiment], natural: experiments.Experiment, wanted: str = ""
) -> tuple[experiments.Experiment, str]:
    """The selects for one side; at first the `natural` experiment. `wanted` is the name of its first run."""
    records = {record.key: record for record in usable}
    key, place = f"{state.COMPARED_EXPERIMENT} {letter}", f"{state.COMPARED_RUN} {letter}"
    if st.session_state.get(key) not in records:
        st.session_state[key] = natural.key
    what, which = st.columns([1.6, 1], gap="small")
    chosen = what.selectbox(
        f"{letter}: experiment",
        list(records),
        key=key,
        persist_state="session",
        format_func=lambda key: titled(records[key]),
        help="A is what was before, B what is held against it.",
    )
    names = [run.name for run in records[chosen].runs]
    if st.session_state.get(place) not in names:
        st.session_state[place] = _run(records[chosen], wanted)
    run = which.selectbox(
        f"{letter}: run",
        names,
        key=place,
        persist_state="session",
        help="A stage, a saved pipeline, a point of a sweep, or an imported run of this experiment.",
    )
    return records[chosen], str(run)


def _run(record: experiments.Experiment, wanted: str) -> str:
    """The run of the `wanted` name where there is one, else the best one."""
    names = [run.name for run in record.runs]
    best = experiments.headline(record)
    return wanted if wanted in names else best.run.name if best else names[0]


def _nothing_common(a: experiments.Experiment, b: experiments.Experiment, run_a: str, run_b: str) -> str:
    have = [_scored(a, run_a), _scored(b, run_b)]
    return f"No metric is known for every query of both: {'; '.join(have)}. Choose other runs."


def _scored(record: experiments.Experiment, run: str) -> str:
    return f"{plain(run)} has {', '.join(map(plain, record.run(run).scores)) or 'means only'}"


def _compared(b: experiments.Experiment, run_b: str, found: Found) -> None:
    """Warnings, the sentence, the numbers, what differs, and which queries moved."""
    metric = _metric(found)
    result, difference = found[metric]
    for warning in result.warnings:
        st.warning(plain(warning), icon=":material/warning:")
    st.markdown(_sentence(metric, result, difference))
    numbers, chart = st.columns([1.25, 1], gap="large")
    with numbers:
        _numbers(found)
        _settings(result)
    with chart:
        words = {metric: standing(metric, one) for metric, (_, one) in found.items()}
        figure = charts.forest({metric: one for metric, (_, one) in found.items()}, words)
        st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="forest of experiments")
    moved(b, run_b, result)


def _metric(found: Found) -> str:
    names = list(found)
    if st.session_state.get(state.AGAINST_METRIC) not in (None, *names):
        del st.session_state[state.AGAINST_METRIC]
    chosen = st.segmented_control(
        "Metric",
        names,
        default=names[0],
        key=state.AGAINST_METRIC,
        persist_state="session",
        required=True,
        help="The sentence and the queries below go by this one.",
        label_visibility="collapsed",
    )
    return str(chosen or names[0])


def _sentence(metric: str, result: experiments.Against, found: Difference) -> str:
    """The difference in words, and what so many queries could show at all."""
    count = f"{len(result.queries):,} {'query' if len(result.queries) == 1 else 'queries'}"
    moves = f"{found.improved:,} improved, {found.equal:,} equal, {found.worse:,} worse"
    said = f"##### {standing(metric, found)}: {plain(metric)} {plain(interval(found, '+'))} on {count}\n\n{moves}."
    if found.p is not None:
        said += f" Randomisation test: p = {found.p:.3f}."
    if found.detectable is not None:
        said += f" So many queries show a true difference of {found.detectable:.3f} four times out of five."
    if found.low is None:
        said += " With one query there is no interval: whatever it says may be chance."
    return said


def _numbers(found: Found) -> None:
    rows = [
        {
            "metric": metric,
            "A": interval(estimate(result.before)),
            "B": interval(estimate(result.after)),
            "B minus A": interval(one, "+"),
            "in words": standing(metric, one),
        }
        for metric, (result, one) in found.items()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="numbers of experiments")


def _settings(result: experiments.Against) -> None:
    if not result.settings:
        st.caption("No setting differs, as far as the settings are known.")
        return
    rows = [{"setting": row.path, "A": value_in_words(row.before), "B": value_in_words(row.after)} for row in result.settings]
    st.markdown("###### Settings that differ")
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="settings of experiments")
