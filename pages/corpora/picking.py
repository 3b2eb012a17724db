"""Which document is previewed, and which stretch of it; nothing here reads the whole corpus on a rerun."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import streamlit as st

from pages.common import cached, state
from pages.common.chunkers import KEPT
from retrieval import Corpus, Document

OFFERED = 500
WINDOW = 12_000


def document(corpus: Corpus) -> Document | None:
    """The picker with previous and next, and a search over titles where there are more documents than a list can offer."""
    many = len(corpus.documents) > OFFERED
    places = st.columns([2, 5, 0.6, 0.6] if many else [7, 0.6, 0.6], vertical_alignment="bottom", gap="small")
    matches: Sequence[int] = range(len(corpus.documents))
    if many:
        label = f"Search {len(corpus.documents):,} titles"
        words = places[0].text_input(label, key=state.PREVIEW_FIND, placeholder="Words of a title", **KEPT)
        matches = cached.titled(corpus.fingerprint, words.strip(), corpus) if words and words.strip() else matches
    if not matches:
        st.info("No title or id holds these words; try fewer or others.", icon=":material/search_off:")
        return None
    at = _place(corpus, matches)
    with places[-3]:
        _picker(corpus, matches, at)
    _step(places[-2], "before", corpus, matches, at - 1)
    _step(places[-1], "after", corpus, matches, at + 1)
    return corpus.documents[matches[at]]


def _place(corpus: Corpus, matches: Sequence[int]) -> int:
    """Where among the matches the chosen document is; the first where it is not among them."""
    row = cached.rows(corpus.fingerprint, corpus).get(st.session_state.get(state.PREVIEWED, ""), -1)
    at = bisect_left(matches, row)
    if at == len(matches) or matches[at] != row:
        at = 0
        _start_over()
    st.session_state[state.PREVIEWED] = corpus.documents[matches[at]].id
    return at


def _picker(corpus: Corpus, matches: Sequence[int], at: int) -> None:
    first = max(0, min(at - OFFERED // 2, len(matches) - OFFERED))
    offered = {corpus.documents[row].id: corpus.documents[row] for row in matches[first : first + OFFERED]}
    st.selectbox(
        f"Document {at + 1:,} of {len(matches):,}",
        list(offered),
        key=state.PREVIEWED,
        format_func=lambda id: name(offered[id]) if id in offered else str(id),
        on_change=_start_over,
        **KEPT,
    )


def name(document: Document) -> str:
    """The title with the id behind it, so that no two are alike."""
    return f"{document.title.strip()[:100]} · {document.id}" if document.title.strip() not in ("", document.id) else document.id


def _step(place: st.delta_generator.DeltaGenerator, side: str, corpus: Corpus, matches: Sequence[int], to: int) -> None:
    there = 0 <= to < len(matches)
    place.button(
        "",
        key=f"document {side}",
        icon=":material/chevron_left:" if side == "before" else ":material/chevron_right:",
        help="Previous document" if side == "before" else "Next document",
        disabled=not there,
        on_click=_take,
        args=(corpus.documents[matches[to]].id if there else "",),
        width="stretch",
    )


def _take(id: str) -> None:
    st.session_state[state.PREVIEWED] = id
    _start_over()


def _start_over() -> None:
    st.session_state[state.PREVIEW_AT] = 0


def stretch(text: str, first: int, last: int, starts: Sequence[int]) -> tuple[int, int]:
    """The characters of `text` that are drawn, within `first` to `last`: all, or a window that earlier and later move.

    `starts` are the characters where the chunks of A start; one of them can be asked for by its number.
    """
    at = min(st.session_state.get(state.PREVIEW_AT, 0), len(text))
    if len(text) <= WINDOW:
        return 0, len(text)
    start, end = window(text, first, last, at)
    earlier, says, number, later = st.columns([1, 4, 1.6, 1], vertical_alignment="bottom", gap="small")
    _move(earlier, "Earlier", start > 0, max(first, start - WINDOW) if start > first else max(0, first - WINDOW))
    says.caption(f"Characters {start:,} to {end:,} of {len(text):,}", text_alignment="center")
    if len(starts) > 1:
        with number:
            _ask(starts)
    _move(later, "Later", end < len(text), end)
    return start, end


def window(text: str, first: int, last: int, at: int) -> tuple[int, int]:
    """About 12,000 characters from `at`, from the start of a line to the end of one where lines are short."""
    start = max(first, text.rfind("\n", max(first, at - 500), at) + 1 or at)
    end = min(last, start + WINDOW)
    line = text.rfind("\n", start + WINDOW - 500, end) + 1
    return start, line if line and end < last else end


def _move(place: st.delta_generator.DeltaGenerator, label: str, there: bool, to: int) -> None:
    place.button(
        label,
        key=f"text {label}",
        icon=":material/keyboard_arrow_up:" if label == "Earlier" else ":material/keyboard_arrow_down:",
        disabled=not there,
        on_click=lambda: st.session_state.update({state.PREVIEW_AT: to}),
        width="stretch",
    )


def _ask(starts: Sequence[int]) -> None:
    def go() -> None:
        number = st.session_state[state.PREVIEW_CHUNK]
        if number is not None:
            st.session_state[state.PREVIEW_AT] = max(0, starts[min(number, len(starts)) - 1])

    label = f"Go to chunk of A, 1 to {len(starts):,}"
    st.number_input(label, 1, max(1, len(starts)), None, key=state.PREVIEW_CHUNK, on_change=go)
