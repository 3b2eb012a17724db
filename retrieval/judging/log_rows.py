"""The rows of a query log: CSV or TSV with a header or without, or one request a line.

A header names a column for the query, and may name count, clicked document and time. Without one, columns stand in that order,
and a comma parts them only where a whole number follows the query on every line: queries hold commas themselves. They hold quotes
too, so cells of a tab-separated file are taken for quoted only where the quotes inside them are doubled, and the lines of a file
without header and columns never.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from retrieval.readers.base import Unusable, decode
from retrieval.readers.table import ONE_COLUMN, SEPARATORS, records, table_lines

COLUMNS: dict[str, tuple[str, ...]] = {
    "query": (
        "query",
        "q",
        "search",
        "search term",
        "search_term",
        "search query",
        "search_query",
        "query_text",
        "keyword",
        "term",
    ),
    "count": ("count", "n", "frequency", "freq", "searches", "requests"),
    "document": ("document", "clicked", "clicked document", "clicked_document", "document_id", "doc_id", "docid", "doc", "click"),
    "time": ("time", "timestamp", "date", "datetime", "at"),
}
LOOKED_AT = 100  # lines that show whether a file without a header has columns
_NUMBERS = {name: kind for kind, names in COLUMNS.items() for name in names}

Cells = list[str] | csv.Error


@dataclass(frozen=True, slots=True)
class LogRow:
    """A query as it was typed, how many requests the row stands for, the clicked document and the moment (ISO 8601, UTC).

    The last two are "" where there is none; `timed` is False where the time cannot be read.
    """

    query: str
    count: int = 1
    document: str = ""
    time: str = ""
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """How a log is written: the separator, "" for lines as they are; the place of every column by its kind; the index of the line
    with the first row; the most cells that a row may have.
    """

    separator: str
    places: Mapping[str, int]
    start: int
    width: int


def log_rows(data: bytes) -> Iterator[tuple[int, Mapping[str, str] | Unusable]]:
    """The cells of every row by kind of column, with the one-based number of the row's first line.

    A row that does not fit comes as its refusal. Raises Unusable where the file is empty or no text.
    """
    text = decode(data)
    try:
        lines, first = table_lines(text)
    except Unusable:
        raise Unusable("is empty; give it a column named query, or a query on each line") from None
    layout = layout_of(lines, first)
    for number, cells in cell_rows(lines, layout):
        yield number, fitted(cells, layout)


def layout_of(lines: Sequence[str], start: int) -> Layout:
    """The layout that the lines from `start` on show. Raises Unusable where there is a header without a column for the query."""
    headers = {separator: header_of(lines[start], separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: (len(known(headers[separator])), len(headers[separator])))
    places, width = known(headers[best]), len(headers[best])
    if "query" in places:
        return Layout(best if width > 1 else ONE_COLUMN, places, start + 1, width)
    if len(places) > 1:
        names = ", ".join(headers[best])
        raise Unusable(f"has no column for the query in its header ({names:.200}); name one query")
    separator, width = without_header(list(islice((line for line in lines[start:] if line.strip()), LOOKED_AT)))
    return Layout(separator, dict(zip(COLUMNS, range(width), strict=False)), start, max(width, len(COLUMNS)) if separator else 1)


def header_of(line: str, separator: str) -> list[str]:
    """The cells of a first line in lower case."""
    return [cell.strip().lower() for cell in next(csv.reader([line], delimiter=separator), [])]


def known(header: Sequence[str]) -> dict[str, int]:
    """The place of the first column of every kind."""
    places: dict[str, int] = {}
    for at, name in enumerate(header):
        if name in _NUMBERS:
            places.setdefault(_NUMBERS[name], at)
    return places


def without_header(lines: Sequence[str]) -> tuple[str, int]:
    """The separator that stands on every line, and the most cells that a line has; "" and 1 where there is one column."""
    for separator in ("\t", ",", ";", "|"):
        rows = [tab_cells(line) if separator == "\t" else plain_cells(line, separator) for line in lines]
        if all(len(row) > 1 and row[1].strip().isdecimal() for row in rows):
            return separator, max(map(len, rows))
    return "", 1


def plain_cells(line: str, separator: str) -> list[str]:
    """The cells of a single line."""
    return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])


def cell_rows(lines: list[str], layout: Layout) -> Iterator[tuple[int, Cells]]:
    """The rows that are not blank by the number of their first line; an error stands for a row with broken quotes."""
    if layout.separator not in ("", "\t"):
        for number, row in records(lines, layout.start, layout.separator):
            literal = layout.separator == ONE_COLUMN and isinstance(row, csv.Error)
            yield number, [lines[number - 1]] if literal else row
        return
    for number, line in enumerate(lines[layout.start :], start=layout.start + 1):
        if line.strip():
            yield number, tab_cells(line) if layout.separator else [line]


def tab_cells(line: str) -> list[str]:
    """The cells of a line between tabs."""
    return [unquoted(cell) for cell in line.rstrip("\r\n").split("\t")]


def unquoted(cell: str) -> str:
    """The words of a cell that was quoted for quotes inside it, as `"24"" pipe"`; `"exact phrase"` keeps its quotes."""
    inner = cell[1:-1]
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '""' in inner and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if quoted else cell


def fitted(cells: Cells, layout: Layout) -> Mapping[str, str] | Unusable:
    """The cells by kind of column, or why the row does not fit."""
    if isinstance(cells, csv.Error):
        return Unusable("has broken quotes; double the quotes inside a cell and close every quoted cell")
    if len(cells) > layout.width:
        count = f"has {len(cells)} cells, {layout.width} are expected"
        return Unusable(f"{count}; put cells that hold the separator in quotes")
    return {kind: cells[at].strip() for kind, at in layout.places.items() if at < len(cells)}


def row_of(cells: Mapping[str, str], longest: int) -> LogRow:
    """The row of its cells. Raises Unusable where the query is empty or longer than `longest`, or the count is none."""
    query = " ".join(cells.get("query", "").split())
    if not query:
        raise Unusable("has no query; fill it or remove the row")
    if len(query) > longest:
        raise Unusable(
            f"has a query of {len(query):,} characters, the limit is {longest:,}; shorten it or raise the limit characters"
        )
    time = moment_of(cells.get("time", ""))
    return LogRow(query, count_of(cells.get("count", "")), cells.get("document", ""), time, bool(time) or not cells.get("time"))


def count_of(text: str) -> int:
    """A whole number of requests, "12.0" allowed, 1 where there is none. Raises Unusable for everything else."""
    whole = text.removesuffix(".0")
    if not text:
        return 1
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 16 and int(whole)):
        raise Unusable(f'has the count "{text:.40}"; a count is a whole number of at least 1, correct it or remove the row')
    return int(whole)


def moment_of(text: str) -> str:
    """A time in ISO 8601, or in seconds or milliseconds since 1970, as ISO 8601 in UTC to the second; "" where it is neither.

    A time without a zone is taken for UTC.
    """
    try:
        if text.isdecimal() and len(text) in (10, 13):
            moment = datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
        else:
            moment = datetime.fromisoformat(text)
        return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return ""
