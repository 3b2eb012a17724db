"""The section Documents: what a corpus holds, one of them to look at, and some of them to remove."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain
from retrieval import Document, PlaygroundError, outline

SHOWN = 1_000
LONGEST = 20_000


def documents(key: str) -> None:
    """Draw it."""
    every = cached.latest(key)[0].documents
    if not every:
        st.info("This corpus has no documents yet; add some in the section Add documents.", icon=":material/upload_file:")
        return
    words = st.text_input("Find", key=state.FIND, placeholder="words of a title, an id or a text", persist_state="session") or ""
    found = [document for document in every if _holds(document, words.casefold().split())]
    list_, look = st.columns([1.4, 1], gap="large")
    with list_:
        chosen = _table(found, len(every))
        if cached.record_of(key) is not None:
            _removing(key, chosen)
    with look:
        _look(chosen[0] if chosen else found[0] if found else None)


def _holds(document: Document, words: list[str]) -> bool:
    if not words:
        return True
    text = f"{document.title}\n{document.id}\n{document.text}".casefold()
    return all(word in text for word in words)


def _table(found: list[Document], total: int) -> list[Document]:
    """The list; returns the documents that are chosen in it."""
    rows = [
        {
            "title": document.title,
            "words": len(document.text.split()),
            "pages": str(len(document.structure.pages) or ""),
            "kind": document.structure.syntax,
            "id": document.id,
        }
        for document in found[:SHOWN]
    ]
    columns = ["title", "words", "pages", "kind", "id"]
    if not any(row["pages"] for row in rows):
        columns.remove("pages")
    event = st.dataframe(
        pd.DataFrame(rows, columns=columns),
        hide_index=True,
        width="stretch",
        height=560,
        on_select="rerun",
        selection_mode="multi-row",
        key="documents",
    )
    first = f"the first {SHOWN:,} of " if len(found) > SHOWN else ""
    st.caption(f"{first}{len(found):,} of {total:,} documents. Choose one to read it, several to remove them.")
    return [found[row] for row in event.selection.rows if row < len(found)]


def _removing(key: str, chosen: list[Document]) -> None:
    label = f"Remove {len(chosen):,} chosen" if chosen else "Remove the chosen"
    with st.popover(label, icon=":material/delete:", disabled=not chosen):
        st.markdown(
            f"Remove {len(chosen):,} documents? Grades stay, and count again when a document with the same id comes back."
        )
        if st.button("Remove", key="remove", type="primary"):
            try:
                change = cached.store().remove(key, [document.id for document in chosen])
            except PlaygroundError as error:
                st.error(str(error), icon=":material/error:")
                return
            st.session_state[state.ADDED] = change
            st.session_state[state.NEXT] = (key, "Add documents")
            st.rerun()


def _look(document: Document | None) -> None:
    """One document: its facts, its outline and its text."""
    if document is None:
        st.info("No document holds all of these words.", icon=":material/search_off:")
        return
    st.markdown(f"##### {plain(document.title or document.id)}")
    facts = [document.structure.syntax, f"{len(document.text):,} characters"]
    if document.structure.pages:
        facts.append(f"{len(document.structure.pages):,} pages")
    facts += [f"{name}: {value}" for name, value in list(document.metadata.items())[:8]]
    st.caption(plain(" · ".join(facts)))
    headings = outline(document)
    if headings:
        with st.expander(f"Outline, {len(headings):,} headings"):
            st.text("\n".join("    " * (heading.level - 1) + heading.title for heading in headings[:300]))
    with st.container(height=460, border=True):
        st.text(document.text[:LONGEST] + (" …" if len(document.text) > LONGEST else ""))
