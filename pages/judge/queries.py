"""The queries of a set in a table, in which they are edited; every change is stored at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.judge.working import Working, anew, asked, attempt, cell, round_of, synthetic_switch
from retrieval import PlaygroundError, Query, judging

TABLE = "queries"
LINES, HEIGHT = 16, 560
FIELDS = {"query": "text", "class": "category", "note": "note", "held out": "held_out"}


def queries(working: Working) -> None:
    """Draw it."""
    if not working.queries:
        st.info("This set has no query yet; add some under **Add queries**.", icon=":material/playlist_add:")
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        left = synthetic_switch(working.queries)
        words = st.text_input(
            "Find", key=state.FIND_QUERY, placeholder="words of a query, its class, its note or its id", persist_state="session"
        )
    shown = [query for query in left if _holds(query, (words or "").casefold().split())]
    chosen = _table(working, shown)
    _caption(len(shown), len(working.queries), len(chosen))
    with st.container(horizontal=True, gap="small"):
        _changing(working, chosen)
        _removing(working, chosen)


def _holds(query: Query, words: list[str]) -> bool:
    text = f"{query.text}\n{query.category}\n{query.note}\n{query.source}\n{query.id}".casefold()
    return all(word in text for word in words)


def _caption(shown: int, total: int, chosen: int) -> None:
    count = f"{shown:,} of {asked(total)}" if shown < total else asked(total)
    picked = f" {chosen:,} chosen." if chosen else " Choose some to change or remove them together."
    st.caption(f"{count}. Click into a cell to edit it; a change is stored at once.{picked}")


def _table(working: Working, shown: Sequence[Query]) -> list[Query]:
    """The table; returns the queries that are chosen in it."""
    judged = cached.counted_by_query(working.record.key)
    key = f"{TABLE} {working.record.key} {hash(tuple(query.id for query in shown))} {round_of(TABLE)}"
    edited = st.data_editor(
        pd.DataFrame([_row(query, len(judged.get(query.id, ()))) for query in shown], columns=list(COLUMNS)),
        key=key,
        hide_index=True,
        width="stretch",
        height="content" if len(shown) <= LINES else HEIGHT,
        column_config=COLUMNS,
        disabled=["source", "judged", "id"],
        placeholder="",
        on_change=_store,
        args=(working.record.key, key, tuple(shown)),
    )
    return [query for query, picked in zip(shown, edited["chosen"], strict=True) if picked]


def _row(query: Query, judged: int) -> dict[str, Any]:
    """A query's row; what was never asked says so beside its source."""
    source = f"synthetic · {query.source}" if judging.is_synthetic(query) else query.source
    cells = (False, query.text, query.category, query.note, query.held_out, judged, source, query.id)
    return dict(zip(COLUMNS, cells, strict=True))


COLUMNS = {
    "chosen": st.column_config.CheckboxColumn("", width=36, pinned=True),
    "query": st.column_config.TextColumn(width=360, required=True),
    "class": st.column_config.TextColumn(
        width=140, help="Quality is reported by class. Known to the rules: " + ", ".join(judging.QUERY_CLASSES) + "."
    ),
    "note": st.column_config.TextColumn(width="medium", help="What the person who asks means; shown while judging."),
    "held out": st.column_config.CheckboxColumn(width=80, help="Tuning never looks at it."),
    "judged": st.column_config.NumberColumn(width=70, help="Judgments of documents and passages that count."),
    "source": st.column_config.TextColumn(
        width=165, help=" · ".join(f"{name}: {words}" for name, words in judging.SOURCES.items())
    ),
    "id": st.column_config.TextColumn(width="small"),
}


def _store(set_key: str, key: str, shown: tuple[Query, ...]) -> None:
    """Callback of the table: store what was typed since the last time, all of it or nothing."""
    edited: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    stored: dict[int, dict[str, Any]] = st.session_state.get(state.EDITS, {}).get(key, {})
    fresh = {
        row: {name: value for name, value in cells.items() if name in FIELDS and (name, value) not in stored.get(row, {}).items()}
        for row, cells in edited.items()
    }
    changed = [_edited(shown[row], cells) for row, cells in fresh.items() if cells]
    if not changed:
        return
    try:
        cached.query_sets().edit(set_key, changed)
    except PlaygroundError as error:
        st.session_state[state.NOT_DONE] = str(error)
        anew(TABLE)
        return
    st.session_state[state.EDITS] = {key: {row: dict(cells) for row, cells in edited.items()}}
    st.toast(f"Stored: {asked(len(changed))} changed.", icon=":material/check:")


def _edited(query: Query, cells: dict[str, Any]) -> Query:
    """The query with what its cells hold now."""
    values: dict[str, Any] = {FIELDS[name]: value if name == "held out" else cell(value) for name, value in cells.items()}
    return replace(query, **values)


def _changing(working: Working, chosen: list[Query]) -> None:
    """Class and hold-out of the chosen queries."""
    name = f"class of chosen {working.record.key}"

    def change(of: Callable[[Query], Query]) -> str:
        cached.query_sets().edit(working.record.key, [of(query) for query in chosen])
        anew(TABLE)
        return f"Stored: {asked(len(chosen))} changed."

    def suggested(query: Query) -> Query:
        return replace(query, category=judging.suggest(query.text, working.language).category)

    label = f"Change {len(chosen):,} chosen" if chosen else "Change the chosen"
    with st.popover(label, icon=":material/edit:", disabled=not chosen, key="change queries", on_change="rerun"):
        category = st.selectbox(
            "Class", working.classes, index=None, key=name, accept_new_options=True, placeholder="Choose one or type a new one"
        )
        actions: dict[str, tuple[str, Callable[[Query], Query], bool]] = {
            "Give this class": ("sell", lambda query: replace(query, category=(category or "").strip()), not category),
            "Suggest a class for each": ("auto_awesome", suggested, False),
            "Hold out": ("lock", lambda query: replace(query, held_out=True), False),
            "Release": ("lock_open", lambda query: replace(query, held_out=False), False),
        }
        for action, (icon, of, off) in actions.items():
            st.button(
                action,
                key=f"change {action}",
                icon=f":material/{icon}:",
                width="stretch",
                disabled=off,
                on_click=lambda of=of: attempt(lambda: change(of), "change queries"),
            )


def _removing(working: Working, chosen: list[Query]) -> None:
    ids = {query.id for query in chosen}

    def remove() -> str:
        return f"{asked(cached.query_sets().remove(working.record.key, ids))} removed, with all judgments of them."

    label = f"Remove {len(chosen):,} chosen" if chosen else "Remove the chosen"
    with st.popover(label, icon=":material/delete:", disabled=not chosen, key="remove queries", on_change="rerun"):
        judged = sum(len(cached.counted_by_query(working.record.key).get(id, ())) for id in ids)
        st.markdown(f"Remove {asked(len(chosen))} with {judged:,} judgments that count and their history? It cannot be undone.")
        st.button(
            "Remove", key="remove chosen", type="primary", width="stretch", on_click=attempt, args=(remove, "remove queries")
        )
