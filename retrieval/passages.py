"""Passages to show: the part of a text where the query's words stand densest, cut into matched and unmatched pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from retrieval.text import Token


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it matches a term of the query."""

    text: str
    matched: bool


def passage(text: str, tokens: Sequence[Token], terms: Set[str], width: int) -> tuple[Piece, ...]:
    """About `width` characters of `text` around the most matched terms; `tokens` are the analyser's, `terms` the query's.

    An ellipsis piece stands where the text goes on.
    """
    spans = matched(tokens, terms)
    start = _best_start(text, spans, width)
    end = min(len(text), start + width)
    inside = [(left, right) for left, right in spans if left >= start and right <= end]
    last = max((right for _, right in inside), default=start)
    if end < len(text) and (space := text.rfind(" ", start, end + 1)) > start:
        end = max(space, last)
    pieces = pieces_of(text, inside, start, end)
    before = (Piece("… ", False),) if start > 0 else ()
    after = (Piece(" …", False),) if end < len(text) else ()
    return (*before, *pieces, *after)


def matched(tokens: Iterable[Token], terms: Set[str]) -> list[tuple[int, int]]:
    """The spans of the tokens that hold one of the terms, in order."""
    return [(token.start, token.end) for token in tokens if not terms.isdisjoint(token.terms)]


def pieces_of(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Piece, ...]:
    """`text[start:end]` cut at `spans`, which are in order; overlapping spans are joined."""
    pieces: list[Piece] = []
    at = start
    for left, right in spans:
        if left > at:
            pieces.append(Piece(text[at:left], False))
        if right > at:
            pieces.append(Piece(text[max(at, left) : right], True))
            at = right
    if end > at:
        pieces.append(Piece(text[at:end], False))
    return tuple(pieces)


def _best_start(text: str, spans: Sequence[tuple[int, int]], width: int) -> int:
    """Where a window that holds the most matches begins; 0 where the top does as well.

    It begins at a word, a little before its first match where that loses none of the others.
    """
    if len(text) <= width or not spans:
        return 0
    counts = {left: sum(1 for other, right in spans if left <= other and right <= left + width) for left, _ in spans}
    best = max(counts, key=lambda left: (counts[left], -left))
    if counts[best] <= sum(1 for _, right in spans if right <= width):
        return 0
    last = max(right for left, right in spans if left >= best and right <= best + width)
    lead = max(0, best - width // 5, last - width)
    return lead if lead == 0 else text.find(" ", lead, best + 1) + 1 or best
