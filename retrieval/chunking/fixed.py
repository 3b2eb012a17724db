"""Windows of a fixed size."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.chunking.base import require_sizes
from retrieval.chunking.layout import Layout, Span, between
from retrieval.chunking.packing import fitted


@dataclass(frozen=True, slots=True)
class FixedSize:
    """Windows of at most `size` tokens of the embedder, each beginning with the last `overlap` tokens of the one before.

    A window ends before a word where it can; text without white space is cut between tokens. Where the context takes its share
    of the size, the overlap gives way as much, down to half of a window. Raises BadSetting where `size` is below 1, or
    `overlap` is negative or not smaller than `size`.
    """

    size: int = 200
    overlap: int = 20
    context: bool = True

    def __post_init__(self) -> None:
        require_sizes(self.size, self.overlap)

    def spans(self, layout: Layout) -> list[Span]:
        """The windows; the last holds what remains and may be shorter."""
        start, end = layout.bounds
        fresh, found = start, []
        while fresh < end:
            stop = _stop(layout, start, fresh, end)
            if stop <= fresh:  # what comes next does not fit behind the overlap
                start = fresh
                stop = max(_stop(layout, start, fresh, end), layout.next_place(fresh + 1))
            found.append((start, stop))
            fresh = stop
            start = max(layout.back(stop, self._shared(layout, start)), layout.next_place(start + 1))
        return fitted(layout, found)

    def _shared(self, layout: Layout, start: int) -> int:
        room = layout.room(start)
        return min(self.overlap, max(room // 2, self.overlap - (self.size - room)))


def _stop(layout: Layout, start: int, fresh: int, end: int) -> int:
    """The last word, else the last token, after `fresh` up to which a window from `start` may go; `fresh` where none is."""
    reach = layout.reach(start)
    if reach >= end:
        return end
    for places in (layout.words, layout.tokens):
        if len(inside := between(places, fresh, reach + 1)):
            return int(inside[-1])
    return fresh
