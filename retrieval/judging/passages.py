"""The sentences and headings of a document that can stand alone as a query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrieval.chunking.grades import LINE
from retrieval.chunking.marks import outline, read_marks
from retrieval.chunking.sentencing import sentence_starts
from retrieval.text import SURFACE
from retrieval.types import Document

PROSE = ("text", "markdown")
LONGEST = 1_000  # characters; what is longer is no sentence, and not worth its analysis
WORDY = 0.6  # letters and spaces of a passage, at least: less is a table, a formula or code

_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_BULLET = re.compile(r"^(?:[-+•>#]+|\d{1,3}[.)])\s+")
_COMMENT = re.compile(r"^(?://+|#+!?|/\*+|\*+/?|--+|;+|\"{3}|'{3})\s*|\s*(?:\*/|\"{3}|'{3})$")
_LINE_END = re.compile(r"\n")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"[|{}<>=\\\0\ud800-\udfff]|\.\.\.|[^\W\d_]\((?!e?s\))|\"\"|``")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a document as a query, and the characters that they stand on; `start` is -1 for the title, which is no part of
    the text.
    """

    text: str
    start: int
    end: int
    heading: bool = False

    @property
    def span(self) -> tuple[int, int] | None:
        """The characters; None for the title."""
        return None if self.start < 0 else (self.start, self.end)

    @property
    def words(self) -> int:
        """How many words it has, as `Analyser` cuts them."""
        return len(SURFACE.findall(self.text))


def passages(document: Document) -> Iterator[Passage]:
    """Title, headings and sentences in the order of the text, without marks of Markdown and comments, and without code."""
    title = " ".join(document.title.split())
    if wordy(title):
        yield Passage(title, -1, -1, True)
    text, syntax = document.text, document.structure.syntax
    prose = syntax in PROSE
    headings = {heading.start: " ".join(heading.title.split()) for heading in outline(document)} if prose else {}
    fences = [match.span() for match in _FENCE.finditer(text)] if prose else []
    for start, end in spans(document, sorted(headings)):
        raw = text[start:end].rstrip()
        if len(raw) > LONGEST or any(low <= start < high for low, high in fences):
            continue
        heading = start in headings and "\n" not in raw
        words = headings[start] if heading else clean(raw, syntax)
        if wordy(words):
            yield Passage(words, start, start + len(raw), heading)


def spans(document: Document, headings: list[int]) -> Iterator[tuple[int, int]]:
    """From each place where a sentence, a block or a heading starts to the next, without white space before; lines of code."""
    text = document.text
    if document.structure.syntax in PROSE:
        marks = read_marks(document)
        blocks = marks.places[marks.strengths < LINE]
        ends = [at for start in headings if (at := text.find("\n", start)) >= 0]
        found = np.concatenate([blocks, marks.bound, sentence_starts(text), headings, ends])
    else:
        found = np.array([match.end() for match in _LINE_END.finditer(text)])
    places = np.unique(np.concatenate([[0], found, [len(text)]]).astype(np.int64))
    for start, end in pairwise(places.tolist()):
        first = start + len(text[start:end]) - len(text[start:end].lstrip())
        if first < end:
            yield first, end


def clean(raw: str, syntax: str) -> str:
    """The words of a passage on one line, without the marks of its syntax; of code only comments have any."""
    if syntax not in PROSE:
        return " ".join(_COMMENT.sub("", raw).split()) if _COMMENT.match(raw) else ""
    if syntax == "markdown":
        raw = _EMPHASIS.sub("", _LINK.sub(r"\1", raw))
    return " ".join(_BULLET.sub("", raw.strip("*_ \t\n")).split())


def wordy(words: str) -> bool:
    """Whether a passage is made of words rather than of numbers and signs."""
    if not words or _CODE.search(words):
        return False
    return sum(letter.isalpha() or letter == " " for letter in words) >= WORDY * len(words)
