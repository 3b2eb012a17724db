"""Chunkers: documents to chunks whose spans index the document's text exactly.

A word here is a run of characters without white space. Languages written without spaces have very long "words"; a fixed size in
words does not suit them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from retrieval.errors import require
from retrieval.types import Chunk, Document

_WORD = re.compile(r"\S+")


class Chunker(Protocol):
    """A setting that splits: one document to its chunks, in the order of the text."""

    def split(self, document: Document) -> tuple[Chunk, ...]:
        """At least one chunk, so that every document exists in the index; `chunk.text == document.text[start:end]`."""
        ...


@dataclass(frozen=True, slots=True)
class WholeDocument:
    """One chunk for each document, with the document's id and its whole text."""

    def split(self, document: Document) -> tuple[Chunk, ...]:
        """The document as a single chunk."""
        return (Chunk(document.id, document.id, document.text, 0, len(document.text), document.title),)


@dataclass(frozen=True, slots=True)
class FixedSize:
    """Windows of `size` words, each sharing its first `overlap` words with the one before; words are split at white space.

    The last window holds what remains and may be shorter. Raises BadSetting where `size` is below 1, or `overlap` is negative
    or not smaller than `size`.
    """

    size: int = 200
    overlap: int = 20

    def __post_init__(self) -> None:
        require(self.size >= 1, f"size {self.size} must be at least 1 word; raise the size")
        require(self.overlap >= 0, f"overlap {self.overlap} must be at least 0 words; raise the overlap")
        sizes = f"overlap {self.overlap} must be smaller than size {self.size}"
        require(self.overlap < self.size, f"{sizes}; lower the overlap or raise the size")

    def split(self, document: Document) -> tuple[Chunk, ...]:
        """Chunks `<document>#0000`, `<document>#0001`, ...; the numbers of a document have one width, so ids sort by place."""
        spans = word_windows(document.text, self.size, self.overlap)
        digits = max(4, len(str(len(spans) - 1)))
        return tuple(
            Chunk(f"{document.id}#{at:0{digits}d}", document.id, document.text[start:end], start, end, document.title)
            for at, (start, end) in enumerate(spans)
        )


def word_windows(text: str, size: int, overlap: int) -> list[tuple[int, int]]:
    """Character spans (start, end) of windows of `size` words, `overlap` words shared; [(0, 0)] for a text without words."""
    words = [match.span() for match in _WORD.finditer(text)]
    if not words:
        return [(0, 0)]
    firsts = range(0, max(len(words) - overlap, 1), size - overlap)
    return [(words[first][0], words[min(first + size, len(words)) - 1][1]) for first in firsts]


CHUNKERS: dict[str, type[Chunker]] = {"whole document": WholeDocument, "fixed size": FixedSize}
