"""Headings and blocks of Markdown, by CommonMark's block rules and tables; the words inside a block are not parsed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.chunking.grades import BLOCK, DEEPEST, LINE, Strengths, line_places, next_character
from retrieval.types import Heading

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

INSIDE = BLOCK + 2 * DEEPEST + 1  # blank lines of code, then its lines

_LINE_END = re.compile(r"\r\n?|\n")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_VERBATIM = {"fence", "code_block", "html_block"}
_PARTS_OF_A_TABLE = {"thead_open", "tbody_open", "th_open", "td_open"}


def read_markdown(text: str) -> tuple[tuple[Heading, ...], Strengths]:
    """Headings with the start of their line, and graded places: blocks, then what is nested in them, level by level."""
    lines = [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]
    tokens = _parser().parse(text)
    headings: list[Heading] = []
    strengths: Strengths = {}
    rows = 0
    for at, token in enumerate(tokens):
        if token.map is None or token.nesting < 0 or token.type in _PARTS_OF_A_TABLE or token.type == "inline":
            continue
        rows = rows + 1 if token.type == "tr_open" else 0
        start = next_character(text, lines[token.map[0]])
        head = rows in (1, 2)  # the head of a table and its first row stay together if they can
        strengths.setdefault(start, LINE if head else BLOCK + 2 * min(token.level, DEEPEST))
        if token.type == "heading_open" and token.level == 0:
            headings.append(Heading(start, int(token.tag[1:]), _title(tokens, at)))
        if token.type in _VERBATIM:
            end = lines[min(token.map[1], len(lines) - 1)]
            inside = line_places(text[start:end], start, INSIDE, INSIDE + 1)
            strengths |= {place: strength for place, strength in inside.items() if place not in strengths}
    return tuple(headings), strengths


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable("inline")


def _title(tokens: Sequence[Token], at: int) -> str:
    """The words of the heading that opens at `at`, without emphasis and the targets of links."""
    return " ".join(_EMPHASIS.sub("", _LINK.sub(r"\1", tokens[at + 1].content)).split())
