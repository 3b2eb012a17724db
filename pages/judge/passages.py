"""A document's text cut at every mark, for the reader to draw. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

PASSAGE = "passage"
TERM = "term"
JUDGED = "judged"
WINDOW = 30_000  # characters that are drawn around the passage


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a text are of a `kind`; `label` says more about it."""

    start: int
    end: int
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text with the same marks all over, from the character `start` on."""

    start: int
    text: str
    kinds: tuple[str, ...]
    label: str


def window(length: int, passage: tuple[int, int] | None, size: int = WINDOW) -> tuple[int, int]:
    """The characters to draw: all of a short text, else `size` of them with the passage in their middle."""
    if length <= size:
        return 0, length
    start, end = passage or (0, 0)
    first = max(0, min((start + end - size) // 2, length - size))
    return first, first + size


def segments(text: str, marks: Sequence[Mark], shown: tuple[int, int]) -> list[Segment]:
    """The characters `shown` of a text, cut at the ends of all marks, in order; together they are the text."""
    first, last = shown
    inside = [mark for mark in marks if mark.start < last and mark.end > first]
    cuts = sorted({first, last, *(min(max(at, first), last) for mark in inside for at in (mark.start, mark.end))})
    found = []
    for start, end in pairwise(cuts):
        over = [mark for mark in inside if mark.start < end and mark.end > start]
        label = " · ".join(dict.fromkeys(mark.label for mark in over if mark.label))
        found.append(Segment(start, text[start:end], tuple(sorted({mark.kind for mark in over})), label))
    return found
