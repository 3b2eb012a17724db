"""Headings of a PDF: where the titles of its bookmarks stand, or what is written in larger letters than the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.readers.pages import GAP
from retrieval.readers.pdf_lines import LARGER, Paragraph, folded
from retrieval.types import Heading

LONGEST = 150  # characters of a heading
LEVELS = 6


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: its words, its level (1 is the highest) and the page that it leads to, counted from 0."""

    title: str
    level: int
    page: int


def by_bookmarks(text: str, starts: Sequence[int], bookmarks: Sequence[Bookmark]) -> tuple[Heading, ...]:
    """Headings where the titles stand on their pages, else where the pages start.

    Equal titles on one page are taken in their order. A whole line counts before words within one.
    """
    found = []
    after: dict[int, int] = {}
    for mark in bookmarks:
        start = starts[mark.page]
        end = starts[mark.page + 1] if mark.page + 1 < len(starts) else len(text)
        at = place(text, max(start, after.get(mark.page, start)), end, mark.title)
        if at is None:
            at = start
        else:
            after[mark.page] = at + 1
        found.append(Heading(at, min(mark.level, LEVELS), mark.title))
    return tuple(sorted(found, key=lambda heading: heading.start))


def place(text: str, start: int, end: int, title: str) -> int | None:
    """The character of `text` between `start` and `end` where `title` stands; None where it does not."""
    wanted = folded(title)
    at = start
    for line in text[start:end].split("\n"):
        if folded(line) == wanted:
            return at
        at += len(line) + 1
    inside = text.casefold().find(title.casefold(), start, end) if len(text.casefold()) == len(text) else -1
    return inside if inside >= 0 else None


def by_size(pages: Sequence[Sequence[Paragraph]], starts: Sequence[int]) -> tuple[Heading, ...]:
    """Short paragraphs in clearly larger letters than most of the text; the largest are of level 1."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for paragraph in page:
            sizes[rounded(paragraph.size)] += len(paragraph.text)
    if not sizes:
        return ()
    body = max(sizes, key=lambda size: (sizes[size], -size))
    found: list[tuple[int, Paragraph]] = []
    for page, start in zip(pages, starts, strict=True):
        at = start
        for paragraph in page:
            if is_heading(paragraph, body):
                found.append((at, paragraph))
            at += len(paragraph.text) + len(GAP)
    ranks = sorted({rounded(paragraph.size) for _, paragraph in found}, reverse=True)
    return tuple(
        Heading(at, min(ranks.index(rounded(paragraph.size)) + 1, LEVELS), " ".join(paragraph.text.split()))
        for at, paragraph in found
    )


def is_heading(paragraph: Paragraph, body: float) -> bool:
    """Whether a paragraph is short, has letters, and is larger than text of size `body`."""
    short = len(paragraph.text) <= LONGEST and any(letter.isalpha() for letter in paragraph.text)
    return short and rounded(paragraph.size) > LARGER * body


def rounded(size: float) -> float:
    """A size in half points."""
    return round(size * 2) / 2
