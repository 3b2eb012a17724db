"""A document is one chunk."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.chunking.layout import Layout, Span


@dataclass(frozen=True, slots=True)
class WholeDocument:
    """One chunk for each document, with the document's id and its whole text; the context is the title."""

    context: bool = True

    @property
    def size(self) -> None:
        """No bound."""
        return None

    def spans(self, layout: Layout) -> list[Span]:
        """The document as a single span, white space included."""
        return [(0, len(layout.text))]
