"""JSON Lines, one object a line: the complete format, from which everything comes back as it was.

A query is `_id, text, class, note, source, added, held_out`, which BEIR's queries.jsonl is a part of; a verdict is `query_id,
document_id, grade, cant_tell, start, end, rater, note, at`, all of them in the order in which they were given. A grade of null
is a word taken back, or with `cant_tell` one that could not be given. Judged spans (`query-id, corpus-id, score, start, end`),
and rows with the query's text in `query` are read too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from retrieval.judging.files.base import Labels, Sheet, Wrong
from retrieval.judging.files.fields import id_in, moment_in, span_in, text_in, truth_in
from retrieval.judging.files.writing import check_sound, encoded
from retrieval.judging.sources import IMPORTED
from retrieval.judging.verdicts import Verdict
from retrieval.readers.base import first_of, kind
from retrieval.readers.jsonl import numbered, parsed, utf8_lines
from retrieval.types import Query

QUERY_IDS = ("query_id", "query-id", "qid")
DOCUMENT_IDS = ("document_id", "corpus-id", "doc_id", "docid")
GRADES = ("grade", "score", "rating")
OWN_IDS = ("_id", "id", *QUERY_IDS)
CLASSES = ("class", "category")


def read_jsonl(data: bytes, sheet: Sheet) -> None:
    """Put the queries and verdicts of a file on the sheet; an object that names a document is a verdict."""

    def add(number: int, line: bytes) -> None:
        row = parsed(line)
        if first_of(row, DOCUMENT_IDS) is None:
            sheet.ask(number, query_of(row))
        else:
            sheet.say(number, verdict_of(row, sheet), text_in(row, ("query",)))

    sheet.take(numbered(utf8_lines(data)), add)


def query_of(row: Mapping[str, object]) -> Query:
    """The query of an object, what is missing from BEIR's `metadata`. Raises Unusable or Wrong with the reason."""
    metadata = row.get("metadata")
    fields = {**(metadata if isinstance(metadata, dict) else {}), **row}
    if first_of(fields, ("text", "query")) is None:
        raise Wrong("names neither a document nor a text", "give a query its text, a verdict its document_id")
    return Query(
        id_in(fields, OWN_IDS),
        text_in(fields, ("text", "query")),
        text_in(fields, CLASSES),
        text_in(fields, ("note",)),
        text_in(fields, ("source",), IMPORTED),
        moment_in(fields, "added"),
        truth_in(fields, "held_out"),
    )


def verdict_of(row: Mapping[str, object], sheet: Sheet) -> Verdict:
    """The verdict of an object. Raises Unusable or Wrong with the reason."""
    start, end = span_in(row)
    cant_tell = truth_in(row, "cant_tell")
    return Verdict(
        id_in(row, QUERY_IDS),
        id_in(row, DOCUMENT_IDS),
        grade_of(row, cant_tell, sheet),
        cant_tell,
        start,
        end,
        text_in(row, ("rater",), sheet.rater),
        text_in(row, ("note",)),
        moment_in(row, "at"),
    )


def grade_of(row: Mapping[str, object], cant_tell: bool, sheet: Sheet) -> int | None:
    """The grade of an object, None for null. Raises Wrong where it has none, or one beside can't tell."""
    names = [name for name in GRADES if name in row]
    if not names and not cant_tell:
        raise Wrong("has no grade", "give it one, or null for a word that was taken back")
    value = first_of(row, names)
    if value is None:
        return None
    if cant_tell:
        raise Wrong("has a grade though its rater can't tell", "remove one of both")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Wrong(f"has {kind(value)} for its grade", "write a whole number")
    return sheet.grade(str(value))


def write_jsonl(labels: Labels) -> bytes:
    """All queries, then the whole history. Raises BadInput where a text holds a NUL or half a surrogate pair."""
    rows: list[Mapping[str, object]] = [{"_id": one.id, "text": one.text, **details(one)} for one in labels.queries]
    rows += [verdict_row(verdict) for verdict in labels.history]
    return lines(rows)


def write_beir_queries(labels: Labels) -> bytes:
    """BEIR's queries.jsonl, with class, note and the rest of each query in its metadata."""
    return lines({"_id": one.id, "text": one.text, "metadata": details(one)} for one in labels.queries)


def details(query: Query) -> dict[str, object]:
    """A query's fields beside its id and its text."""
    found: dict[str, object] = {"class": query.category, "note": query.note, "source": query.source}
    return found | {"added": query.added, "held_out": query.held_out}


def verdict_row(verdict: Verdict) -> dict[str, object]:
    """A verdict's fields; those of a span and can't tell only where there is one."""
    row: dict[str, object] = {"query_id": verdict.query_id, "document_id": verdict.document_id, "grade": verdict.grade}
    row |= {"cant_tell": True} if verdict.cant_tell else {}
    row |= {} if verdict.start is None else {"start": verdict.start, "end": verdict.end}
    return row | {"rater": verdict.rater, "note": verdict.note, "at": verdict.at}


def lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    """One object a line."""
    found = []
    for row in rows:
        for text in texts(row):
            check_sound(text)
        found.append(json.dumps(row, ensure_ascii=False) + "\n")
    return encoded("".join(found))


def texts(row: Mapping[str, object]) -> Iterator[str]:
    """Every text in an object and in the objects inside it; JSON would write a NUL in an escape that hides it."""
    for value in row.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from texts(value)
