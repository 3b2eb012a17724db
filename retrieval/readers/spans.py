"""Judged spans of BEIR folders, `qrels/<split>.spans.jsonl`: which characters of a document answer a query.

One object a line: "query-id", "corpus-id", "score" (the grade), "start" and "end", characters of the document's text. BEIR knows
judgments of whole documents only, so these lie beside its own files, and readers that do not know them lose nothing else.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from retrieval.readers.base import Refusal, Unusable, sound
from retrieval.readers.jsonl import numbered, parsed
from retrieval.types import GRADES, Document, Judgment, Query

SUFFIX = ".spans.jsonl"


def read_spans(
    name: str, lines: Iterable[bytes], queries: Mapping[str, Query], documents: Mapping[str, Document], refused: list[Refusal]
) -> tuple[Judgment, ...]:
    """The judgments of one file, the first of equal spans kept; what is not taken is added to `refused` with its line."""
    if not queries:
        refused.append(Refusal(name, "is not read, for there is no query; add queries.jsonl"))
        return ()
    found: dict[tuple[str, str, tuple[int, int] | None], tuple[Judgment, int]] = {}
    for number, line in numbered(lines):
        try:
            judgment = judgment_of_span(parsed(line), queries, documents)
            place = (judgment.query_id, judgment.document_id, judgment.span)
            if place in found:
                raise Unusable(f"judges the query and span of line {found[place][1]} again; the first is kept, remove one")
            found[place] = (judgment, number)
        except Unusable as refusal:
            refused.append(Refusal(f"{name} line {number}", str(refusal)))
        except RecursionError:
            refused.append(Refusal(f"{name} line {number}", "is nested too deeply; flatten the object"))
    return tuple(judgment for judgment, _ in found.values())


def judgment_of_span(row: Mapping[str, object], queries: Container[str], documents: Mapping[str, Document]) -> Judgment:
    """The judgment of a row. Raises Unusable with the reason."""
    query, document = named("query-id", row), named("corpus-id", row)
    if query not in queries:
        raise Unusable(f'names the query "{query}", which queries.jsonl does not hold; add it or remove the row')
    if document not in documents:
        raise Unusable(f'names the document "{document}", which corpus.jsonl does not hold; add it or remove the row')
    start, end = span_of(row, documents[document])
    return Judgment(query, document, grade_of_score(row.get("score")), start, end)


def named(field: str, row: Mapping[str, object]) -> str:
    """The id in a field, a text or a whole number. Raises Unusable where there is none."""
    value = row.get(field)
    if value is None:
        raise Unusable(f"has no {field}; it needs query-id, corpus-id, score, start and end")
    return str(value) if type(value) is int else sound(field, value)


def span_of(row: Mapping[str, object], document: Document) -> tuple[int, int]:
    """Where the span starts and ends. Raises Unusable where it is not inside the text or holds no word of it."""
    start, end, length = row.get("start"), row.get("end"), len(document.text)
    if not isinstance(start, int) or not isinstance(end, int) or bool in (type(start), type(end)):
        raise Unusable(
            f"has the span {start!r:.40} to {end!r:.40}; start and end are whole numbers, characters of the document's text"
        )
    if not 0 <= start < end <= length:
        rule = f'the text of "{document.id}" has {length:,} characters, so 0 ≤ start < end ≤ {length} must hold'
        raise Unusable(f"has the span {start} to {end}, but {rule}; correct it")
    if document.text[start:end].isspace():
        raise Unusable(f"has the span {start} to {end}, where there is nothing but white space; correct it")
    return start, end


def grade_of_score(score: object) -> int:
    """A whole number of 0 to 3. Raises Unusable for everything else."""
    if type(score) not in (int, float) or score not in GRADES:
        raise Unusable(f"has the score {score!r:.40}; grades are whole numbers from {min(GRADES)} to {max(GRADES)}, rescale it")
    return int(score)
