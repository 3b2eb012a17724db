"""Chunks along the structure of a document."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from retrieval.chunking.base import require_sizes
from retrieval.chunking.layout import Layout, Span
from retrieval.chunking.packing import fitted, pack


@dataclass(frozen=True, slots=True)
class StructureAware:
    """Sections, paragraphs, lists, tables, code and definitions stay whole where they have at most `size` tokens.

    What is longer is cut at its strongest boundaries (headings by level, blocks, list items and table rows, sentences, words),
    and neighbours are packed together as long as they fit, never across a stronger boundary than needed. A heading stays with
    the text under it. A chunk begins with up to `overlap` tokens of the text before it, of the same section.
    """

    size: int = 200
    overlap: int = 0
    context: bool = True

    def __post_init__(self) -> None:
        require_sizes(self.size, self.overlap)

    def spans(self, layout: Layout) -> list[Span]:
        """The pieces, from the whole document down."""
        start, end = layout.bounds
        found: list[Span] = []
        if start < end:
            pack(layout, start, end, layout.strongest, found)
        return fitted(layout, _overlapping(layout, found, self.overlap) if self.overlap else found)


def _overlapping(layout: Layout, spans: list[Span], overlap: int) -> list[Span]:
    """The spans, each begun earlier by at most `overlap` tokens as far as the size allows, never before its section."""
    moved = spans[:1]
    for (before, _), (start, end) in pairwise(spans):
        spare = min(overlap, layout.room(start) - layout.count(start, end))
        earliest = max(layout.back(start, max(spare, 0)), layout.section_start(start), layout.next_place(before + 1))
        moved.append((min(earliest, start), end))
    return moved
