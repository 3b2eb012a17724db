"""Taking the tuned pipeline along: its file with the evidence, the line for a terminal, a saved pipeline, an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain, sentence
from pages.common.terminal import evaluate_line
from pages.tune import guided_session
from pages.tune.guided_ground import Guiding
from retrieval import PlaygroundError, comparing, experiments, tuning

METRIC = "nDCG@10"


def keeping(guiding: Guiding, journey: guided_session.Journey, compared: Mapping[str, comparing.Comparison]) -> None:
    """Draw it; the first of `compared` is on the queries that chose, the last on all."""
    chose, *_ = compared.values()
    *_, whole = compared.values()
    evidence = _evidence(guiding, journey, chose)
    name = f"{guiding.query_set.key}-tuned.toml"
    with st.container(border=True):
        st.markdown("##### Take it along")
        st.download_button(
            "Pipeline file with its evidence",
            lambda: experiments.pipeline_file(guiding.pipeline, evidence),
            name,
            "application/toml",
            key="download tuned",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            help="TOML that the app and the terminal read: the settings, on what they were chosen, and what was tried.",
        )
        st.markdown("The numbers of all judged queries, in a terminal:")
        st.code(evaluate_line(guiding.corpus, guiding.query_set, [name], guiding.passages), language="bash", wrap_lines=True)
        as_pipeline, as_experiment = st.columns(2, gap="medium")
        with as_pipeline, st.form("save tuned", border=False):
            st.text_input("Save as pipeline", key=state.GUIDED_NAME, max_chars=100, placeholder="Tuned", help=COMPARED)
            st.form_submit_button("Save pipeline", icon=":material/bookmark_add:", on_click=_save, args=(guiding, evidence))
        with as_experiment, st.form("keep tuning", border=False):
            st.text_input("Save as experiment", key=state.GUIDED_EXPERIMENT, max_chars=100, placeholder="First tuning", help=KEPT)
            st.form_submit_button(
                "Save experiment", icon=":material/science:", on_click=_keep, args=(guiding, journey, evidence, whole)
            )
    if done := st.session_state.pop(state.GUIDED_DONE, None):
        st.success(plain(done), icon=":material/check_circle:")
    if fault := st.session_state.pop(state.GUIDED_FAULT, None):
        st.error(sentence(fault), icon=":material/error:")


COMPARED = "A saved pipeline can be compared with others on the page Evaluate."
KEPT = "Both pipelines with the scores of every query, to be found again on the page Experiments."


def _evidence(guiding: Guiding, journey: guided_session.Journey, chose: comparing.Comparison) -> experiments.Evidence:
    steps = [tuning.steps.told(made.result, made.taken) for made in guided_session.decisions(guiding).values() if made.result]
    return tuning.steps.evidence(
        cached.corpus(guiding.corpus),
        guiding.query_set.name,
        guiding.queries,
        cached.counted(guiding.query_set.key),
        METRIC,
        chose.estimate(chose.baseline, METRIC),
        steps,
    )


def _save(guiding: Guiding, evidence: experiments.Evidence) -> None:
    """Callback of the form."""
    name = str(st.session_state[state.GUIDED_NAME])
    try:
        made = cached.saved_pipelines().save(name, guiding.pipeline, evidence=evidence)
    except PlaygroundError as error:
        st.session_state[state.GUIDED_FAULT] = str(error)
        return
    st.session_state[state.GUIDED_DONE] = f"{made.name} is saved; choose it under Compared on the page Evaluate."


def _keep(guiding: Guiding, journey: guided_session.Journey, evidence: experiments.Evidence, whole: comparing.Comparison) -> None:
    """Callback of the form."""
    name = str(st.session_state[state.GUIDED_EXPERIMENT])
    settings = {"metric": METRIC, "repetitions": 1, "passages": guiding.passages}
    corpus, judged = cached.corpus(guiding.corpus), cached.counted(guiding.query_set.key)
    made = comparing.experiment(whole, name, "", corpus, guiding.query_set, judged, settings)
    before, after = made.runs
    runs = (before, replace(after, pipeline=experiments.pipeline_file(guiding.pipeline, evidence)))
    try:
        kept = cached.experiment_store().save(replace(made, kind="tuning", runs=runs))
    except PlaygroundError as error:
        st.session_state[state.GUIDED_FAULT] = str(error)
        return
    st.session_state[state.GUIDED_DONE] = f"{kept.name} is kept; find it on the page Experiments."
