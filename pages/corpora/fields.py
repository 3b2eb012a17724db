"""Which column of a table, or which field of JSON objects, is the text, the title, the id: chosen over a preview of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import state
from retrieval import PREVIEWS, Fields, PlaygroundError, Preview, columns, guess_fields

ROWS = 8
LARGEST = 50 * 2**20  # bytes that are read for a preview
NONE = "— none —"
SYNTAXES = ("text", "markdown")


def chooser(files: Sequence[Any]) -> Fields:
    """Draw it where there is a table or JSON among the files; the choice holds for all of them."""
    table = next((file for file in files if suffix_of(name_of(file)) in PREVIEWS), None)
    if table is None:
        return Fields()
    name = name_of(table)
    with st.popover("Columns and fields", icon=":material/table_chart:", width="stretch"):
        try:
            preview = columns(name, content_of(table), ROWS)
        except PlaygroundError as error:
            st.error(str(error), icon=":material/error:")
            return Fields()
        st.caption(f"The first rows of {name}; the choice holds for every table and JSON file of this import.")
        st.dataframe(pd.DataFrame(list(preview.rows), columns=list(preview.columns)), hide_index=True, height=220)
        return _choice(preview, guess_fields(preview), name)


def _choice(preview: Preview, guess: Fields, name: str) -> Fields:
    """The select boxes, set to the guess; their keys carry the file's name, so that another file gets another guess."""
    names = list(preview.columns)
    text = st.multiselect("Text", names, [column for column in guess.text if column in names], key=state.field_key("text", name))
    title = _one("Title", names, guess.title, name)
    id = _one("Id", names, guess.id, name)
    others = [column for column in names if column not in (*text, title, id)]
    metadata = st.multiselect("Metadata", others, others, key=state.field_key("metadata", name))
    syntax = st.selectbox("The text is", SYNTAXES, key=state.field_key("syntax", name), help="Markdown has headings and tables.")
    everything = None if set(metadata) == set(others) else tuple(metadata)
    return Fields(tuple(text), title, id, everything, syntax)


def _one(label: str, names: list[str], guess: str, file: str) -> str:
    options = [NONE, *names]
    at = options.index(guess) if guess in names else 0
    chosen = st.selectbox(label, options, at, key=state.field_key(label.lower(), file))
    return "" if chosen == NONE else chosen


def name_of(file: Any) -> str:
    """The name of an uploaded file or of one of the server."""
    return str(file[0] if isinstance(file, tuple) else file.name)


def content_of(file: Any) -> bytes:
    """The bytes of an uploaded file or of one of the server."""
    if not isinstance(file, tuple):
        return bytes(file.getbuffer())
    with Path(file[1]).open("rb") as opened:
        return opened.read(LARGEST)


def suffix_of(name: str) -> str:
    """The suffix of a name in lower case."""
    return PurePosixPath(name).suffix.lower()
