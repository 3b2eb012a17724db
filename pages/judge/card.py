"""The section Judge: one document at a time, graded by a key, with the query and what counts as relevant beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.common import cached, state
from pages.common import judging as common
from pages.common.markup import counted, plain
from pages.judge import beside
from pages.judge.passages import JUDGED, PASSAGE, TERM, Mark, segments, window
from pages.judge.pools import Opened, Pooling, opened
from pages.judge.reader import reader, selected
from retrieval import GRADES, Document, PlaygroundError, Query, judging, matched

HELP = {
    0: "Of no use for the need, even where the words match",
    1: "On the subject, but the need stays open",
    2: "Answers a good part of it",
    3: "Answers it completely",
}


@dataclass(frozen=True)
class Task:
    """A query of a set to judge, by whom, and its pool with the documents that are left, the next one first.

    `pinned` is a document that was asked for, judged or not; "" where none was.
    """

    key: str
    rater: str
    query: Query
    pool: judging.Pool
    best: Mapping[str, str]
    left: tuple[str, ...]
    words: tuple[judging.Verdict, ...]
    pinned: str = ""

    @property
    def document(self) -> str:
        """The document to show, "" where nothing is left."""
        return self.pinned or next(iter(self.left), "")

    def word(self, document_id: str, span: tuple[int, int] | None = None) -> judging.Verdict | None:
        """What the rater said on a document, or on characters of it; None where no word stands."""
        place = (self.query.id, document_id, *(span or (None, None)))
        return next((word for word in self.words if (word.rater, word.place) == (self.rater, place)), None)


def judge(corpus: str, chosen: judging.QuerySet | None, pooling: Pooling) -> None:
    """Draw it."""
    found = to_judge(corpus, chosen, pooling)
    if found is not None:
        _judging(*found)


def to_judge(
    corpus: str, chosen: judging.QuerySet | None, pooling: Pooling
) -> tuple[judging.QuerySet, tuple[Query, ...], Opened] | None:
    """The set, its queries and what searches for them; None, with the reason on the page, where nothing can be judged."""
    queries = common.queries_of(chosen) if chosen else ()
    if chosen is None or not queries:
        st.info("There is no query to judge yet; add some in the section Query sets.", icon=":material/playlist_add:")
        return None
    if not common.rater():
        common.ask_rater()
        return None
    engine = opened(corpus, pooling)
    return None if engine is None else (chosen, queries, engine)


@st.fragment
def _judging(chosen: judging.QuerySet, queries: tuple[Query, ...], engine: Opened) -> None:
    """Everything that a key changes, drawn anew without the rest of the page."""
    query = beside.current(queries)
    task = task_of(chosen, query, engine)
    left, right = st.columns([1, 2.1], gap="large")
    with left:
        beside.panel(chosen, queries, task)
    with right:
        if task.document:
            _card(task, engine, task.document)
        else:
            _done(queries, task)


def task_of(chosen: judging.QuerySet, query: Query, engine: Opened) -> Task:
    """What is left of a query for the rater."""
    rater, found = common.rater(), engine.pooled(query)
    words = cached.judgments().latest(chosen.key, query.id)
    mine = judging.judged_documents(words, rater).get(query.id, set())
    later = st.session_state.get(state.LATER, {}).get((chosen.key, query.id), ())
    left = judging.queue(found.pool, mine, chosen.key, rater, engine.pooling.order, later)
    return Task(chosen.key, rater, query, found.pool, found.best, left, words, beside.pinned(chosen.key, query))


def _card(task: Task, engine: Opened, document_id: str) -> None:
    row = cached.rows(engine.engine.corpus.fingerprint, engine.engine.corpus).get(document_id)
    if row is None:
        _gone(task, document_id)
        return
    document = engine.engine.corpus.documents[row]
    span = _span(document_id)
    _grades(task, document_id, span)
    st.markdown(f"##### {plain(document.title) or plain(document.id)}{_said(task, document_id, span)}")
    marks = _marks(task, engine, document, span)
    shown = window(len(document.text), span or next(((mark.start, mark.end) for mark in marks if mark.kind == PASSAGE), None))
    if document.text.strip():
        reader(f"{task.query.id} {document_id}", segments(document.text, marks, shown), lambda: _select(document_id))
    else:
        st.info("This document has no text beside its title.", icon=":material/notes:")
    if shown != (0, len(document.text)):
        st.caption(f"Characters {shown[0]:,} to {shown[1]:,} of {len(document.text):,}, around the best passage.")
    _beneath(span)


def _said(task: Task, document_id: str, span: tuple[int, int] | None) -> str:
    """The rater's own word where one stands already, as Markdown."""
    word = task.word(document_id, span)
    if word is None:
        return ""
    note = f" · {plain(word.note)}" if word.note else ""
    return f" :small[:blue-badge[your grade: {common.label(word)}]{note}]"


def _grades(task: Task, document_id: str, span: tuple[int, int] | None) -> None:
    """The buttons; their keys are printed on them and do nothing while somebody types."""
    for grade, place in zip(GRADES, st.columns(4, gap="small"), strict=True):
        place.button(
            GRADES[grade],
            key=f"grade {grade}",
            shortcut=str(grade),
            help=HELP[grade],
            width="stretch",
            on_click=give,
            args=(task, document_id, grade, span),
        )
    actions: dict[str, tuple[str, str, Callable[..., None], tuple[object, ...]]] = {
        "Can't tell": ("X", ":material/question_mark:", give, (task, document_id, None, span)),
        "Later": ("S", ":material/schedule:", put_off, (task, document_id)),
        "Undo": ("Z", ":material/undo:", undo, (task,)),
        "Note": ("N", ":material/edit_note:", st.session_state.update, ({state.NOTING: True},)),
    }
    for (label, (shortcut, icon, act, given)), place in zip(actions.items(), st.columns(4, gap="small"), strict=True):
        place.button(
            label, key=f"do {label}", shortcut=shortcut, icon=icon, type="tertiary", width="stretch", on_click=act, args=given
        )
    if st.session_state.get(state.NOTING):
        st.text_input(
            "Note, kept with the next grade",
            key=state.NOTE,
            max_chars=2_000,
            placeholder="Why? Enter, then a grade.",
        )
        beside.focus(not st.session_state.get(state.NOTE))


def _marks(task: Task, engine: Opened, document: Document, span: tuple[int, int] | None) -> list[Mark]:
    """The passage, which is the selection where there is one, the query's terms, and what the rater judged before."""
    found = span or _passage(task, engine, document)
    marks = [Mark(*found, PASSAGE)] if found else []
    if st.session_state.get(state.TERMS, True):
        analyser = engine.pipeline.analyser
        spans = matched(analyser.tokens(document.text), frozenset(analyser.terms(task.query.text)))
        marks += [Mark(start, end, TERM) for start, end in spans]
    for word in task.words:
        if word.document_id == document.id and word.rater == task.rater and word.start is not None and word.end is not None:
            marks.append(Mark(word.start, word.end, JUDGED, common.label(word)))
    return marks


def _passage(task: Task, engine: Opened, document: Document) -> tuple[int, int] | None:
    """The best chunk of the document; None where that is all of it."""
    if document.id not in task.best:
        return None
    chunk = engine.engine.chunk(task.best[document.id])
    whole = (chunk.start, chunk.end) == (0, len(document.text))
    return None if whole or chunk.start == chunk.end else (chunk.start, chunk.end)


def _beneath(span: tuple[int, int] | None) -> None:
    """What the next grade is for."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if span:
            st.badge(
                f"The next grade is for the {span[1] - span[0]:,} selected characters", icon=":material/select:", color="violet"
            )
            st.button(
                "Whole document instead",
                key="whole",
                type="tertiary",
                on_click=lambda: st.session_state.pop(state.SPAN, None),
            )
        else:
            st.caption("The next grade is for the whole document; select a passage to grade that alone.")
        st.toggle("Matched terms", True, key=state.TERMS, persist_state="session")


def _done(queries: tuple[Query, ...], task: Task) -> None:
    total = counted(len(task.pool.documents), "document")
    st.success(f"You have judged all of this query's pool, {total}.", icon=":material/done_all:")
    following = beside.following(queries, task.query)
    with st.container(horizontal=True):
        if following is not None:
            st.button(
                "Next query",
                key="next query",
                type="primary",
                shortcut="Enter",
                icon=":material/arrow_forward:",
                on_click=beside.take,
                args=(following.id,),
            )
        st.button("Undo", key="do Undo", shortcut="Z", icon=":material/undo:", on_click=undo, args=(task,))


def _gone(task: Task, document_id: str) -> None:
    st.warning(f"The document {plain(document_id)} is not in this corpus.", icon=":material/link_off:")
    st.button("Later", key="do Later", shortcut="S", on_click=put_off, args=(task, document_id))


def _span(document_id: str) -> tuple[int, int] | None:
    found = st.session_state.get(state.SPAN)
    return found[1:] if found and found[0] == document_id else None


def _select(document_id: str) -> None:
    """Callback of the reader: what is selected is what the next grade is for."""
    if span := selected():
        st.session_state[state.SPAN] = (document_id, *span)


def give(task: Task, document_id: str, grade: int | None, span: tuple[int, int] | None) -> None:
    """Callback of the grades: the verdict is on disk when this returns, and the next card is drawn after it.

    Another grade keeps the note of the one before, unless there is a new note.
    """
    start, end = span or (None, None)
    before = task.word(document_id, span)
    note = str(st.session_state.get(state.NOTE) or (before.note if before else ""))
    word = judging.Verdict(task.query.id, document_id, grade, grade is None, start, end, task.rater, note)
    try:
        cached.judgments().give(task.key, [word])
    except PlaygroundError as error:
        st.session_state[state.FAULT] = str(error)
        return
    for key in (state.SPAN, state.NOTING, state.NOTE, state.PINNED, state.FAULT):
        st.session_state.pop(key, None)


def put_off(task: Task, document_id: str) -> None:
    """Callback: this document comes last."""
    later = st.session_state.setdefault(state.LATER, {})
    before = later.get((task.key, task.query.id), ())
    later[task.key, task.query.id] = (*(document for document in before if document != document_id), document_id)
    st.session_state.pop(state.PINNED, None)


def undo(task: Task) -> None:
    """Callback: take the last word back, and show what it was on."""
    try:
        words = cached.judgments().undo(task.key, task.rater)
    except PlaygroundError as error:
        st.session_state[state.FAULT] = str(error)
        return
    if words:
        beside.pin(task.key, words[0].query_id, words[0].document_id)
