"""Cutting and packing: what fits stays whole, what does not is cut at its best places and packed again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from retrieval.chunking.layout import Layout, Places, Span, between

Finder = Callable[[int, int], Places]


def pack(layout: Layout, start: int, end: int, find: Finder, spans: list[Span]) -> None:
    """Append the spans of (start, end) to `spans`, none longer than it may be.

    `find` gives the best places inside a stretch that does not fit. Pieces between them are packed from the left as long as they
    fit; one that is too long alone is cut in the same way.
    """
    if end <= layout.reach(start) or not len(places := find(start, end)):
        spans.append((start, end))
        return
    places = np.append(places, end)
    at = 0
    while start < end:
        farthest = int(places.searchsorted(layout.reach(start), "right"))
        if farthest > at:
            stop = int(places[farthest - 1])
            spans.append((start, stop))
            at = farthest
        else:
            stop = int(places[at])
            pack(layout, start, stop, find, spans)
            at += 1
        start = stop


def fitted(layout: Layout, spans: list[Span]) -> list[Span]:
    """Spans without white space at their ends whose contents, counted one by one, have at most `size` tokens.

    A piece may have more tokens than it had within the whole text. What has too many is cut in two until it fits or is a single
    character. No span at all becomes an empty one, so that every document exists in the index.
    """
    pending, done = [trimmed(layout, span) for span in spans or [(0, 0)]], []
    while pending:
        counts = layout.tokenizer.counts([content(layout, span) for span in pending]).tolist()
        again: list[Span] = []
        for span, count in zip(pending, counts, strict=True):
            halves = in_two(layout, span, count - (layout.size or count))
            if halves:
                again += halves
            else:
                done.append(span)
        pending = [trimmed(layout, span) for span in again]
    return without_inner(done)


def content(layout: Layout, span: Span) -> str:
    """What will be indexed of a span."""
    text, context = layout.text[span[0] : span[1]], layout.context(span[0])
    return f"{context} {text}" if context else text


def in_two(layout: Layout, span: Span, excess: int) -> tuple[Span, Span] | None:
    """The span cut before its last `excess` tokens, at a word if one starts in the second half; None where it fits."""
    start, end = span
    if excess <= 0 or end - start < 2:
        return None
    kept = max(1, layout.count(start, end) - excess)
    tokens = between(layout.tokens, start, end)
    latest = int(tokens[min(kept, len(tokens)) - 1]) if len(tokens) else (start + end) // 2
    words = between(layout.words, (start + latest) // 2, latest + 1)
    stop = int(words[-1]) if len(words) else latest
    return (start, stop), (stop, end)


def trimmed(layout: Layout, span: Span) -> Span:
    """The span without white space at its ends."""
    text = layout.text[span[0] : span[1]]
    start = span[0] + len(text) - len(text.lstrip())
    return start, max(start, span[0] + len(text.rstrip()))


def without_inner(spans: list[Span]) -> list[Span]:
    """The spans in order, without those that lie inside another."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept
