"""What every format shares: what it writes, what it reads, and the sheet that keeps what was read and what was refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from retrieval.judging.files.scales import AS_IS, HIGHEST, LOWEST, Scale
from retrieval.judging.records import LONGEST_ID, LONGEST_TEXT
from retrieval.judging.sources import IMPORTED
from retrieval.judging.verdicts import Verdict
from retrieval.naming import LONGEST_NAME
from retrieval.readers.base import Unusable, decode
from retrieval.types import Judgment, Query

_GRADE = re.compile(r"([+-]?[0-9]{1,9})(?:\.0*)?")
_LINE_END = re.compile(r"\r\n|\r|\n")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Labels:
    """What a query set gives to a file: its queries, the judgments that count, and all verdicts in their order."""

    queries: tuple[Query, ...] = ()
    judgments: tuple[Judgment, ...] = ()
    history: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: its one-based line (0 stands for the whole file), why, and what to do."""

    line: int
    reason: str
    remedy: str

    @property
    def where(self) -> str:
        """The line in words."""
        return f"line {self.line}" if self.line else "the file"

    def __str__(self) -> str:
        return f"{self.where} {self.reason}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict of a file and its line. Where the file names the query by its text alone, the verdict's query id is ""."""

    line: int
    verdict: Verdict
    text: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of a file and its line; its id is "" where the file gives none."""

    line: int
    query: Query


class Wrong(Exception):
    """Why one row is refused and what to do; never leaves the formats."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy = reason, remedy


class Sheet:
    """What is read of a file: verdicts and queries with their lines, what is refused, and the grades as the file gives them."""

    def __init__(self, scale: Scale = AS_IS, rater: str = IMPORTED) -> None:
        self.scale, self.rater = scale, rater
        self.rows = 0
        self.said: list[Said] = []
        self.asked: list[Asked] = []
        self.refused: list[Refused] = []
        self.given: Counter[int] = Counter()

    def take(self, rows: Iterable[tuple[int, Row]], add: Callable[[int, Row], None]) -> None:
        """Have every row added by `add(line, row)`; where that raises, the row is refused and the next one is taken."""
        for line, row in rows:
            self.rows += 1
            try:
                add(line, row)
            except Wrong as wrong:
                self.refuse(line, wrong.reason, wrong.remedy)
            except Unusable as unusable:
                self.refuse(line, *parted(unusable))
            except RecursionError:
                self.refuse(line, "is nested too deeply", "flatten it")

    def say(self, line: int, verdict: Verdict, text: str = "") -> None:
        """Keep a verdict. Raises Wrong where it names no query or no document, or something in it is too long."""
        if verdict.query_id or not text.strip():
            check_id("query id", verdict.query_id)
        check_id("document id", verdict.document_id)
        check_length("rater", verdict.rater, LONGEST_NAME)
        check_length("note", verdict.note, LONGEST_TEXT)
        check_length("query", text, LONGEST_TEXT)
        self.said.append(Said(line, verdict, text))

    def ask(self, line: int, query: Query) -> None:
        """Keep a query, which may have no id. Raises Wrong where it has no words, or something in it is too long."""
        if not query.text.strip():
            raise Wrong("has no text", "give the query one or remove the row")
        check_length("query id", query.id, LONGEST_ID)
        for name in ("text", "category", "note", "source"):
            check_length(name.replace("category", "class"), getattr(query, name), LONGEST_TEXT)
        self.asked.append(Asked(line, query))

    def refuse(self, line: int, reason: str, remedy: str) -> None:
        """Note what was not taken."""
        self.refused.append(Refused(line, reason, remedy))

    def grade(self, given: str) -> int:
        """The grade of 0 to 3 that a file's grade stands for on the scale. Raises Wrong where it is none."""
        match = _GRADE.fullmatch(given.strip())
        if match is None:
            raise Wrong(f'has the grade "{given:.40}"', "grades are whole numbers, write one or remove the row")
        number = int(match[1])
        self.given[number] += 1
        grade = self.scale.grade(number)
        if grade is None:
            rule = f"has the grade {number}, the grades are {LOWEST} to {HIGHEST}"
            raise Wrong(
                rule, f"correct it, or choose a scale: clip, or a step as in {number}={HIGHEST if number > 0 else LOWEST}"
            )
        return grade


def parted(unusable: Unusable) -> tuple[str, str]:
    """Reason and remedy of a reader's refusal, which parts them by its last semicolon."""
    reason, _, remedy = str(unusable).rpartition("; ")
    return reason, remedy


def check_id(kind: str, id: str) -> None:
    """Raise Wrong where an id is empty or too long."""
    if not id:
        raise Wrong(f"has no {kind}", "give it one or remove the row")
    check_length(kind, id, LONGEST_ID)


def check_length(kind: str, text: str, longest: int) -> None:
    """Raise Wrong where a text has more than `longest` characters."""
    if len(text) > longest:
        raise Wrong(f"has a {kind} of {len(text):,} characters, the limit is {longest:,}", "shorten it")


def check_width(cells: Sequence[str], width: int, noun: str, remedy: str) -> None:
    """Raise Wrong where a row has not `width` cells, which the format calls by `noun`."""
    found = len(cells)
    if found != width:
        raise Wrong(f"has {found:,} {noun}{'' if found == 1 else 's'}, not {width}", remedy)


def text_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not blank, with their one-based numbers. Raises Unusable where it is no text."""
    for number, line in enumerate(_LINE_END.split(decode(data)), start=1):
        if line.strip():
            yield number, line
