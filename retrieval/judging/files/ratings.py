"""CSV `query,docid,rating`, as Quepid and OpenSearch read it: the query by its text, a row a judgment.

Where two queries have one text, or one has nothing but blanks, a fourth column `query_id` tells them apart. The separator and
other usual names of the columns are found; a column of raters and one of notes are taken too.
"""

from __future__ import annotations

import csv
from collections import Counter

from retrieval.judging.files.base import Labels, Sheet, Wrong
from retrieval.judging.files.tables import Columns, cells, guarded_csv, places, read_csv
from retrieval.judging.files.writing import encoded, whole
from retrieval.judging.verdicts import Verdict

HEADER = ("query", "docid", "rating")
COLUMNS: Columns = {
    "id": ("query_id", "query-id", "queryid", "qid", "query id"),
    "text": ("query", "query_text", "query text", "text", "q"),
    "document": ("docid", "doc_id", "document_id", "corpus-id", "corpus_id", "doc id", "document", "doc"),
    "grade": ("rating", "grade", "score", "relevance", "label", "judgment", "judgement"),
    "rater": ("rater", "judge", "assessor", "user"),
    "note": ("note", "notes", "explanation", "comment"),
}
NAMES = frozenset(name for names in COLUMNS.values() for name in names)


def read_ratings(data: bytes, sheet: Sheet) -> None:
    """Put the judgments of a table on the sheet."""
    table = read_csv(data, NAMES)
    if table is None:
        return
    at = places(table.header, COLUMNS)
    if not ("document" in at and "grade" in at and ("id" in at or "text" in at)):
        shown = ", ".join(table.header)
        sheet.rows += 1
        sheet.refuse(table.start, f"has the header {shown:.200}", f"put the line {','.join(HEADER)} above the rows")
        return

    def add(line: int, row: list[str] | csv.Error) -> None:
        found = cells(row, len(table.header))
        given = {role: found[where] for role, where in at.items()}
        if not given["grade"].strip():
            raise Wrong("has no rating", "give it one or remove the row")
        grade, rater = sheet.grade(given["grade"]), given.get("rater", "").strip() or sheet.rater
        verdict = Verdict(given.get("id", ""), given["document"], grade, rater=rater, note=given.get("note", ""))
        sheet.say(line, verdict, given.get("text", ""))

    sheet.take(table.rows(), add)


def write_ratings(labels: Labels) -> bytes:
    """The judgments of whole documents, a query without a text by its id."""
    texts = {query.id: query.text if query.text.strip() else query.id for query in labels.queries}
    judged = list(whole(labels))
    texts = {judgment.query_id: judgment.query_id for judgment in judged} | texts
    once = all(count == 1 and text.strip() for text, count in Counter(texts.values()).items())
    rows = [[texts[one.query_id], one.document_id, one.grade, *([] if once else [one.query_id])] for one in judged]
    return encoded(guarded_csv([[*HEADER, *([] if once else ["query_id"])], *rows]))
