"""BEIR qrels (Thakur et al., 2021): a header, then query id, document id and grade with tabs between; nothing is quoted."""

from __future__ import annotations

import re

from retrieval.judging.files.base import Labels, Sheet, check_width, text_lines
from retrieval.judging.files.writing import encoded, fitting, whole
from retrieval.judging.verdicts import Verdict

HEADER = "query-id\tcorpus-id\tscore"
QUERY_NAMES = ("query-id", "query_id", "qid", "query")
FIELDS = 3
_UNFIT = re.compile(r"[\t\r\n]|^\s|\s\Z|^\Z")


def read_qrels(data: bytes, sheet: Sheet) -> None:
    """Put the judgments of a qrels file on the sheet, with or without a header."""

    def add(number: int, line: str) -> None:
        cells = [cell.strip() for cell in line.split("\t")]
        check_width(cells, FIELDS, "column", "put one tab between query id, document id and grade")
        query, document, grade = cells
        sheet.say(number, Verdict(query, document, sheet.grade(grade), rater=sheet.rater))

    lines = list(text_lines(data))
    sheet.take(lines[1:] if lines and is_header(lines[0][1]) else lines, add)


def is_header(line: str) -> bool:
    """Whether a line names the columns."""
    return line.split("\t")[0].strip().lower() in QUERY_NAMES


def write_qrels(labels: Labels) -> bytes:
    """The judgments of whole documents. Raises BadInput where an id has a tab, a line break or white space around it."""
    lines = (f"{beir_id(one.query_id)}\t{beir_id(one.document_id)}\t{one.grade}\n" for one in whole(labels))
    return encoded(f"{HEADER}\n{''.join(lines)}")


def beir_id(id: str) -> str:
    """The id, if a table with tabs can hold it. Raises BadInput with the rule."""
    rule = "is empty, or has a tab, a line break or white space around it, which no BEIR qrels can hold"
    return fitting("id", id, _UNFIT, rule, "export CSV or JSON Lines")
