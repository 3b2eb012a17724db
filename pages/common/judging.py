"""What is judged and by whom: the query set and the rater, the same on every page."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain
from retrieval import GRADES, Query, judging

MEMORY_JS = """
export default function ({ data, setStateValue }) {
  const place = "retrieval-playground.rater";
  if (data.name) localStorage.setItem(place, data.name);
  else if (data.ask) setStateValue("name", localStorage.getItem(place) || "");
}
"""
_memory = st.components.v2.component("rater_memory", js=MEMORY_JS)


def query_set_picker(corpus: str) -> judging.QuerySet | None:
    """The select box over the query sets of a corpus, bound to the URL; None where there is none yet."""
    found = {record.key: record for record in cached.sets_of(corpus)}
    if st.session_state.get(state.QUERY_SET) not in (None, *found):
        del st.session_state[state.QUERY_SET]
    key = st.selectbox(
        "Query set",
        list(found),
        key=state.QUERY_SET,
        bind="query-params",
        format_func=lambda key: found[key].name,
        placeholder="No query set yet",
        disabled=not found,
        help="Queries with their judgments. What came with a corpus is in the set Shipped.",
    )
    return found.get(key) if key else None


def queries_of(chosen: judging.QuerySet) -> tuple[Query, ...]:
    """The queries of a set, without the synthetic ones where the switch leaves them out."""
    queries = cached.query_sets().queries(chosen.key)
    return queries if st.session_state.get(state.SYNTHETIC, True) else judging.without_synthetic(queries)


def label(word: judging.Verdict) -> str:
    """What a word says, but for its note: "2 Relevant", "can't tell"; "" for one taken back."""
    if word.grade is None:
        return "can't tell" if word.cant_tell else ""
    return f"{word.grade} {GRADES[word.grade]}"


def who(rater: str) -> str:
    """A rater's name as it is shown."""
    return rater or "(no name)"


def rater() -> str:
    """Who judges: the person who signed in, else the name that was given in this session; "" before that."""
    if getattr(st.user, "is_logged_in", False):
        return str(st.user.get("email") or st.user.get("name") or "")
    return str(st.session_state.get(state.RATER, ""))


def recall_rater() -> str:
    """Who judges, a name that this browser knows from an earlier session included. To be called once on a page."""
    known = rater()
    found = _memory(key="rater-memory", data={"name": known, "ask": not known}, on_name_change=lambda: None)
    if not known and found.name:
        known = st.session_state[state.RATER] = str(found.name)
    return known


def rater_field() -> None:
    """The name of who judges with a way to change it. To be drawn once on a page."""
    known = recall_rater()
    if getattr(st.user, "is_logged_in", False):
        st.button(plain(known), icon=":material/person:", disabled=True, width="stretch")
    elif known:
        _renaming(known)


def _renaming(known: str) -> None:
    with st.popover(plain(known), icon=":material/person:", width="stretch"):
        st.text_input(
            "Your name", value=known, key=state.RATER_FIELD, max_chars=100, on_change=_take, help="Stands beside every grade."
        )


def ask_rater() -> None:
    """Where nobody has said yet who judges."""
    with st.form("who judges", width=480):
        st.markdown("##### Who judges?")
        st.text_input("Your name", key=state.RATER_ASKED, max_chars=100, help="Stands beside every grade. This browser keeps it.")
        st.form_submit_button("Start judging", type="primary", icon=":material/gavel:", on_click=_take, args=(state.RATER_ASKED,))


def _take(key: str = state.RATER_FIELD) -> None:
    st.session_state[state.RATER] = str(st.session_state[key]).strip()
