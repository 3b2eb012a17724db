"""What a chunker is, and how its spans become chunks."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from retrieval.chunking.layout import Layout, Span
from retrieval.errors import require
from retrieval.types import Chunk, Document, Tokenizer


class Chunker(Protocol):
    """A frozen dataclass that decides where a document is cut.

    `size` is how many tokens a chunk may have, context included and without those that the model adds; None where a document
    stays whole and no tokenizer is asked. `context` puts title and headings in front of the text.
    """

    @property
    def size(self) -> int | None: ...

    @property
    def context(self) -> bool: ...

    def spans(self, layout: Layout) -> list[Span]:
        """Character spans in the order of the text, at least one; nothing but white space is left out."""
        ...


def split(document: Document, chunker: Chunker, tokenizer: Tokenizer) -> tuple[Chunk, ...]:
    """The chunks of a document in the order of its text, at least one; `chunk.text == document.text[start:end]`.

    A document that stays whole gives its id to its chunk; others are `<document>#0000`, `<document>#0001`, ..., numbers of one
    width within a document, so that ids sort by place.
    """
    layout = Layout(document, tokenizer, chunker.size, chunker.context)
    spans = chunker.spans(layout)
    digits = max(4, len(str(len(spans) - 1)))
    names = [document.id if chunker.size is None else f"{document.id}#{at:0{digits}d}" for at in range(len(spans))]
    return tuple(_chunk(layout, name, *span) for name, span in zip(names, spans, strict=True))


def _chunk(layout: Layout, name: str, start: int, end: int) -> Chunk:
    document, place = layout.document, layout.next_place(start)
    return Chunk(
        name,
        document.id,
        document.text[start:end],
        start,
        end,
        document.title,
        tuple(heading.title for heading in layout.path(place)),
        _pages(document.structure.pages, start, end),
        layout.context(place),
    )


def _pages(starts: tuple[int, ...], start: int, end: int) -> tuple[int, int] | None:
    """The first and the last page that a span touches, one-based."""
    if not starts:
        return None
    first, last = np.searchsorted(starts, [start, max(start, end - 1)], "right").tolist()
    return max(first, 1), max(last, 1)


def require_sizes(size: int, overlap: int, unit: str = "token") -> None:
    """Guard of the chunkers that overlap; raises `BadSetting`."""
    require(size >= 1, f"size {size} must be at least 1 {unit}; raise the size")
    require(overlap >= 0, f"overlap {overlap} must be at least 0 {unit}s; raise the overlap")
    require(overlap < size, f"overlap {overlap} must be smaller than size {size}; lower the overlap or raise the size")
