"""The section Query sets: which there are, what is in the chosen one, and what is said to those who judge it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import cached, state
from pages.common.markup import counted, plain
from pages.judge import adding, guiding, queries
from pages.judge.pools import Pooling
from pages.judge.working import Working, asked, attempt, outcome
from retrieval import Query, judging

PARTS = {
    "Queries": queries.queries,
    "Add queries": adding.adding,
    "Guidelines": guiding.guidelines,
    "Held out": guiding.held_out,
}


def query_sets(corpus: str, chosen: judging.QuerySet | None, pooling: Pooling) -> None:
    """Draw it."""
    found = cached.query_sets().queries(chosen.key) if chosen else ()
    _head(corpus, chosen, found)
    outcome()
    if chosen is None:
        st.info("This corpus has no query set yet. Make one with **New query set**, then add queries.", icon=":material/add:")
        return
    working = Working(corpus, chosen, found, pooling.pipeline.analyser)
    tabs = st.tabs(list(PARTS), key=state.SET_PART, on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, PARTS.values(), strict=True):
        if tab.open:
            with tab:
                draw(working)


def _head(corpus: str, chosen: judging.QuerySet | None, found: Sequence[Query]) -> None:
    """How the set stands, and what can be done with it as a whole."""
    left, new, manage = st.columns([5, 1.3, 1.3], gap="small", vertical_alignment="center")
    left.caption(_standing(chosen, found) if chosen else "No query set")
    with new.popover("New query set", icon=":material/add:", width="stretch", key=state.NEW_SET, on_change="rerun"):
        _new(corpus)
    if chosen is not None:
        popover = manage.popover("Manage", icon=":material/settings:", width="stretch", key=state.MANAGED, on_change="rerun")
        if popover.open:
            with popover:
                _rename(chosen)
                _copy(chosen)
                _delete(corpus, chosen, len(found))


def _standing(chosen: judging.QuerySet, found: Sequence[Query]) -> str:
    """One line on the chosen set."""
    facts = [f"**{asked(len(found))}**", f"**{counted(len(cached.counted(chosen.key)), 'judgment')}** counted"]
    if held := sum(query.held_out for query in found):
        facts.append(f"{held:,} held out")
    if synthetic := sum(map(judging.is_synthetic, found)):
        facts.append(f"{synthetic:,} synthetic")
    facts.append("came with the corpus" if chosen.shipped else f"made {chosen.created[:10]}")
    return " · ".join(facts)


def _new(corpus: str) -> None:
    def create() -> str:
        made = cached.query_sets().create(corpus, st.session_state[state.NEW_SET_NAME])
        st.session_state[state.QUERY_SET] = made.key
        st.session_state[state.SET_PART] = "Add queries"
        return f"{plain(made.name)} is made; add queries to it."

    with st.form("new set", border=False, clear_on_submit=True):
        st.text_input("Name", key=state.NEW_SET_NAME, max_chars=100, placeholder="Failures in production")
        st.form_submit_button(
            "Create", type="primary", icon=":material/add:", width="stretch", on_click=attempt, args=(create, state.NEW_SET)
        )


def _rename(chosen: judging.QuerySet) -> None:
    field = f"rename set {chosen.key}"

    def rename() -> str:
        return f"The query set is called {plain(cached.query_sets().rename(chosen.key, st.session_state[field]).name)} now."

    with st.form(f"form {field}", border=False):
        st.text_input("Name", chosen.name, key=field, max_chars=100)
        st.form_submit_button("Rename", icon=":material/edit:", width="stretch", on_click=attempt, args=(rename, state.MANAGED))


def _copy(chosen: judging.QuerySet) -> None:
    field, whole = f"copy set {chosen.key}", f"copy judgments {chosen.key}"

    def copy() -> str:
        made = cached.query_sets().copy(chosen.key, st.session_state[field], st.session_state[whole])
        st.session_state[state.QUERY_SET] = made.key
        return f"{plain(made.name)} is a copy of {plain(chosen.name)}{'' if st.session_state[whole] else ', without judgments'}."

    with st.form(f"form {field}", border=False):
        st.text_input("Name of the copy", f"{chosen.name[:95]} copy", key=field, max_chars=100)
        st.checkbox("With judgments", True, key=whole, help="The whole history of all raters. Without: to judge it anew.")
        st.form_submit_button(
            "Copy", icon=":material/content_copy:", width="stretch", on_click=attempt, args=(copy, state.MANAGED)
        )


def _delete(corpus: str, chosen: judging.QuerySet, count: int) -> None:
    given = counted(cached.judgments().stats(chosen.key).verdicts, "judgment")

    def delete() -> str:
        cached.query_sets().delete(chosen.key)
        st.session_state[state.QUERY_SET] = next((other.key for other in cached.sets_of(corpus)), None)
        return f"{plain(chosen.name)} is deleted, with {asked(count)} and {given}."

    sure = st.checkbox(
        f"Yes, delete {plain(chosen.name)} with its {asked(count)} and {given}, earlier ones included", key=f"sure {chosen.key}"
    )
    if chosen.shipped:
        st.caption("It came with the corpus: what came returns when the app is started anew, what people said does not.")
    st.button(
        "Delete",
        key=f"delete set {chosen.key}",
        icon=":material/delete:",
        disabled=not sure,
        width="stretch",
        on_click=attempt,
        args=(delete, state.MANAGED),
    )
