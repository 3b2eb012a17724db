"""Workbooks (XLSX) as Markdown, by openpyxl: a sheet is a page and a section, its cells are pipe tables of stored values."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from typing import Any

from retrieval.readers.base import ReadReport, Unusable
from retrieval.readers.office import open_office, properties
from retrieval.readers.pages import joined
from retrieval.readers.pipes import escaped, pipe_table
from retrieval.readers.settings import DEFAULT, Limits, Reading
from retrieval.readers.whole import Notes, clean, counted, document_from, line, read_whole
from retrieval.types import Document, Structure

ROWS = 1_048_576  # what a spreadsheet program can hold
_NO_VALUE = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def read_xlsx(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A workbook as one Markdown document. Sheets are headings of level 2; empty rows divide a sheet into tables.

    Empty columns are cut. Formulas give the values that were stored with them; those without one are refused together.
    """
    return read_whole(name, data, reading, "an XLSX", _parse)


def _parse(name: str, data: bytes, reading: Reading, notes: Notes) -> Document:
    from openpyxl import load_workbook

    with open_office(data, "xl/", reading.limits) as archive:
        metadata = properties(archive)
        unknown = formulas_without_values(archive)
    if unknown:
        remedy = "they stay empty; open it in a spreadsheet program and save it"
        notes(name, f"holds formulas without stored values ({unknown:,}), {remedy}")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")  # about styles and extensions, which no text needs
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            pages = [clean(page_of(sheet, reading.limits)) for sheet in sheets_of(book, reading.limits)]
        finally:
            book.close()
    text, starts = joined(pages)
    return document_from(name, text, metadata.pop("title", ""), metadata, Structure("markdown", pages=starts))


def sheets_of(book: Any, limits: Limits) -> list[Any]:
    """The sheets with cells. Raises Unusable where they are too many."""
    sheets = list(book.worksheets)
    if len(sheets) > limits.pages:
        raise Unusable(f"has {len(sheets):,} sheets, the limit is {limits.pages:,}; split it or raise the limit pages")
    return sheets


def formulas_without_values(archive: zipfile.ZipFile) -> int:
    """How many formulas were saved by a program that computes nothing."""
    parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    return sum(len(_NO_VALUE.findall(archive.read(part))) for part in parts)


def page_of(sheet: Any, limits: Limits) -> str:
    """The Markdown of one sheet."""
    blocks = [f"## {line(sheet.title)}"]
    for rows in tables_of(sheet, limits):
        columns = sorted({column for row in rows for column in row})
        counted(sum(len(row) for row in rows) + len(columns), limits)
        if len(columns) == 1:
            blocks.append("\n".join(escaped(text) for row in rows for text in row.values()))
        else:
            blocks.append(pipe_table([filled(row, columns) for row in rows]))
    return "\n\n".join(blocks)


def tables_of(sheet: Any, limits: Limits) -> list[list[dict[int, str]]]:
    """Runs of rows between empty ones; a row maps column numbers to texts. Raises Unusable where the sheet is too large."""
    tables: list[list[dict[int, str]]] = [[]]
    characters = places = 0
    sheet.reset_dimensions()  # else every row is filled to the widest, which may be a single cell at the far end
    for cells in sheet.iter_rows(max_row=ROWS, values_only=True):
        places += len(cells)
        if places > limits.characters:
            raise Unusable(
                f"spans more than {limits.characters:,} cells, filled or empty; delete what is empty between the others"
            )
        row = {column: text for column, value in enumerate(cells) if value is not None and (text := text_of(value))}
        if row:
            characters += sum(map(len, row.values())) + 3 * (max(row) - min(row))
            counted(characters, limits)
            tables[-1].append(row)
        elif tables[-1]:
            tables.append([])
    return [table for table in tables if table]


def filled(row: dict[int, str], columns: list[int]) -> list[str]:
    """The cells of a row up to its last one with text."""
    last = max(row)
    return [row.get(column, "") for column in columns if column <= last]


def text_of(value: object) -> str:
    """A cell as a person would write it: whole numbers without a point, midnight as the day alone."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    return line(value)
