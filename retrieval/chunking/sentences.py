"""Sentences, packed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.chunking.base import require_sizes
from retrieval.chunking.grades import LINE
from retrieval.chunking.layout import Layout, Places, Span
from retrieval.chunking.packing import fitted, pack
from retrieval.errors import require


@dataclass(frozen=True, slots=True)
class Sentences:
    """As many whole sentences as have at most `size` tokens, each chunk beginning with the last `overlap_sentences` of the one
    before, as far as they leave room for a new one.

    Headings, blocks, list items and table rows count as sentences. A sentence that is too long is cut between words.
    """

    size: int = 200
    overlap_sentences: int = 0
    context: bool = True

    def __post_init__(self) -> None:
        require_sizes(self.size, 0)
        require(
            self.overlap_sentences >= 0,
            f"overlap_sentences {self.overlap_sentences} must be at least 0; raise the overlap",
        )

    def spans(self, layout: Layout) -> list[Span]:
        """Runs of sentences."""
        start, end = layout.bounds
        places = sentence_places(layout, start, end)
        found: list[Span] = []
        fresh = start
        while fresh < end:
            stop = int(places[max(0, int(places.searchsorted(layout.reach(start), "right")) - 1)])
            if stop > fresh:
                found.append((start, stop))
            elif start < fresh:
                start = max(fresh if self.overlap_sentences == 0 else _next(places, start), start + 1)
                continue
            else:
                stop = _next(places, fresh)
                pack(layout, start, stop, lambda low, high: layout.weaker(low, high, prose=False), found)
            earlier = int(places[max(0, int(places.searchsorted(stop)) - self.overlap_sentences)])
            start, fresh = max(earlier, _next(places, start)) if self.overlap_sentences else stop, stop
        return fitted(layout, found)


def sentence_places(layout: Layout, start: int, end: int) -> Places:
    """Where sentences and blocks start, from `start` to `end`, both among them."""
    marks = layout.marks
    prose = layout.document.structure.syntax in ("text", "markdown")
    blocks = marks.places[marks.strengths < LINE] if prose else marks.places
    found = [blocks, layout.sentences(start, end)] if prose else [blocks]
    places = np.unique(np.concatenate([[start, end], *found])).astype(np.int64)
    return places[(places >= start) & (places <= end)]


def _next(places: Places, place: int) -> int:
    return int(places[min(int(places.searchsorted(place, "right")), len(places) - 1)])
