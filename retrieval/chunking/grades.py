"""How good a place is for a cut: the smaller its strength, the better. Headings have their level, 1 and up."""

from __future__ import annotations

import re
from collections.abc import Mapping

BLOCK = 100  # blocks; what is nested in them follows, two by two
DEEPEST = 100
LINE = 1000

_BREAK = re.compile(r"\n\s*")

Strengths = dict[int, int]


def line_places(text: str, start: int = 0, blank: int = BLOCK, line: int = LINE) -> Strengths:
    """The first character of every line but the first, moved by `start`; `blank` is the strength after blank lines."""
    breaks = (match for match in _BREAK.finditer(text) if match.end() < len(text))
    return {match.end() + start: blank if match.group().count("\n") > 1 else line for match in breaks}


def strongest_of(*found: Mapping[int, int]) -> Strengths:
    """All places, each with the best of its strengths."""
    strengths: Strengths = {}
    for some in found:
        for place, strength in some.items():
            strengths[place] = min(strength, strengths.get(place, strength))
    return strengths


def next_character(text: str, start: int) -> int:
    """The first character at or after `start` that is not white space; the end of the text where there is none."""
    while start < len(text) and text[start].isspace():
        start += 1
    return start
