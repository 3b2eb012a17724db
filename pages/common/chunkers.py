"""Widgets to chunkers, in two sets: the one in force, bound to the URL, and another to compare it with, kept in the session."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.common import state
from pages.common.controls import BOUND, slider
from retrieval import CHUNKERS, FixedSize, Sentences, StructureAware, WholeDocument

KEPT: dict[str, Any] = {"persist_state": "session"}


def chunker(prefix: str = "") -> WholeDocument | FixedSize | Sentences | StructureAware:
    """The unit of retrieval; a `prefix` of the keys makes a second set of controls, kept in the session and not in the URL."""
    bound = KEPT if prefix else BOUND
    kind: Any = CHUNKERS[
        st.selectbox(
            "Chunker",
            list(CHUNKERS),
            key=prefix + state.CHUNKER,
            help="The unit that is embedded, ranked and shown. structure-aware: sections, lists, tables and code stay whole.",
            **bound,
        )
    ]
    if kind is WholeDocument:
        return WholeDocument(_context(prefix, bound))
    size = slider(
        "Chunk size, tokens",
        20,
        500,
        200,
        10,
        key=prefix + state.CHUNK_SIZE,
        help="20 = precise, little context · 500 = much context, diluted. Tokens of the embedder, the context among them.",
        **bound,
    )
    if kind is Sentences:
        return Sentences(size, _overlap_sentences(prefix, bound), _context(prefix, bound))
    overlap = slider(
        "Overlap, tokens",
        0,
        100,
        20 if kind is FixedSize else 0,
        5,
        key=prefix + state.CHUNK_OVERLAP,
        help="0 = none · more = no sentence is lost at a border, at the price of repetition.",
        **bound,
    )
    return kind(size, min(overlap, size - 1), _context(prefix, bound))


def _overlap_sentences(prefix: str, bound: dict[str, Any]) -> int:
    return slider(
        "Overlap, sentences",
        0,
        5,
        0,
        key=prefix + state.OVERLAP_SENTENCES,
        help="0 = none · more = a chunk begins with the last sentences of the one before.",
        **bound,
    )


def _context(prefix: str, bound: dict[str, Any]) -> bool:
    return st.toggle(
        "Title and headings in front",
        True,
        key=prefix + state.CONTEXT,
        help="What is indexed begins with the document's title and the headings above the chunk.",
        **bound,
    )
