"""The section List: all documents of a query's pool at once, graded in place or many together, in the blind order."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import cached, state
from pages.common.markup import counted
from pages.judge import beside
from pages.judge.card import Task, task_of, to_judge, undo
from pages.judge.pools import Opened, Pooling
from pages.judge.sheet import SAYS, SILENT, Row, name, note_key, rows_of, sheet
from retrieval import PlaygroundError, Query, judging

CLEAR = "clear"
EMPTY = {
    "all": "The pool of this query is empty, and you judged nothing outside it.",
    "left to judge": "You have judged every document of this query's pool.",
    "judged": "You have judged no document of this query yet.",
}


def listing(corpus: str, chosen: judging.QuerySet | None, pooling: Pooling) -> None:
    """Draw it."""
    found = to_judge(corpus, chosen, pooling)
    if found is not None:
        _listing(*found)


@st.fragment
def _listing(chosen: judging.QuerySet, queries: tuple[Query, ...], engine: Opened) -> None:
    """Everything that a grade changes, drawn anew without the rest of the page."""
    task = task_of(chosen, beside.current(queries), engine)
    left, right = st.columns([1.4, 1], gap="large", vertical_alignment="top")
    with left:
        beside.walk(queries, task.query)
    with right:
        beside.progress(task)
    about, guidelines = st.columns([5, 1], gap="small", vertical_alignment="top")
    with about:
        beside.about(task.query)
    with guidelines.popover("Guidelines", icon=":material/menu_book:", width="stretch"):
        st.markdown(chosen.guidelines)
    beside.fault()
    shown, words = _filters()
    rows = rows_of(task, engine, shown, words)
    if not rows:
        none = "No document in this list holds all of these words." if words.strip() else EMPTY[shown]
        st.info(none, icon=":material/filter_list_off:")
        _undo(task)
        return
    _bulk(task, rows)
    _count(rows)
    sheet(task, rows, lambda given: give(task, given))


def _filters() -> tuple[str, str]:
    """Which lines are listed: all, left or judged, and the words that they hold."""
    choice, find = st.columns([1.3, 2], gap="small", vertical_alignment="bottom")
    shown = choice.segmented_control(
        "Listed", list(judging.SHOWN), default="all", required=True, key=state.LISTED, label_visibility="collapsed"
    )
    words = find.text_input(
        "Find", key=state.LIST_FIND, placeholder="words of a title, a text or an id", label_visibility="collapsed"
    )
    return str(shown or "all"), words or ""


def _bulk(task: Task, rows: Sequence[Row]) -> None:
    """What is done with all ticked lines at once, in one transaction; what is done with one; and undo."""
    chosen = [row for row in rows if row.ticked]
    with st.container(horizontal=True, gap="small", horizontal_alignment="distribute"):
        with st.container(horizontal=True, gap="xsmall", width="content"):
            st.button("Tick all", key="tick all", icon=":material/select_all:", on_click=tick, args=(task, rows))
            st.button(
                "Tick none", key="tick none", icon=":material/deselect:", on_click=tick, args=(task, ()), disabled=not chosen
            )
        with st.container(horizontal=True, gap="xsmall", width="content"):
            for label, (grade, cant_tell) in {**SAYS, CLEAR: SILENT}.items():
                _bulk_button(task, chosen, label, grade, cant_tell)
        with st.container(horizontal=True, gap="xsmall", width="content"):
            _undo(task)
            _read(task, chosen)


def _read(task: Task, chosen: Sequence[Row]) -> None:
    only = chosen[0].line if len(chosen) == 1 else None
    if st.button(
        "Read",
        key="read",
        icon=":material/article:",
        help="Opens the ticked document in the section Judge.",
        disabled=only is None,
        on_click=lambda: beside.open_card(task.key, task.query.id, only.document_id, only.span) if only else None,
    ):
        st.rerun()


def _bulk_button(task: Task, chosen: Sequence[Row], label: str, grade: int | None, cant_tell: bool) -> None:
    what = "Takes your words on the ticked lines back" if label == CLEAR else f"Says of every ticked line: {label}"
    st.button(
        label[0].upper() + label[1:],
        key=f"bulk {label}",
        help=f"{what}, in one step that Undo takes back.",
        disabled=not chosen,
        on_click=grade_all,
        args=(task, chosen, grade, cant_tell),
    )


def _undo(task: Task) -> None:
    st.button("Undo", key="do Undo", icon=":material/undo:", help="Takes your last word back", on_click=undo, args=(task,))


def _count(rows: Sequence[Row]) -> None:
    said = [f"{counted(len(rows), 'line')}, {sum(row.ticked for row in rows):,} ticked"]
    if waiting := sum(bool(row.note) and row.line.word is None for row in rows):
        said.append(f"{counted(waiting, 'note')} will be stored with a grade")
    st.caption(" · ".join(said) + ". A grade is stored when the cell is left.")


def tick(task: Task, rows: Sequence[Row]) -> None:
    """Callback: exactly these lines are ticked."""
    st.session_state[state.TICKED] = (task.key, task.query.id, frozenset(name(row.line) for row in rows))


def grade_all(task: Task, rows: Sequence[Row], grade: int | None, cant_tell: bool) -> None:
    """Callback: one word on all of these lines, on disk when this returns; their notes stay, but for words taken back."""
    clear = grade is None and not cant_tell
    if give(task, [row.line.said(task.rater, grade, cant_tell, "" if clear else row.note) for row in rows]):
        tick(task, ())


def give(task: Task, words: Sequence[judging.Verdict]) -> bool:
    """Store words; False, with the reason on the page, where they could not be stored."""
    try:
        cached.judgments().give(task.key, words)
    except PlaygroundError as error:
        st.session_state[state.FAULT] = str(error)
        return False
    st.session_state.pop(state.FAULT, None)
    waiting = st.session_state.get(state.NOTES, {})
    for word in words:
        waiting.pop(note_key(task.key, word), None)
    return True
