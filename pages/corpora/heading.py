"""The head of the page: which corpus, how it stands, and what can be done with it as a whole."""

from __future__ import annotations

import io
from collections.abc import Callable

import streamlit as st

from pages.common import building, cached, choosing, state
from pages.common.markup import plain
from retrieval import Collection, PlaygroundError, Record, beir_zip, judging


def heading() -> str:
    """Draw the head; returns the key of the chosen corpus."""
    _move()
    left, new, manage = st.columns([5, 1.3, 1.3], vertical_alignment="bottom", gap="small")
    with left:
        key = choosing.corpus_picker(help="What the sections below show and change.")
    with new.popover("New corpus", icon=":material/add:", width="stretch"):
        _new()
    with manage.popover("Manage", icon=":material/settings:", width="stretch"):
        _manage(key)
    record = cached.record_of(key)
    st.caption(_standing(key, record))
    job = cached.jobs().status(key)
    if job is not None and job.alive:
        building.watch(key)
    return key


def _move() -> None:
    """Take on the corpus and the section that the run before asked for; widgets cannot be changed once they are drawn."""
    corpus, section = st.session_state.pop(state.NEXT, (None, None))
    if section is not None:
        st.session_state[state.SECTION] = section
    if corpus is not None:
        st.session_state[state.CORPUS] = corpus


def _standing(key: str, record: Record | None) -> str:
    """One line: how many documents, where they are from, and whether the index in use has them all."""
    if record is None:
        count = len(cached.latest(key)[0].documents)
        return f"**{count:,}** documents · a sample or a folder of the server, read only"
    changed = record.updated[:16].replace("T", " ")
    facts = f"**{record.documents:,}** documents · stored here · changed {changed} UTC"
    if not record.latest and not record.used:
        return f"{facts} · add documents to begin"
    if not record.used:
        return f"{facts} · :orange[no index yet, build one in the section Index]"
    if record.stale:
        return f"{facts} · :orange[the index in use is of an earlier version, build it again to search the changes]"
    return f"{facts} · :green[the index in use has them all]"


def _new() -> None:
    with st.form("new-corpus", border=False, clear_on_submit=True):
        name = st.text_input("Name", max_chars=100, placeholder="Crane handbook")
        if st.form_submit_button("Create", type="primary", icon=":material/add:", width="stretch"):
            try:
                record = cached.store().create(name)
            except PlaygroundError as error:
                st.error(str(error), icon=":material/error:")
                return
            st.session_state[state.NEXT] = (record.key, "Add documents")
            st.session_state[state.CHUNKER] = "structure-aware"  # documents of one's own are seldom of one chunk's size
            st.rerun()


def _manage(key: str) -> None:
    record = cached.record_of(key)
    _download(key)
    if record is None:
        st.caption("Samples and folders of the server are read only. Make a new corpus to bring your own documents.")
        return
    with st.form(f"rename {key}", border=False):
        name = st.text_input("Name", record.name, max_chars=100)
        if st.form_submit_button("Rename", icon=":material/edit:", width="stretch"):
            _do(lambda: cached.store().rename(key, name), key)
    sure = st.checkbox(
        f"Yes, delete {plain(record.name)} with its {record.documents:,} documents, its index and its vectors", key=f"sure {key}"
    )
    st.caption("Grades that were given stay in the database.")
    if st.button("Delete", key=f"delete {key}", icon=":material/delete:", disabled=not sure, width="stretch"):
        cached.jobs().cancel(key)
        cached.jobs().forget(key)
        _do(lambda: cached.store().delete(key), None)


def _do(change: Callable[[], object], then: str | None) -> None:
    """Carry a change out and draw anew; where it cannot be done, its sentence."""
    try:
        change()
    except PlaygroundError as error:
        st.error(str(error), icon=":material/error:")
        return
    if then is None:
        del st.session_state[state.CORPUS]
    st.rerun()


def _download(key: str) -> None:
    st.download_button(
        "Download as BEIR ZIP",
        lambda: _zip(key),
        f"{key}.zip",
        "application/zip",
        key=f"download {key}",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        help="Documents, queries and judgments, the grades given here among them; what this page and other tools read.",
    )


def _zip(key: str) -> bytes:
    corpus = cached.latest(key)[0]
    sets = [(record, cached.query_sets().queries(record.key), cached.counted(record.key)) for record in cached.sets_of(key)]
    buffer = io.BytesIO()
    beir_zip(judging.with_sets(Collection(corpus.documents, (), {}, ()), sets), buffer)
    return buffer.getvalue()
