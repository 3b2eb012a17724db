"""The section Guided tuning: five steps, one thing at a time, on one fixed query set, and what came of them."""

from __future__ import annotations

import streamlit as st

from pages.common import going, state
from pages.tune import guided_result, guided_session, guided_step
from pages.tune.guided_ground import Guiding
from pages.tune.guided_session import RESULT
from pages.tune.words import asked
from retrieval import Pipeline, Query, judging, tuning

MARKS = {True: " ✓", False: " –"}


def guided(corpus: str, query_set: judging.QuerySet, queries: tuple[Query, ...], pipeline: Pipeline) -> None:
    """Draw it; `pipeline` is what the session's settings stand for."""
    guiding = Guiding(corpus, query_set, queries, bool(st.session_state.get(state.PASSAGES, True)), pipeline)
    _facts(guiding)
    if guided_session.outdated(guiding):
        st.info("Queries or judgments have changed since steps were decided, so the steps begin anew.", icon=":material/history:")
    chosen = _stepper(guiding)
    if chosen == RESULT:
        guided_result.result(guiding)
    else:
        guided_step.step(guiding, tuning.steps.STEPS[chosen])


def _facts(guiding: Guiding) -> None:
    """What every choice rests on."""
    held = sum(query.held_out for query in guiding.queries)
    facts = f"**{asked(len(guiding.queries) - held)}** of {guiding.query_set.name} choose"
    if held:
        st.caption(f"{facts} · **{held:,} held out**: no choice looks at them, and every choice is tested on them")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(f"{facts} · **none held out**: every choice is tested by five-fold cross-validation", width="content")
        address = going.address(guiding.corpus, guiding.query_set, judge="Query sets")
        going.link("judge", "Hold some out on the page Judge", "lock", address)


def _stepper(guiding: Guiding) -> str:
    """Which step is open; the steps can be taken in any order, and again."""
    names = [*tuning.steps.STEPS, RESULT]
    done = guided_session.decisions(guiding)

    def label(name: str) -> str:
        number = f"{names.index(name) + 1} · " if name != RESULT else ""
        return number + name + (MARKS[done[name].taken is not None] if name in done else "")

    chosen = st.segmented_control(
        "Step",
        names,
        default=names[0],
        key=state.GUIDED_STEP,
        persist_state="session",
        required=True,
        format_func=label,
        label_visibility="collapsed",
        help="One thing at a time, in this order. ✓ = applied · – = skipped.",
    )
    return str(chosen or names[0])
