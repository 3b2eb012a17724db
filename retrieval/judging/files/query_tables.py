"""Queries in tables: CSV with a header, and TSV as MS MARCO has it, with or without a header and never quoted.

Columns beside the text: id, class, note, source, added, held_out. A query without an id gets one from its text, so that the same
text is the same query the next time. Only CSV is guarded for spreadsheets: TSV is for programs, which would read the guard.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

from retrieval.judging.files.base import Labels, Sheet, check_width, text_lines
from retrieval.judging.files.fields import moment_in, truth_in
from retrieval.judging.files.tables import Columns, cells, guarded_csv, places, read_csv
from retrieval.judging.files.writing import encoded, fitting
from retrieval.judging.sources import IMPORTED
from retrieval.types import Query

HEADER = ("id", "text", "class", "note", "source", "added", "held_out")
COLUMNS: Columns = {
    "id": ("id", "query_id", "query-id", "qid", "_id", "query id"),
    "text": ("text", "query", "query_text", "query text", "title"),
    "class": ("class", "category", "tag", "tags"),
    "note": ("note", "notes", "description"),
    "source": ("source",),
    "added": ("added",),
    "held_out": ("held_out", "held out"),
}
NAMES = frozenset(name for names in COLUMNS.values() for name in names)
NO_TEXT = "put a header above the rows, with id and text for the two columns that are needed"
_UNFIT = re.compile(r"[\t\r\n]")


def read_csv_queries(data: bytes, sheet: Sheet) -> None:
    """Put the queries of a CSV file on the sheet."""
    table = read_csv(data, NAMES)
    if table is None:
        return
    at = places(table.header, COLUMNS)
    if "text" not in at:
        sheet.rows += 1
        sheet.refuse(table.start, f"has no text column in the header {', '.join(table.header):.200}", NO_TEXT)
        return

    def add(line: int, row: list[str] | csv.Error) -> None:
        found = cells(row, len(table.header))
        sheet.ask(line, query_of({role: found[where] for role, where in at.items()}))

    sheet.take(table.rows(), add)


def read_tsv_queries(data: bytes, sheet: Sheet) -> None:
    """Put the queries of a TSV file on the sheet; without a header its columns are id and text, or the text alone."""
    lines = list(text_lines(data))
    first = lines[0][1].split("\t") if lines else []
    header = [cell.strip().lower() for cell in first]
    at = places(header, COLUMNS)
    if "text" in at:
        lines = lines[1:]
    elif len(first) <= 2:
        at = {"id": 0, "text": 1} if len(first) == 2 else {"text": 0}
    else:
        sheet.rows += 1
        sheet.refuse(lines[0][0], f"has {len(first)} columns and no header with a text", NO_TEXT)
        return

    def add(number: int, line: str) -> None:
        found = line.split("\t")
        check_width(found, len(first), "column", "put one tab between the columns, as in the first line")
        sheet.ask(number, query_of({role: found[where] for role, where in at.items()}))

    sheet.take(lines, add)


def query_of(row: Mapping[str, str]) -> Query:
    """The query of a row. Raises Wrong where a time or a truth value is none."""
    moment, held_out = moment_in(row, "added"), truth_in(row, "held_out")
    details = (row.get("class", ""), row.get("note", ""), row.get("source", IMPORTED))
    return Query(row.get("id", ""), row["text"], *details, moment, held_out)


def write_csv_queries(labels: Labels) -> bytes:
    """All queries with all that is known of each."""
    return encoded(guarded_csv([HEADER, *(row_of(query) for query in labels.queries)]))


def write_tsv_queries(labels: Labels) -> bytes:
    """All queries with all that is known of each. Raises BadInput where a cell has a tab or a line break."""
    return encoded("".join("\t".join(map(tsv_cell, row)) + "\n" for row in (HEADER, *map(row_of, labels.queries))))


def tsv_cell(cell: str) -> str:
    """The cell, if TSV can hold it. Raises BadInput with the rule."""
    rule = "has a tab or a line break in it, which no TSV file can hold"
    return fitting("text", cell, _UNFIT, rule, "export CSV or JSON Lines")


def row_of(query: Query) -> tuple[str, ...]:
    """The cells of a query in the order of the header."""
    held_out = "true" if query.held_out else "false"
    return query.id, query.text, query.category, query.note, query.source, query.added, held_out
