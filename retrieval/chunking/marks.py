"""The places where a document's own structure lets it be cut.

What belongs together is no such place: between a heading and the first text under it, between the head of a table and its first
row, between a comment and what it explains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.chunking.code import GRAMMARS, read_code
from retrieval.chunking.grades import BLOCK, Strengths, line_places, next_character
from retrieval.chunking.markdown import read_markdown
from retrieval.types import Document, Heading

TITLE_SLACK = 16


@dataclass(frozen=True)
class Marks:
    """Headings in order, and ascending `places` (n,) with their `strengths` (n,), see `grades`. `bound` (b,) are places of which
    it is known that what stands before and after them belongs together.
    """

    headings: tuple[Heading, ...]
    places: NDArray[np.int64]
    strengths: NDArray[np.int64]
    bound: NDArray[np.int64]


def outline(document: Document) -> tuple[Heading, ...]:
    """The headings that the reader found, else those of the Markdown text, else the definitions of the code.

    A heading without words ends the section before it (the end of a class, say) and begins none.
    """
    return document.structure.headings or _read(document)[0]


def read_marks(document: Document) -> Marks:
    """Headings and places of a document."""
    text, structure = document.text, document.structure
    headings, strengths = _read(document)
    headings = structure.headings or headings
    for page in structure.pages:
        strengths.setdefault(next_character(text, page), BLOCK)
    starts = [next_character(text, heading.start) for heading in headings]
    for start, heading in zip(reversed(starts), reversed(headings), strict=True):
        strengths[start] = min(heading.level, BLOCK - 1)
    places = np.array(sorted(strengths), np.int64)
    graded = np.array([strengths[place] for place in places.tolist()], np.int64)
    free = np.ones(len(places), np.bool_)
    for heading, start, after in zip(headings, starts, places.searchsorted(starts, "right").tolist(), strict=True):
        if (
            after < len(places)
            and graded[after] > heading.level
            and _binds(heading, int(places[after]) - start, structure.headings)
        ):
            free[after] = False
    return Marks(headings, places[free], graded[free], places[~free])


def _binds(heading: Heading, distance: int, explicit: tuple[Heading, ...]) -> bool:
    """Whether a heading stays with what follows: a bookmark only where its own words stand alone before that."""
    return bool(heading.title) and (not explicit or distance <= len(heading.title) + TITLE_SLACK)


def _read(document: Document) -> tuple[tuple[Heading, ...], Strengths]:
    syntax = document.structure.syntax
    if syntax == "markdown":
        return read_markdown(document.text)
    if syntax in GRAMMARS:
        return read_code(document.text, syntax)
    return (), line_places(document.text)
