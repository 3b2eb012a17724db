"""CSV and TSV tables with a header: one row is one document; columns are named as the fields of JSON Lines.

The separator is found among comma, semicolon, tab and bar. Quotes follow RFC 4180; a row with broken quotes is refused alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from retrieval.readers.base import (
    KNOWN_FIELDS,
    TEXT_FIELDS,
    Collector,
    ReadReport,
    Unusable,
    decode,
    file_stem,
    report,
)
from retrieval.readers.rows import USUAL, Rows, absent
from retrieval.readers.settings import DEFAULT, Fields, Reading
from retrieval.types import Document

SEPARATORS = ",;\t|"
ONE_COLUMN = "\x1f"
LONGEST_CELL = 2**31 - 1


def read_table(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """The documents of a table; one without an id gets the file's stem and the number of its row's first line.

    The header is not case-sensitive, nor are the chosen fields. Encodings are those of plain text.
    """
    collector: Collector[Document] = Collector()
    try:
        _collect(collector, name, decode(data), replace(reading, fields=lowered(reading.fields)))
    except Unusable as refusal:
        collector.rows += not collector.rows
        collector.refuse(name, str(refusal))
    return report(collector)


def _collect(collector: Collector[Document], name: str, text: str, reading: Reading) -> None:
    lines, start = table_lines(text)
    header, separator = read_header(lines[start], chosen_names(reading.fields))
    require_columns(header, reading.fields)
    rows, stem = Rows(reading), file_stem(name)
    for line, row in records(lines, start + 1, separator):
        where = f"{name} line {line}"
        collector.rows += 1
        try:
            collector.add(rows.document(named(header, row, reading.fields), f"{stem}-{line}"), where)
        except Unusable as refusal:
            collector.refuse(where, str(refusal))


def table_lines(text: str) -> tuple[list[str], int]:
    """The lines of a table and the index of its header. Raises Unusable where it is empty."""
    csv.field_size_limit(LONGEST_CELL)  # the default of 128 KiB would refuse long documents
    lines = list(io.StringIO(text, newline=""))
    start = next((at for at, line in enumerate(lines) if line.strip()), None)
    if start is None:
        raise Unusable("is empty; give it a header with a column named text and a row for each document")
    return lines, start


def lowered(fields: Fields) -> Fields:
    """The same choice in lower case, as headers are read."""
    metadata = None if fields.metadata is None else tuple(map(str.lower, fields.metadata))
    text = tuple(map(str.lower, fields.text))
    return replace(fields, text=text, title=fields.title.lower(), id=fields.id.lower(), metadata=metadata)


def chosen_names(fields: Fields) -> frozenset[str]:
    """Every column that was chosen."""
    return frozenset({*fields.text, fields.title, fields.id, *(fields.metadata or ())} - {""})


def read_header(line: str, chosen: frozenset[str] = frozenset()) -> tuple[list[str], str]:
    """Column names in lower case and the separator that finds most known or chosen ones."""
    headers = {
        separator: [cell.strip().lower() for cell in next(csv.reader([line], delimiter=separator))] for separator in SEPARATORS
    }
    known = KNOWN_FIELDS | chosen
    best = max(SEPARATORS, key=lambda separator: (len(known.intersection(headers[separator])), len(headers[separator])))
    return headers[best], best if len(headers[best]) > 1 else ONE_COLUMN


def require_columns(header: list[str], fields: Fields) -> None:
    """Raise Unusable where a chosen column is missing, or where none is chosen for the text and none is named as one."""
    for name in sorted(chosen_names(fields).difference(header)):
        raise Unusable(absent(name, header))
    if not fields.text and not set(TEXT_FIELDS).intersection(header):
        found = ", ".join(header)
        raise Unusable(f"has no text column in its header ({found:.200}); name one text, body or content")


def records(lines: list[str], start: int, separator: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Rows that are not blank with the one-based number of their first line; an error stands for a row with broken quotes.

    After an error reading goes on at the next line, so that one open quote does not swallow the rest of the table.
    """
    while start < len(lines):
        first = start
        reader = csv.reader((lines[at] for at in range(first, len(lines))), delimiter=separator, strict=True)
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield first + 1, row
                first = start + reader.line_num
            return
        except csv.Error as error:
            yield first + 1, error
            start = first + 1


def named(header: list[str], row: list[str] | csv.Error, fields: Fields = USUAL) -> dict[str, object]:
    """The cells by column name, empty ones left out but for the text. Raises Unusable where the row does not fit the header."""
    if isinstance(row, csv.Error):
        raise Unusable("has broken quotes; double the quotes inside a cell and close every quoted cell")
    if len(row) > len(header):
        raise Unusable(f"has {len(row)} cells, the header has {len(header)}; put cells that hold the separator in quotes")
    cells = dict(zip(header, row, strict=False))
    texts = fields.text or TEXT_FIELDS
    return {name: cell for name, cell in cells.items() if name and (cell or name in texts)}
