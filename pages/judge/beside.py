"""What stands beside the document: the query with its note, how far the judging is, and the guidelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.common import state
from pages.common.markup import plain
from retrieval import Query, judging

if TYPE_CHECKING:
    from pages.judge.card import Task

FOCUS_JS = """
export default function ({ data }) {
  const field = [...document.querySelectorAll('input[aria-label^="Note"]')].pop();
  if (!field) return;
  if (data.typing) field.focus();
  else field.blur();
}
"""
_focus = st.components.v2.component("judge_focus", js=FOCUS_JS)


def focus(typing: bool) -> None:
    """Put the cursor into the note while somebody types it, and out of it afterwards, so that the next key is a grade."""
    _focus(key="focus-note", data={"typing": typing})


def current(queries: tuple[Query, ...]) -> Query:
    """The query in the session, else the first one."""
    wanted = st.session_state.get(state.JUDGED_QUERY)
    return next((query for query in queries if query.id == wanted), queries[0])


def take(id: str) -> None:
    """Go to a query."""
    st.session_state[state.JUDGED_QUERY] = id
    for key in (state.SPAN, state.PINNED):
        st.session_state.pop(key, None)


def pin(key: str, query_id: str, document_id: str) -> None:
    """Go to a document of a query of the set `key`, whether it is judged or not."""
    take(query_id)
    st.session_state[state.PINNED] = (key, query_id, document_id)


def pinned(key: str, query: Query) -> str:
    """The document of this query that was gone to, "" where none was."""
    found = st.session_state.get(state.PINNED)
    return str(found[2]) if found and found[:2] == (key, query.id) else ""


def open_card(key: str, query_id: str, document_id: str, span: tuple[int, int] | None = None) -> None:
    """Callback: show a document, or characters of it, in the section Judge."""
    pin(key, query_id, document_id)
    if span is not None:
        st.session_state[state.SPAN] = (document_id, *span)
    st.session_state[state.JUDGE_SECTION] = "Judge"


def following(queries: tuple[Query, ...], query: Query) -> Query | None:
    """The query behind this one, the first one behind the last; None where there is no other."""
    at = next(row for row, other in enumerate(queries) if other.id == query.id)
    return queries[(at + 1) % len(queries)] if len(queries) > 1 else None


def panel(chosen: judging.QuerySet, queries: tuple[Query, ...], task: Task) -> None:
    """Draw it."""
    walk(queries, task.query)
    about(task.query)
    progress(task)
    fault()
    with st.expander("Guidelines", expanded=True, icon=":material/menu_book:"):
        st.markdown(chosen.guidelines)


def about(query: Query) -> None:
    """The query in its own words, with what is known of it."""
    st.markdown(f"### {plain(query.text)}")
    with st.container(horizontal=True, gap="small"):
        if query.category:
            st.badge(plain(query.category), color="blue")
        if judging.is_synthetic(query):
            st.badge("synthetic", color="orange", icon=":material/smart_toy:")
        if query.held_out:
            st.badge("held out", color="gray", icon=":material/lock:")
    if query.note:
        st.markdown(f":gray[{plain(query.note)}]")


def fault() -> None:
    """Why the last word could not be stored, where it could not."""
    if st.session_state.get(state.FAULT):
        st.error(st.session_state[state.FAULT], icon=":material/error:")


def walk(queries: tuple[Query, ...], query: Query) -> None:
    """The picker over the queries with previous and next."""
    by_id = {other.id: other for other in queries}
    at = list(by_id).index(query.id)
    picker, before, after = st.columns([6, 1, 1], gap="xsmall", vertical_alignment="bottom")
    key = f"{state.JUDGED_QUERY} {query.id}"
    picker.selectbox(
        f"Query {at + 1:,} of {len(queries):,}",
        list(by_id),
        index=at,
        key=key,
        format_func=lambda id: by_id[id].text,
        on_change=lambda: take(st.session_state[key]),
    )
    for place, step, icon, name in ((before, -1, "left", "Previous query"), (after, 1, "right", "Next query")):
        other = queries[(at + step) % len(queries)]
        place.button(
            "",
            key=name,
            icon=f":material/chevron_{icon}:",
            help=name,
            on_click=take,
            args=(other.id,),
            disabled=len(queries) == 1,
            width="stretch",
        )


def progress(task: Task) -> None:
    """Judged and left for this rater; how much of the top of each stage anybody has judged."""
    total = len(task.pool.documents)
    judged = total - len(task.left)
    st.progress(judged / total if total else 1.0, f"**{judged}** judged by you · **{len(task.left)}** left")
    graded = judging.judged_documents(task.words, cant_tell=False).get(task.query.id, set())
    shares = judging.progress_of(task.pool, graded).shares
    st.caption("Judged of the top 10: " + " · ".join(f"{plain(source)} {share:.0%}" for source, share in shares.items()))
