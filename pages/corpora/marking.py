"""Chunks to Markdown that shows their boundaries in the document's own text, none of which becomes markup. No Streamlit here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pages.common.markup import plain
from retrieval import Chunk

GROUNDS = ("gray", "blue")  # of even and of odd numbers
OVERLAP = "orange"
UNSEEN = "red"
NO_BREAK = "\u00a0"
TAB = 4
LONGEST_TITLE = 48
RUN = re.compile(r"( {2,})")


@dataclass(frozen=True)
class Measured:
    """The chunks of a document in the order of its text, their tokens, and the character of each that the model sees last.

    `seen` is asked for the chunks that are drawn and have more tokens than `limit` (None where the model reads everything).
    """

    chunks: Sequence[Chunk]
    tokens: NDArray[np.int64]
    limit: int | None
    seen: Callable[[Chunk], int]

    def within(self, start: int, end: int) -> list[Shown]:
        """The chunks that touch the characters `start` to `end`."""
        found = []
        for number, (chunk, tokens) in enumerate(zip(self.chunks, self.tokens.tolist(), strict=True), start=1):
            if chunk.start < end and chunk.end > start:
                unseen = 0 if self.limit is None else max(0, tokens - self.limit)
                overlaps = number > 1 and self.chunks[number - 2].end > chunk.start
                found.append(Shown(number, chunk, tokens, unseen, self.seen(chunk) if unseen else chunk.end, overlaps))
        return found


@dataclass(frozen=True)
class Shown:
    """A chunk that is drawn: its number, one-based, its tokens, those of them that the model does not see, from `seen` on.

    `overlaps` says whether it begins in the chunk before.
    """

    number: int
    chunk: Chunk
    tokens: int
    unseen: int
    seen: int
    overlaps: bool = False

    def covers(self, start: int) -> bool:
        """Whether the character is one of the chunk's."""
        return self.chunk.start <= start < self.chunk.end


@dataclass
class Flow:
    """Lines of Markdown that grow; an empty line of the text ends a paragraph."""

    lines: list[str] = field(default_factory=lambda: [""])

    def put(self, markup: str) -> None:
        """Go on in the last line."""
        self.lines[-1] += markup

    def line(self, markup: str = "") -> None:
        """Begin a line, on a new one if the last has something already."""
        if self.lines[-1]:
            self.lines.append("")
        self.put(markup)

    def paragraph(self) -> None:
        """Begin a paragraph."""
        self.line()
        if len(self.lines) > 1 and self.lines[-2]:
            self.lines.append("")

    @property
    def markdown(self) -> str:
        """The whole: hard breaks within paragraphs."""
        paragraphs: list[list[str]] = [[]]
        for line in self.lines:
            if line:
                paragraphs[-1].append(line)
            elif paragraphs[-1]:
                paragraphs.append([])
        return "\n\n".join("  \n".join(lines) for lines in paragraphs if lines)


def markdown(measured: Measured, text: str, start: int, end: int) -> str:
    """The characters `start` to `end` of `text` with badges at the boundaries and grounds that alternate from chunk to chunk."""
    shown = measured.within(start, end)
    places = {each for one in shown for each in (one.chunk.start, one.seen, one.chunk.end)}
    cuts = sorted({start, end, *(place for place in places if start < place < end)})
    flow = Flow()
    for low, high in pairwise(cuts):
        covering = [one for one in shown if one.covers(low)]
        for one in covering:
            _badges(flow, one, low, start)
        if covering:
            lay(flow, text[low:high], ground(covering, low))
    return flow.markdown


def ground(covering: Sequence[Shown], place: int) -> str:
    """The colour at a character: red where no chunk shows it to the model, orange where chunks overlap, else by turns."""
    if all(one.seen <= place for one in covering):
        return UNSEEN
    return OVERLAP if len(covering) > 1 else GROUNDS[covering[0].number % 2]


def _badges(flow: Flow, one: Shown, place: int, start: int) -> None:
    """What is said at a boundary, if `place` is one of this chunk's or the first that is drawn."""
    if place in (one.chunk.start, start):
        flow.paragraph()
        flow.put(f":{GROUNDS[one.number % 2]}-badge[{heading(one, continued=place > one.chunk.start)}]")
        if one.chunk.context and place == one.chunk.start:
            flow.line(f":gray[:small[*{plain(one.chunk.context).strip()}*]]")
        flow.line()
    if one.unseen and (place == one.seen or (place == start and one.seen < start)):
        flow.line(f":{UNSEEN}-badge[:material/visibility_off: {one.unseen:,} tokens of \\#{one.number} not seen by the model]")
        flow.line()


def heading(one: Shown, continued: bool = False) -> str:
    """Number, tokens, page and path of a chunk, as Markdown."""
    pages = one.chunk.pages
    where = [] if pages is None else [f"page {pages[0]}" if pages[0] == pages[1] else f"pages {pages[0]}–{pages[1]}"]
    path = [plain(shortened(title)) for title in one.chunk.headings if title != one.chunk.title]
    facts = [f"\\#{one.number}{' goes on' if continued else ''}", f"{one.tokens:,} tokens", *where]
    facts += [f"overlaps \\#{one.number - 1}"] if one.overlaps else []
    return " · ".join([*facts, *([" › ".join(path)] if path else [])])


def shortened(title: str) -> str:
    """A heading that fits into a badge."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def lay(flow: Flow, text: str, colour: str) -> None:
    """Lay text on a ground, line by line, so that lists, tables and code keep their shape."""
    for number, line in enumerate(text.expandtabs(TAB).splitlines()):
        if number and not line.strip():
            flow.paragraph()
            continue
        if number:
            flow.line()
        _line(flow, line, colour)
    if text.endswith(("\n", "\r")):
        flow.line()


def _line(flow: Flow, line: str, colour: str) -> None:
    body, before = line.strip(), line[: len(line) - len(line.lstrip())]
    indent = NO_BREAK * len(before) if not flow.lines[-1] else " " * bool(before)
    if body:
        after = " " * line[-1].isspace()
        flow.put(f"{indent}:{colour}-background[{readable(body)}]{after}")


def readable(line: str) -> str:
    """Markdown that shows a line with runs of spaces kept."""
    return "".join(NO_BREAK * len(piece) if piece.isspace() else plain(piece) for piece in RUN.split(line) if piece)
