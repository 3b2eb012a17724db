"""CSV that spreadsheets open without running anything: cells that look like formulas are guarded (OWASP, CSV injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def csv_table(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe; numbers stay."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([guarded(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def guarded(cell: object) -> object:
    """The cell, with an apostrophe in front where it is a text that begins as a formula does."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_MARKS) else cell
