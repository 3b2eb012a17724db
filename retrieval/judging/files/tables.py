"""Columns by their many names, cells that a spreadsheet guarded, and the rows of a table with their lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.exporting.cells import FORMULA_MARKS, csv_table
from retrieval.judging.files.base import Wrong, check_width
from retrieval.readers.base import decode
from retrieval.readers.table import read_header, records, table_lines

Columns = Mapping[str, tuple[str, ...]]
_MARKS = re.escape("".join(FORMULA_MARKS))
_APOSTROPHES = re.compile(f"'+[{_MARKS}]")


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a CSV file, its header in lower case, the index of the line after it, and the separator."""

    lines: list[str]
    header: list[str]
    start: int
    separator: str

    def rows(self) -> Iterator[tuple[int, list[str] | csv.Error]]:
        """Rows that are not blank, with the line that each starts at."""
        return records(self.lines, self.start, self.separator)


def read_csv(data: bytes, names: Iterable[str]) -> Table | None:
    """The table in a file, None where it is empty; its separator is the one that finds most `names`. Raises Unusable."""
    text = decode(data)
    if not text.strip():
        return None
    lines, at = table_lines(text)
    header, separator = read_header(lines[at], frozenset(names))
    return Table(lines, header, at + 1, separator)


def places(header: Sequence[str], columns: Columns) -> dict[str, int]:
    """Where each of `columns` stands in a header, by the first of its names that is there."""
    found = {role: next((header.index(name) for name in names if name in header), None) for role, names in columns.items()}
    return {role: at for role, at in found.items() if at is not None}


def cells(row: list[str] | csv.Error, width: int) -> list[str]:
    """The cells of a row without the guards of spreadsheets. Raises Wrong where they are not as many as the header's."""
    if isinstance(row, csv.Error):
        raise Wrong("has broken quotes", "double the quotes inside a cell and close every quoted cell")
    check_width(row, width, "cell", "fill it up to the header, and put cells that hold the separator in quotes")
    return [bare(cell) for cell in row]


def bare(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if _APOSTROPHES.match(cell) else cell


def guarded_csv(rows: Iterable[Sequence[object]]) -> str:
    """The rows as `csv_table` writes them, so that `bare` gives every cell back: what looks guarded gets one more apostrophe."""
    return csv_table([doubled(cell) for cell in row] for row in rows)


def doubled(cell: object) -> object:
    """The cell, with one more apostrophe where it begins as a guarded one does."""
    return f"'{cell}" if isinstance(cell, str) and _APOSTROPHES.match(cell) else cell
