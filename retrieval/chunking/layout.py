"""A document laid out for cutting: its tokens, its words, the places where it may be cut, and what each place costs in context.

Everything is read at most once, and only when it is asked for. A place is a character that is not white space; a piece of text
from one place to another has as many tokens as begin or reach into it, so its size is a subtraction.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.chunking.contexts import Contexts
from retrieval.chunking.grades import next_character
from retrieval.chunking.marks import Marks, read_marks
from retrieval.chunking.sentencing import sentence_starts
from retrieval.types import Document, Heading, Tokenizer

Places = NDArray[np.int64]
Span = tuple[int, int]

_SPACES = np.array([chr(code).isspace() for code in range(0x3001)])  # no white space lies beyond


class Layout:
    """A document, seen by a chunker. `size` is the tokens that a chunk may have, context included; None for no bound."""

    def __init__(self, document: Document, tokenizer: Tokenizer, size: int | None, with_context: bool) -> None:
        self.document, self.tokenizer, self.size, self.with_context = document, tokenizer, size, with_context
        self.text = document.text

    @cached_property
    def _is_space(self) -> NDArray[np.bool_]:
        codes = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return _SPACES[np.minimum(codes, 0x3000)] & (codes <= 0x3000)

    @cached_property
    def _following(self) -> NDArray[np.int32]:
        """For every character, and for the end, the next place: itself where it is no white space."""
        size = len(self.text)
        own = np.append(np.where(self._is_space, size, np.arange(size)), size).astype(np.int32)
        return np.minimum.accumulate(own[::-1])[::-1]

    def following(self, places: NDArray[np.integer]) -> Places:
        """The next place of each character; characters beyond the text count as its end."""
        found: Places = self._following[np.clip(places, 0, len(self.text))].astype(np.int64)
        return found

    def next_place(self, character: int) -> int:
        """The next place of one character."""
        return next_character(self.text, character)

    @cached_property
    def bounds(self) -> Span:
        """The first place and the end of the text; equal where there is nothing but white space."""
        return self.next_place(0), len(self.text)

    @cached_property
    def words(self) -> Places:
        """Where words start: after white space."""
        after_space = np.append(True, self._is_space[:-1])[: len(self.text)]
        return np.flatnonzero(after_space & ~self._is_space)

    @cached_property
    def _tokens(self) -> tuple[Places, Places]:
        """Starts (at places) and ends of all tokens, both ascending."""
        spans = self.tokenizer.spans(self.text)
        starts, ends = np.maximum.accumulate(spans[:, 0]), np.maximum.accumulate(spans[:, 1])
        return self.following(starts), ends

    @property
    def tokens(self) -> Places:
        """The places where tokens start."""
        return self._tokens[0]

    @cached_property
    def marks(self) -> Marks:
        """Headings and graded places; places that are the same are the strongest of them."""
        found = read_marks(self.document)
        places = self.following(found.places)
        order = np.lexsort((found.strengths, places))
        kept = order[np.append(True, np.diff(places[order]) > 0)[: len(order)]]
        return Marks(found.headings, places[kept], found.strengths[kept], self.following(found.bound))

    @cached_property
    def _contexts(self) -> Contexts:
        headings = self.marks.headings
        starts = self.following(np.array([heading.start for heading in headings], np.int64))
        title = self.document.title if self.with_context else ""
        return Contexts(title, headings, starts, self.tokenizer, None if self.size is None else self.size // 4)

    def path(self, place: int) -> tuple[Heading, ...]:
        """The headings in force at `place`, the highest first, with one that starts there."""
        return self._contexts.path(place)

    def context(self, place: int) -> str:
        """What stands in front of a chunk that starts at `place`."""
        if not self.with_context:
            return ""
        return self.document.title if self.size is None else self._contexts.at(place)[0]

    def room(self, place: int) -> int:
        """Tokens that are left for the text of a chunk that starts at `place`, at least 1."""
        size = self.size or 1
        return max(1, size - self._contexts.at(place)[1]) if self.with_context else size

    def section_start(self, place: int) -> int:
        """Where the section of `place` starts, 0 before the first heading."""
        return self._contexts.section_start(place)

    def reach(self, place: int) -> int:
        """How far a chunk that starts at `place` may go."""
        starts, ends = self._tokens
        last = int(ends.searchsorted(place, "right")) + self.room(place)
        return int(starts[last]) if last < len(starts) else len(self.text)

    def count(self, start: int, end: int) -> int:
        """Tokens between two places."""
        starts, ends = self._tokens
        return max(0, int(starts.searchsorted(end)) - int(ends.searchsorted(start, "right")))

    def back(self, place: int, tokens: int) -> int:
        """The first word that starts at most `tokens` tokens before `place`; the first token where no word does."""
        at = int(self.tokens.searchsorted(place))
        earliest = int(self.tokens[max(0, at - tokens)]) if len(self.tokens) and tokens else place
        word = between(self.words, earliest - 1, place)
        return int(word[0]) if len(word) else min(earliest, place)

    def strongest(self, start: int, end: int) -> Places:
        """The best places for a cut inside (start, end): marks, else sentences, words, tokens, characters."""
        low, high = self.marks.places.searchsorted([start + 1, end])
        if low < high:
            strengths = self.marks.strengths[low:high]
            best: Places = self.marks.places[low:high][strengths == strengths.min()]
            return best
        return self.weaker(start, end, prose=self.document.structure.syntax in ("text", "markdown"))

    def weaker(self, start: int, end: int, prose: bool) -> Places:
        """Sentences (of prose), else words, tokens, characters inside (start, end)."""
        if prose and len(found := self.sentences(start, end)):
            return found
        for places in (self.words, self.tokens):
            if len(found := between(places, start, end)):
                return np.unique(found)
        return between(np.unique(self.following(np.arange(start, end))), start, end)

    def sentences(self, start: int, end: int) -> Places:
        """Where sentences start inside (start, end); not where a heading's first sentence does, it stays with the heading."""
        found = self.following(sentence_starts(self.text[start:end]) + start)
        return between(np.setdiff1d(found, self.marks.bound), start, end)


def between(places: Places, start: int, end: int) -> Places:
    """Those of the ascending `places` that lie strictly inside (start, end)."""
    low, high = places.searchsorted([start + 1, end])
    return places[low:high]
