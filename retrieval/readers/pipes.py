"""Blocks of Markdown that several readers write: pipe tables, and lines that must not turn into marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARK = re.compile(r"(?m)^(?=#{1,6}(?:[ \t]|$)|```|~~~|=+[ \t]*$|-+[ \t]*$)")
_TICKS = re.compile("`{3,}")


def pipe_table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is the header, "" where there are no rows.

    Only the header is filled to the widest row: Markdown takes shorter rows, and a wide sheet stays small.
    """
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    header = [*rows[0], *[""] * (width - len(rows[0]))]
    lines = [pipe_row(header), "|" + " --- |" * width]
    return "\n".join([*lines, *(pipe_row(row) for row in rows[1:])])


def pipe_row(cells: Sequence[str]) -> str:
    """One line of a table; line ends inside a cell become spaces."""
    return "".join(["|", *(f" {cell} |" if cell else " |" for cell in map(pipe_cell, cells))])


def pipe_cell(text: str) -> str:
    """The text of a cell, bars escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def escaped(paragraph: str) -> str:
    """A paragraph whose lines are not taken for headings or code fences."""
    return _MARK.sub(lambda _: "\\", paragraph)


def fenced(code: str, language: str = "") -> str:
    """A code block with a fence longer than any inside."""
    longest = max((len(ticks) for ticks in _TICKS.findall(code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"
