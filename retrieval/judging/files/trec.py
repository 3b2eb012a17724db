"""TREC qrels: `qid 0 docid grade` on a line, white space between; the second field, once an iteration, is ignored.

So reads it trec_eval (Buckley and Voorhees), and so does ir_measures. A grade below 0 is how some tracks mark spam: see `Scale`.
"""

from __future__ import annotations

import re

from retrieval.judging.files.base import Labels, Sheet, Wrong, check_width, text_lines
from retrieval.judging.files.writing import encoded, fitting, whole
from retrieval.judging.verdicts import Verdict

FIELDS, RUN = 4, 6
_UNFIT = re.compile(r"[\s\ufeff]|^\Z")


def read_qrels(data: bytes, sheet: Sheet) -> None:
    """Put the judgments of a qrels file on the sheet."""

    def add(number: int, line: str) -> None:
        fields = line.split()
        if len(fields) == RUN:
            raise Wrong("has the six fields of a run, not the four of qrels", "import it as a run")
        check_width(fields, FIELDS, "field", "write query id, 0, document id and grade, white space between")
        query, _, document, grade = fields
        sheet.say(number, Verdict(query, document, sheet.grade(grade), rater=sheet.rater))

    sheet.take(text_lines(data), add)


def write_qrels(labels: Labels) -> bytes:
    """The judgments of whole documents. Raises BadInput where an id is empty or has white space in it."""
    lines = (
        f"{trec_id('query id', judgment.query_id)} 0 {trec_id('document id', judgment.document_id)} {judgment.grade}\n"
        for judgment in whole(labels)
    )
    return encoded("".join(lines))


def trec_id(kind: str, id: str) -> str:
    """The id, if TREC's files can hold it. Raises BadInput with the rule."""
    return fitting(kind, id, _UNFIT, "is empty or has white space in it, which no TREC file can hold", "export CSV or JSON Lines")
