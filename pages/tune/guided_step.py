"""One step of the guided tuning: what to try, the run, what it found, and the decision."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Literal

import streamlit as st

from pages.common import cached, running, state
from pages.common.markup import plain
from pages.tune import guided_session
from pages.tune.guided_charts import CHARTS
from pages.tune.guided_ground import Guiding
from pages.tune.guided_table import table
from pages.tune.guided_values import values
from retrieval import Pipeline, tuning


def step(guiding: Guiding, chosen: tuning.steps.Step) -> None:
    """Draw it."""
    st.markdown(chosen.about, width=900)
    if hindered := chosen.obstacle(guiding.pipeline):
        st.info(hindered, icon=":material/block:")
        _skip(guiding, chosen.name, None)
        return
    job = cached.jobs().status(guiding.job)
    alive = job is not None and job.alive
    _run(guiding, chosen, alive)
    if alive:
        running.watch(guiding.job)
        _so_far(guiding.result_key(chosen), guiding.pipeline)
        return
    running.unfinished(guiding.job)
    decided = guided_session.decisions(guiding).get(chosen.name)
    result = cached.step_result(guiding.result_key(chosen))
    if result is not None:
        _decide(guiding, result)
        _found(result, guiding.pipeline)
    elif decided is not None and decided.result is not None:
        what = decided.result.variants[decided.taken].name if decided.taken is not None else ""
        st.success(f"Applied: {plain(what)}." if what else "Skipped.", icon=":material/check:" if what else ":material/remove:")
        _found(decided.result, guiding.pipeline)
    else:
        _skip(guiding, chosen.name, None)


def _run(guiding: Guiding, chosen: tuning.steps.Step, alive: bool) -> None:
    """What is tried, and the button that tries it."""
    choice, start = st.columns([5, 1.3], vertical_alignment="bottom", gap="medium")
    with choice:
        tried = values(chosen, guiding.pipeline)
    again = cached.step_result(guiding.result_key(chosen)) is not None
    label = "Run again" if again else "Run"
    help = "Indexes that are missing are built, every query is searched. What is finished is kept, and never done again."
    kind: Literal["primary", "secondary"] = "secondary" if again else "primary"
    if start.button(
        label, key=f"run {chosen.name}", type=kind, icon=":material/play_arrow:", disabled=alive, help=help, width="stretch"
    ):
        guiding.begin(chosen, tried)
        st.rerun()


@st.fragment(run_every=1.0)
def _so_far(key: Hashable, pipeline: Pipeline) -> None:
    """What a step that runs has found so far."""
    result = cached.step_result(key)
    if result is not None and result.waiting:
        st.caption(f"So far, {len(result.waiting)} still to come: {plain(', '.join(result.waiting))}.")
        _found(result, pipeline, "so far")


def _found(result: tuning.steps.StepResult, pipeline: Pipeline, moment: str = "found") -> None:
    """Chart and table; the settings of `pipeline` are marked as in use."""
    in_use = tuning.steps.STEPS[result.step].in_use(result, pipeline)
    for name, sentence in result.failed.items():
        st.error(f"{plain(name)} could not be tried: {plain(sentence)}", icon=":material/error:")
    figure = CHARTS[result.step](result, in_use)
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key=f"{moment} {result.step}")
    table(result, in_use, f"{moment} table {result.step}")


def _decide(guiding: Guiding, result: tuning.steps.StepResult) -> None:
    """The recommendation, and what to do with it."""
    with st.container(border=True):
        if result.waiting:
            st.caption(f"Not tried yet: {plain(', '.join(result.waiting))}. Another run goes on from here.")
        what, _, why = result.sentence.partition(": ")
        st.markdown(f"**{plain(what)}:** {plain(why)}" if why else plain(what))
        names = {result.variants[at].name: note for at, note in _notes(result).items()}
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.selectbox(
                "Take",
                list(names),
                list(names).index(result.recommended.name),
                key=state.taken_key(result.step, result.recommended.name),
                format_func=lambda name: f"{name}{names[name]}",
                help="What Apply puts into the settings; the recommendation stands first in the choice.",
                width=360,
            )
            st.button(
                "Apply",
                key=f"apply {result.step}",
                type="primary",
                icon=":material/check:",
                on_click=guided_session.apply,
                args=(guiding, result),
                help="Puts it into the settings, which are those of Search and of all other pages, and goes on.",
            )
            _skip(guiding, result.step, result)


def _notes(result: tuning.steps.StepResult) -> Mapping[int, str]:
    """What is said behind each variant that can be taken."""
    return {at: " (recommended)" if at == result.choice.recommended else "" for at in result.verdicts}


def _skip(guiding: Guiding, name: str, result: tuning.steps.StepResult | None) -> None:
    st.button(
        "Skip",
        key=f"skip {name}",
        icon=":material/skip_next:",
        on_click=guided_session.skip,
        args=(guiding, name, result),
        help="Leaves the settings as they are, and goes on.",
    )
