"""Lines of a PDF page as the page shows them, and the paragraphs that they make.

A PDF knows letters and places, no paragraphs. A new one begins where the gap between two lines is larger than the usual one,
where the size of the letters changes, where the text goes on in another column, and where a line ends early with the end of a
sentence. A line that ends early without one keeps its line end, as in lists, and so do rows of tables.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

SPACED = 1.3  # gaps beyond this many usual ones divide paragraphs
ROW = 1.5  # gaps between words beyond this many sizes of letters divide cells
LARGER = 1.15  # sizes apart by this factor are different letters
HYPHENS = ("\x02", "\xad", "-", "‐")
_END = re.compile(r"[.!?:…。！？][\"'”’)\]]*$")
_ITEM = re.compile(r"(?:[-–•◦▪‣*·]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of letters: its words, the size of its first letter, its base line and its ends, in points from the lower left.

    `first` is where its first word ends, `gap` the widest space between its words.
    """

    text: str
    size: float
    base: float
    left: float
    right: float
    first: float
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, joined, and the size of their letters."""

    text: str
    size: float


def paragraphs(lines: Sequence[Line], titles: Container[str] = (), compounds: Container[str] = ()) -> list[Paragraph]:
    """The paragraphs of a page. A line that is one of `titles` (see `folded`) stands alone.

    `compounds` are words in lower case that keep their hyphen at a line end ("well-known").
    """
    return [
        Paragraph(text, block[0].size)
        for block in blocks(lines, titles)
        for text in joined_lines(block, compounds).split("\n\n")
        if text
    ]


def blocks(lines: Sequence[Line], titles: Container[str]) -> list[list[Line]]:
    """Runs of lines with the usual gap and one size of letters."""
    usual = usual_gap(lines)
    found: list[list[Line]] = []
    for line in lines:
        before = found[-1][-1] if found else None
        alone = folded(line.text) in titles or (before is not None and folded(before.text) in titles)
        if before is None or alone or divided(before, line, usual):
            found.append([line])
        else:
            found[-1].append(line)
    return found


def usual_gap(lines: Sequence[Line]) -> float:
    """The lower quartile of the distances of base lines that follow one another, in sizes of their letters; 1.2 without any.

    The median would be that of the rows on a page with a table.
    """
    gaps = [
        (above.base - below.base) / below.size
        for above, below in pairwise(lines)
        if below.size > 0 and 0.5 < (above.base - below.base) / below.size < 3
    ]
    return sorted(gaps)[len(gaps) // 4] if gaps else 1.2


def divided(above: Line, below: Line, usual: float) -> bool:
    """Whether the place or the letters of two lines show that they belong to different paragraphs."""
    size = max(above.size, below.size, 0.1)
    if size / max(min(above.size, below.size), 0.1) > LARGER:
        return True
    gap = (above.base - below.base) / size
    return gap > SPACED * max(usual, 1.0) or gap < -0.5


def joined_lines(lines: Sequence[Line], compounds: Container[str]) -> str:
    """The text of a block: soft line ends become spaces, those that were meant stay, ends of sentences there divide."""
    margin = max(line.right for line in lines)
    text = lines[0].text
    for above, below in pairwise(lines):
        meant = above.right + (below.first - below.left) + 0.4 * below.size < margin
        if _ITEM.match(below.text) or is_row(above) or is_row(below):
            text += "\n" + below.text
        elif meant and _END.search(above.text):
            text += "\n\n" + below.text
        elif meant and not above.text.endswith(HYPHENS):
            text += "\n" + below.text
        else:
            text = hyphenated(text, below.text, compounds)
    return text.replace("\x02", "-").replace("\xad", "")


def is_row(line: Line) -> bool:
    """Whether a line is a row of a table: cells with wide gaps between them."""
    return line.gap > ROW * line.size


def hyphenated(above: str, below: str, compounds: Container[str]) -> str:
    """Two parts of a sentence as one; a hyphen goes where small letters follow, unless the word is known with it."""
    if not above.endswith(HYPHENS):
        return f"{above} {below}"
    stem = above[:-1]
    before, after = re.search(r"\w*$", stem), re.match(r"\w*", below)
    head, tail = before[0] if before else "", after[0] if after else ""
    if not head:
        return f"{above} {below}"
    if tail[:1].islower() and f"{head}-{tail}".lower() not in compounds:
        return stem + below
    return f"{stem}-{below}"


def folded(text: str) -> str:
    """Words for comparison: lower case, without white space."""
    return "".join(text.split()).casefold()
