"""The table of the section List: its rows, and what was edited in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common import judging as common
from pages.judge.card import Task
from pages.judge.pools import Opened
from retrieval import GRADES, Document, judging, passage

CANT_TELL = "can't tell"
SAYS = {**{f"{grade} {label}": (grade, False) for grade, label in GRADES.items()}, CANT_TELL: (None, True)}
SILENT = (None, False)
WIDTH = 180
READ = 20_000  # characters of a document without a best chunk in which its words are looked for
ROW_HEIGHT = 76
TALLEST = 640
COLUMNS = {
    "ticked": st.column_config.CheckboxColumn("", width=36, help="Ticked lines are graded together"),
    "grade": st.column_config.SelectboxColumn("grade", options=list(SAYS), width=112),
    "title": st.column_config.TextColumn("title", width=170, disabled=True),
    "text": st.column_config.TextColumn("text around the words of the query", width=400, disabled=True),
    "note": st.column_config.TextColumn("note", width=158, max_chars=2_000),
    "where": st.column_config.TextColumn("where", width=130, disabled=True),
    "id": st.column_config.TextColumn("id", width=110, disabled=True),
}


@dataclass(frozen=True)
class Row:
    """A line as it is shown: what the editor has to show for it, unless somebody edits it."""

    line: judging.Line
    ticked: bool
    grade: str | None
    note: str
    title: str
    text: str

    @property
    def where(self) -> str:
        """Which part of the document it is."""
        span = self.line.span
        part = "whole document" if span is None else f"characters {span[0]:,} to {span[1]:,}"
        return part if self.line.pooled else f"{part}, not in the pool"

    @property
    def cells(self) -> dict[str, Any]:
        """Its cells by column."""
        shown = {column: getattr(self, column) for column in COLUMNS if column != "id"}
        return shown | {"id": self.line.document_id}


def name(line: judging.Line) -> str:
    """A text that no other line of the query has."""
    return f"{line.start}-{line.end} {line.document_id}"


def note_key(key: str, word: judging.Verdict) -> tuple[str, ...]:
    """Under which the note waits that belongs to a word in the set `key`."""
    return (key, word.rater, *map(str, word.place))


def rows_of(task: Task, engine: Opened, shown: str, words: str) -> list[Row]:
    """The lines of the query, all, left or judged, that hold all of `words` in title, id or text."""
    lines = judging.lines(task.pool, task.words, task.key, task.rater, engine.pooling.order, shown)
    documents = _documents(engine, lines)
    wanted = words.casefold().split()
    lines = tuple(line for line in lines if _holds(documents.get(line.document_id), line.document_id, wanted))
    texts = _texts(task, engine, documents)
    of, query, names = st.session_state.get(state.TICKED, ("", "", frozenset()))
    ticked = names if (of, query) == (task.key, task.query.id) else frozenset()
    return [_row(task, line, documents.get(line.document_id), texts, name(line) in ticked) for line in lines]


def _row(task: Task, line: judging.Line, document: Document | None, texts: Mapping[str, str], ticked: bool) -> Row:
    waiting = st.session_state.get(state.NOTES, {}).get(note_key(task.key, line.said(task.rater, None)), "")
    grade = common.label(line.word) if line.word else None
    note = line.word.note if line.word else waiting
    if document is None:
        return Row(line, ticked, grade, note, "", "This document is not in the corpus.")
    text = texts[document.id] if line.span is None else document.text[slice(*line.span)][: 2 * WIDTH]
    return Row(line, ticked, grade, note, document.title, " ".join(text.split()))


def _documents(engine: Opened, lines: Sequence[judging.Line]) -> dict[str, Document]:
    corpus = engine.engine.corpus
    rows = cached.rows(corpus.fingerprint, corpus)
    return {line.document_id: corpus.documents[rows[line.document_id]] for line in lines if line.document_id in rows}


def _holds(document: Document | None, id: str, words: Sequence[str]) -> bool:
    text = f"{document.title}\n{document.text}\n{id}" if document else id
    return not words or all(word in text.casefold() for word in words)


def _texts(task: Task, engine: Opened, documents: Mapping[str, Document]) -> Mapping[str, str]:
    """Some of the text of every document around the query's words, of its best chunk where there is one."""

    def compute() -> dict[str, str]:
        return {id: _text(task, engine, document) for id, document in documents.items()}

    index = cached.index_name(engine.corpus, engine.pipeline)
    key = ("texts", index, task.query.text, *(f"{id} {task.best.get(id)}" for id in documents))
    found: Mapping[str, str] = cached.pooled(key, compute)
    return found


def _text(task: Task, engine: Opened, document: Document) -> str:
    if document.id in task.best:
        pieces = engine.engine.passage(task.best[document.id], task.query.text, WIDTH, engine.finished)
    else:
        analyser, text = engine.pipeline.analyser, document.text[:READ]
        pieces = passage(text, analyser.tokens(text), frozenset(analyser.terms(task.query.text)), WIDTH)
    return "".join(piece.text for piece in pieces)


def sheet(task: Task, rows: Sequence[Row], give: Callable[[Sequence[judging.Verdict]], bool]) -> None:
    """Draw the table; what is edited in it is given before the page is drawn again.

    Edits that were not stored, or are no longer what is stored, are dropped by taking another key.
    """
    number = st.session_state.get(state.LIST_ROUND, 0)
    if any(_edits(f"list {number}", rows)):
        number = st.session_state[state.LIST_ROUND] = number + 1
    key = f"list {number}"
    columns = list(COLUMNS)
    if all(row.where == "whole document" for row in rows):
        columns.remove("where")
    st.data_editor(
        _frame(rows),
        key=key,
        column_config=COLUMNS,
        column_order=columns,
        hide_index=True,
        width="stretch",
        height=min(TALLEST, 40 + ROW_HEIGHT * len(rows)),
        row_height=ROW_HEIGHT,
        placeholder="–",
        on_change=_take,
        args=(key, task, tuple(rows), give),
    )


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    """The cells under types that stay the same whatever is in them: another type would draw the editor anew at every grade."""
    index = [name(row.line) for row in rows]
    columns = {column: "bool" if column == "ticked" else "string" for column in COLUMNS}
    return pd.DataFrame([row.cells for row in rows], index=index, columns=list(COLUMNS)).astype(columns)


def _edits(key: str, rows: Sequence[Row]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of the editor that differ from `rows`, and how."""
    edited: Mapping[int, Mapping[str, Any]] = (st.session_state.get(key) or {}).get("edited_rows", {})
    for number, cells in edited.items():
        shown = rows[number].cells if number < len(rows) else {}
        changed = {column: value for column, value in cells.items() if (value or None) != (shown.get(column) or None)}
        if changed:
            yield number, changed


def _take(key: str, task: Task, rows: Sequence[Row], give: Callable[[Sequence[judging.Verdict]], bool]) -> None:
    """Callback of the editor: ticks are kept for the bulk buttons, a note for its grade; words are given at once."""
    ticked, words = {name(row.line) for row in rows if row.ticked}, []
    for number, changed in _edits(key, rows):
        row = rows[number]
        if "ticked" in changed:
            (ticked.add if changed["ticked"] else ticked.discard)(name(row.line))
        if "grade" in changed or "note" in changed:
            words += _words(task, row, changed)
    st.session_state[state.TICKED] = (task.key, task.query.id, frozenset(ticked))
    if words:
        give(words)


def _words(task: Task, row: Row, changed: Mapping[str, Any]) -> list[judging.Verdict]:
    """What an edit says; a note without a grade says nothing yet and waits."""
    grade, cant_tell = SAYS.get(changed.get("grade", row.grade) or "", SILENT)
    note = str(changed.get("note", row.note) or "")
    silent = grade is None and not cant_tell
    if silent and "grade" not in changed:
        st.session_state.setdefault(state.NOTES, {})[note_key(task.key, row.line.said(task.rater, None))] = note
        return []
    return [row.line.said(task.rater, grade, cant_tell, "" if silent else note)]
