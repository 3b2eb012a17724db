"""New queries for a set: written one by one, from a file, from a query log, or drawn from the corpus."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain
from pages.judge import known, logs
from pages.judge.candidates import candidates_table, suggested
from pages.judge.working import Working, anew, asked, attempt, figures, kept, refusals, round_of, store_button
from retrieval import Query, judging

UPLOADS = "queries"
QUERY_FORMATS = [name for name, form in judging.FORMATS.items() if form.queries]


def adding(working: Working) -> None:
    """Draw it."""
    source = st.segmented_control(
        "From",
        list(SOURCES),
        default=next(iter(SOURCES)),
        key=state.QUERIES_FROM,
        persist_state="session",
        label_visibility="collapsed",
        required=True,
    )
    SOURCES[source or next(iter(SOURCES))](working)


def _one(working: Working) -> None:
    """A form for one query."""

    def add() -> str:
        words = " ".join(str(st.session_state[state.NEW_QUERY]).split())
        category = st.session_state[state.NEW_QUERY_CLASS]
        if category is None:
            category = judging.suggest(words, working.language).category
        id = judging.query_id("query", judging.folded(words))
        cached.query_sets().add(
            working.record.key, [Query(id, words, category.strip(), str(st.session_state[state.NEW_QUERY_NOTE]))]
        )
        return f"Added: {plain(words)}" + (f", as {plain(category)}." if category else ", without a class.")

    with st.form("one query", border=True, clear_on_submit=True):
        st.text_input("Query", key=state.NEW_QUERY, max_chars=10_000, placeholder="As people would type it")
        left, right = st.columns([1, 2], gap="medium")
        left.selectbox(
            "Class",
            working.classes,
            index=None,
            key=state.NEW_QUERY_CLASS,
            accept_new_options=True,
            placeholder="By the rules, from its words",
            help="Choose one, type a new one, or leave it to the rules.",
        )
        right.text_input(
            "Note", key=state.NEW_QUERY_NOTE, max_chars=2_000, placeholder="What the person who asks means; shown while judging"
        )
        st.form_submit_button("Add query", type="primary", icon=":material/add:", on_click=attempt, args=(add,))


def _file(working: Working) -> None:
    """A file of queries: what is in it, then the button."""
    upload, choose = st.columns([2.2, 1], gap="large")
    file = upload.file_uploader(
        "CSV, TSV, JSON Lines, BEIR queries, TREC topics", key=f"{state.QUERY_UPLOADS} {UPLOADS} {round_of(UPLOADS)}"
    )
    if file is None:
        upload.caption("A column `text` is enough; `id`, `class` and `note` are taken where they are there.")
        return
    guess = judging.guess_format(file.name, file.getvalue())
    with choose:
        form = st.selectbox(
            "Format",
            QUERY_FORMATS,
            index=QUERY_FORMATS.index(guess) if guess in QUERY_FORMATS else QUERY_FORMATS.index("csv-queries"),
            format_func=lambda name: judging.FORMATS[name].label,
            key=f"format of queries {file.file_id}",
            help="Guessed from the content and the name.",
        )
        st.caption(plain(judging.FORMATS[form].holds))
    if guess and guess not in QUERY_FORMATS:
        st.warning(
            f"This looks like {judging.FORMATS[guess].label}, a file of judgments; import it in the section Files.",
            icon=":material/swap_horiz:",
        )
    key = (file.file_id, form, working.record.key, working.queries)
    found = kept(state.PREVIEW_OF_FILE, key, lambda: judging.preview_file(file.getvalue(), form, working.queries))
    _found(working, found, file.file_id)


def _found(working: Working, found: judging.Preview, file_id: str) -> None:
    """What is in the file, held against the set."""
    figures(
        {
            "Rows read": found.rows,
            "New": len(found.new),
            "Changed": len(found.changed),
            "There already": found.unchanged,
            "Refused": len(found.refused),
        }
    )
    refusals([(refused.where, f"{refused.reason}; {refused.remedy}") for refused in found.refused], "queries")
    if found.said:
        st.info("The file holds judgments too; the section Files imports both in one go.", icon=":material/gavel:")
    changed = _changed(found) if found.changed else ()
    taken: tuple[Query, ...] = ()
    if found.new:
        taken = candidates_table(file_id, suggested(found.new, working.language))
    elif not changed:
        st.info("There is nothing new in this file.", icon=":material/inbox:")

    def add() -> str:
        new = cached.query_sets().add(working.record.key, (*taken, *changed), replacing=bool(changed))
        anew(UPLOADS)
        done = ([f"{asked(new)} added"] if new else []) + ([f"{asked(len(changed))} changed"] if changed else [])
        return f"{', '.join(done)}."

    label = " and ".join(
        part for part in (f"Add {asked(len(taken))}" if taken else "", f"change {asked(len(changed))}" if changed else "") if part
    )
    store_button(label[:1].upper() + label[1:] if label else "Add queries", "add queries", "add", add, not label)


def _changed(found: judging.Preview) -> tuple[Query, ...]:
    """The queries of the set that the file has other words for, where the user wants these."""
    take = st.toggle(
        f"Take over what the file says of {asked(len(found.changed))} of this set",
        False,
        key="take changed",
        help="Judgments stay.",
    )
    names = ("id", "text", "class", "note", "source", "added", "held out")
    rows: list[tuple[Any, ...]] = []
    for before, after in found.changed:
        both = zip(names, astuple(before), astuple(after), strict=True)
        rows += [(before.id, name, str(old), str(new)) for name, old, new in both if old != new]
    table = pd.DataFrame(rows, columns=["id", "what", "here", "in the file"])
    st.dataframe(table, hide_index=True, width="stretch", key="changed queries")
    return tuple(after for _, after in found.changed) if take else ()


SOURCES = {"One query": _one, "A file": _file, "A query log": logs.logs, "The corpus": known.known}
