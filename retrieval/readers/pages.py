"""A text that is written page by page, so that every page's first character is known."""

from __future__ import annotations

from collections.abc import Iterable

GAP = "\n\n"


def joined(pages: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """The pages with blank lines between them, and the character where each one starts.

    A page without text takes no room: it starts where the next one does, at the end of the text where none follows.
    """
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for page in pages:
        starts.append(at)
        if page:
            parts.append(page)
            at += len(page) + len(GAP)
    text = GAP.join(parts)
    return text, tuple(min(start, len(text)) for start in starts)
