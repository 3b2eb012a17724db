"""The section Add documents: files from the browser or a folder of the server, read within limits, reported, then added."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common import cached, state
from pages.common.markup import counted, plain
from pages.corpora import fields, limits, report
from retrieval import Change, PlaygroundError, Reading, ReadReport, Summary, allowed, files_below, read_safely, summarise

FORMATS = (
    "PDF, Word, PowerPoint, Excel, HTML, Markdown, reStructuredText, text, CSV, TSV, Parquet, JSON, source code, mail, BEIR, "
    "and ZIP files of these"
)
UPLOAD, FOLDER = "Upload files", "Folder of the server"


@dataclass(frozen=True)
class Import:
    """What was read and not added yet: for which corpus, the report, its summary, and a number that tells it from others."""

    corpus: str
    report: ReadReport
    summary: Summary


def adding(key: str) -> None:
    """Draw it."""
    record = cached.record_of(key)
    if record is None:
        st.info(
            "Samples and folders of the server are read only. Make a corpus of your own with **New corpus** above, or choose it.",
            icon=":material/lock:",
        )
        return
    if note := st.session_state.pop(state.ADDED, None):
        _added(key, note)
    source, settings = st.columns([2.2, 1], gap="large")
    with source:
        where = st.segmented_control(
            "From", [UPLOAD, FOLDER], default=UPLOAD, key=state.IMPORT_FROM, label_visibility="collapsed"
        )
        files = _folder() if where == FOLDER else _uploads()
    with settings:
        reading = _reading(files)
    if files and st.button(f"Read {counted(len(files), 'file')}", key="read", type="primary", icon=":material/menu_book:"):
        _read(key, files, reading)
    found = st.session_state.get(state.IMPORT)
    if isinstance(found, Import) and found.corpus == key:
        _found(key, found)


def _uploads() -> Sequence[Any]:
    """The uploaded files; each has a name and gives its bytes."""
    return st.file_uploader(
        FORMATS, accept_multiple_files=True, key=state.upload_key(st.session_state.get(state.UPLOAD_ROUND, 0))
    )


def _folder() -> Sequence[tuple[str, Path]]:
    """Name and path of the files below a folder of the server that its operator allows."""
    roots = allowed()
    if not roots:
        st.caption("No folder of this server may be read. Its operator can allow some in `PLAYGROUND_FOLDERS`.")
        return ()
    path = st.text_input("Folder", str(roots[0]), key=state.SERVER_FOLDER, help=f"Below {', '.join(map(str, roots))}.")
    try:
        found = files_below(path or "", limits.chosen())
    except PlaygroundError as error:
        st.error(str(error), icon=":material/error:")
        return ()
    st.caption(f"{counted(len(found), 'file')} below this folder, hidden ones left out.")
    return found


def _reading(files: Sequence[Any]) -> Reading:
    """The settings of the import."""
    keep = st.toggle(
        "Keep copies", False, key=state.KEEP_COPIES, help="Off: of documents with the same content only the first is taken."
    )
    with st.popover("Limits", icon=":material/shield:", width="stretch"):
        within = limits.controls()
    return Reading(limits=within, fields=fields.chooser(files), keep_duplicates=keep)


def _read(key: str, files: Sequence[Any], reading: Reading) -> None:
    """Read the files in a worker process, and keep the report in the session."""
    bar = st.progress(0.0, "Reading")
    try:
        with on_disk(files) as paths:
            found = read_safely(paths, reading, lambda done, of, name: bar.progress(done / max(of, 1), _reads(done, of, name)))
    except PlaygroundError as error:
        bar.empty()
        st.error(str(error), icon=":material/error:")
        return
    bar.empty()
    st.session_state[state.IMPORT] = Import(key, found, summarise(found))


@contextmanager
def on_disk(files: Sequence[Any]) -> Iterator[list[tuple[str, Path]]]:
    """Name and path of every file; uploaded ones lie in a temporary folder meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, file in enumerate(files):
            if isinstance(file, tuple):
                paths.append(file)
                continue
            path = Path(folder) / str(number)
            path.write_bytes(file.getbuffer())
            paths.append((file.name, path))
        yield paths


def _found(key: str, found: Import) -> None:
    """The report, and the button that adds what was read."""
    report.report(found.report, found.summary)
    count = len(found.report.documents)
    if not count:
        st.warning("Nothing could be taken from these files; the table above says why.", icon=":material/block:")
        return
    add, drop, _ = st.columns([2, 1, 4], gap="small")
    if add.button(f"Add {counted(count, 'document')}", key="add", type="primary", icon=":material/add:", width="stretch"):
        try:
            change = cached.store().add(key, found.report.documents, found.report.queries, found.report.judgments)
        except PlaygroundError as error:
            st.error(str(error), icon=":material/error:")
            return
        del st.session_state[state.IMPORT]
        st.session_state[state.ADDED] = change
        st.session_state[state.UPLOAD_ROUND] = st.session_state.get(state.UPLOAD_ROUND, 0) + 1
        st.rerun()
    if drop.button("Discard", key="discard", icon=":material/close:", width="stretch"):
        del st.session_state[state.IMPORT]
        st.rerun()


def _added(key: str, change: Change) -> None:
    """What a change did, and where to go from here."""
    words = (
        f"{change.added:,} added, {change.replaced:,} replaced, {change.unchanged:,} there already, {change.removed:,} removed."
    )
    st.success(f"{words} Nothing is searched differently until the index is built.", icon=":material/check_circle:")
    chunks, index, _ = st.columns([1.4, 1.4, 4], gap="small")
    for place, label, section in ((chunks, "Look at the chunks", "Chunks"), (index, "Build the index", "Index")):
        place.button(
            label,
            key=f"to {section}",
            icon=":material/arrow_forward:",
            width="stretch",
            on_click=st.session_state.update,
            args=({state.NEXT: (key, section)},),
        )


def _reads(done: int, of: int, name: str) -> str:
    """The sentence of progress; the name is the user's, so it is shown as it is."""
    return f"Read {done:,} of {of:,} files{': ' + plain(name) if name else ''}"
