"""Keep this query: the query in the box becomes one of the query set, with its class and a note."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.common import cached, state
from retrieval import PlaygroundError, Query, judging

FIRST_SET = "Queries"


def keeping(corpus: str, query_set: judging.QuerySet | None, text: str, known: Query | None) -> None:
    """The button that keeps a query, and once it is kept, its class and note."""
    if known is None or query_set is None:
        st.button(
            "",
            key="keep",
            icon=":material/bookmark_add:",
            help=f"Keep this query in the query set {query_set.name if query_set else FIRST_SET}",
            disabled=not text.strip(),
            on_click=_keep,
            args=(corpus, query_set, text),
            width="stretch",
        )
        return
    with st.popover("", icon=":material/bookmark_added:", help=f"Kept in {query_set.name}: class and note", width="stretch"):
        _details(query_set, known)


def _keep(corpus: str, query_set: judging.QuerySet | None, text: str) -> None:
    """Callback: one click and the query is in the set, with the class that its words suggest."""
    sets = cached.query_sets()
    category = judging.suggest(text, st.session_state.get(state.LANGUAGE, "english")).category
    query = Query(judging.query_id(judging.SEARCH, text), text, category, source=judging.SEARCH)
    try:
        chosen = query_set or sets.create(corpus, FIRST_SET)
        sets.add(chosen.key, [query])
    except PlaygroundError as error:
        st.toast(str(error), icon=":material/error:")
        return
    st.toast(f"Kept in {chosen.name}. Grade its results, or judge its pool on the page Judge.", icon=":material/bookmark_added:")


def _details(query_set: judging.QuerySet, known: Query) -> None:
    classes = sorted(
        {query.category for query in cached.query_sets().queries(query_set.key) if query.category} | {known.category}
    )
    st.selectbox(
        "Class",
        classes,
        index=classes.index(known.category),
        key=f"{state.KEPT_CLASS} {known.id} {known.category}",
        accept_new_options=True,
        help="Quality is reported for each class; type a new one where none fits.",
    )
    st.text_area(
        "Note",
        known.note,
        key=f"{state.KEPT_NOTE} {known.id} {known.note}",
        max_chars=2_000,
        placeholder="What does the person want who asks this?",
    )
    st.button("Save", key="save kept", type="primary", on_click=_save, args=(query_set.key, known))


def _save(key: str, known: Query) -> None:
    category = str(st.session_state[f"{state.KEPT_CLASS} {known.id} {known.category}"] or "")
    note = str(st.session_state[f"{state.KEPT_NOTE} {known.id} {known.note}"] or "")
    try:
        cached.query_sets().edit(key, [replace(known, category=category, note=note)])
    except PlaygroundError as error:
        st.toast(str(error), icon=":material/error:")
        return
    st.toast("Class and note are stored.", icon=":material/bookmark_added:")
