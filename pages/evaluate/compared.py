"""What is compared, against what, and by which metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain
from pages.common.runs import UploadedRun
from retrieval import DEFAULT_METRICS, STAGES, BadSetting, Pipeline, comparing, measure_of

CURRENT = "current pipeline"
NATURAL_BASELINE = "sparse"  # what most people run before they add anything
OFFERED = (*DEFAULT_METRICS, "nDCG@5", "nDCG@20", "R@10", "R@50", "P@5", "AP@100", "Success@1", "RBP@10")


@dataclass(frozen=True)
class Compared:
    """The chosen things: stages of the current pipeline, saved pipelines and runs, each under the name of its run."""

    stages: tuple[str, ...]
    saved: Mapping[str, Pipeline]
    others: Mapping[str, UploadedRun]
    baseline: str
    metrics: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all runs, in the order of the page."""
        return (*self.stages, *self.saved, *self.others)

    def pipelines(self, current: Pipeline) -> dict[str, tuple[Pipeline, dict[str, str]]]:
        """Each pipeline that is needed by its name, with the stages that are wanted of it by the name of the run."""
        own = {CURRENT: (current, {stage: stage for stage in self.stages})} if self.stages else {}
        return own | {name: (pipeline, {name: comparing.FINAL}) for name, pipeline in self.saved.items()}


def compared_row(others: Mapping[str, UploadedRun]) -> Compared:
    """Draw the controls; the names of runs are told apart where two are the same."""
    saved = {record.key: (record.name, record.pipeline) for record in cached.saved_pipelines().records() if record.pipeline}
    runs = {id: other for id, other in others.items() if other.run.rankings}
    names = told_apart(
        {stage: stage for stage in STAGES}
        | {key: name for key, (name, _) in saved.items()}
        | {id: other.name for id, other in runs.items()}
    )
    what, against, by = st.columns([2.4, 1, 2.6], gap="small", vertical_alignment="top")
    with what:
        wanted = _chosen(names)
        chosen = [key for key in names if key in wanted]
    with against:
        baseline = _baseline(names, chosen)
    with by:
        metrics = _metrics()
    return Compared(
        tuple(stage for stage in STAGES if stage in chosen),
        {names[key]: pipeline for key, (_, pipeline) in saved.items() if key in chosen},
        {names[id]: other for id, other in runs.items() if id in chosen},
        names[baseline] if baseline else "",
        metrics,
    )


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """The same names, those that came before with a number behind them."""
    taken: dict[str, str] = {}
    for key, name in names.items():
        number = 2
        own = name
        while own in taken.values():
            own = f"{name} ({number})"
            number += 1
        taken[key] = own
    return taken


def _chosen(names: Mapping[str, str]) -> list[str]:
    before = st.session_state.get(state.COMPARED, [])
    if any(key not in names for key in before):
        st.session_state[state.COMPARED] = [key for key in before if key in names]
    return st.multiselect(
        "Compared",
        list(names),
        default=list(STAGES),
        key=state.COMPARED,
        bind="query-params",
        persist_state="session",
        format_func=lambda key: names[key],
        placeholder="Choose a stage, a saved pipeline or a run",
        wrap=True,
        help="The four stages are those of the session's pipeline; a saved pipeline stands for its final ranking.",
    )


def _baseline(names: Mapping[str, str], chosen: list[str]) -> str | None:
    if st.session_state.get(state.BASELINE) not in (None, *chosen):
        del st.session_state[state.BASELINE]
    return st.selectbox(
        "Baseline",
        chosen,
        index=chosen.index(NATURAL_BASELINE) if NATURAL_BASELINE in chosen else 0,
        key=state.BASELINE,
        bind="query-params",
        persist_state="session",
        format_func=lambda key: names[key],
        help="What the others are held against, query by query.",
    )


def _metrics() -> tuple[str, ...]:
    """The metrics that somebody can compute; for each other name there is a sentence."""
    typed = st.multiselect(
        "Metrics",
        OFFERED,
        default=[name for name in DEFAULT_METRICS if not name.startswith("Judged")],  # which stands beside every score
        key=state.METRICS,
        bind="query-params",
        persist_state="session",
        accept_new_options=True,
        wrap=True,
        placeholder="Choose or type, as in nDCG@20",
        help="Names of ir-measures with any cutoff: nDCG@20, R@50, RR, Success@1, RBP(p=0.9)@10 … Type one to add it.",
    )
    known = []
    for name in typed:
        try:
            measure_of(name)
        except BadSetting as error:
            sentence = str(error)
            st.warning(f"{plain(sentence[0].upper() + sentence[1:])}.", icon=":material/warning:")
        else:
            known.append(name)
    return tuple(known)
