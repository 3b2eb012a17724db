"""Runs of other systems in the TREC format: `qid Q0 docid rank score tag` on each line, white space between.

As trec_eval does, the order is that of the scores and the rank is not looked at; equal scores follow the one rule, id ascending.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from retrieval.readers.base import Refusal, Unusable, decode
from retrieval.types import Ranking

COLUMNS = ("query id", "Q0", "document id", "rank", "score", "tag")


@dataclass(frozen=True)
class Run:
    """Rankings of documents by query id, and what was not taken. `tag` is that of the first row, "" where there is none."""

    rankings: Mapping[str, Ranking]
    tag: str = ""
    rows: int = 0
    refused: tuple[Refusal, ...] = ()


def read_run(name: str, data: bytes, queries: Container[str] | None = None, documents: Container[str] | None = None) -> Run:
    """The run in a file called `name`; rows of other `queries` and `documents` than these are refused, where these are given.

    Refused are also rows with another number of fields, a score that is no finite number, and a document that the query has
    already: each with its line. A file that is no text, or empty, is refused as a whole.
    """
    scores: dict[str, dict[str, float]] = {}
    refused: list[Refusal] = []
    rows, tag = 0, ""
    try:
        for number, line in numbered(data):
            rows += 1
            try:
                query, document, score, own = row_of(line, queries, documents)
                if document in scores.setdefault(query, {}):
                    raise Unusable(f'ranks the document "{document}" for the query "{query}" again; keep one of the rows')
                scores[query][document], tag = score, tag or own
            except Unusable as refusal:
                refused.append(Refusal(f"{name} line {number}", str(refusal)))
    except Unusable as refusal:
        refused.append(Refusal(name, str(refusal)))
    rankings = {query: Ranking.of(given.keys(), given.values()) for query, given in scores.items() if given}
    return Run(rankings, tag, rows, tuple(refused))


def numbered(data: bytes) -> Iterator[tuple[int, str]]:
    """Lines with words, by one-based number. Raises Unusable where there is none, or where it is no text."""
    found = False
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if line.strip():
            found = True
            yield number, line
    if not found:
        raise Unusable(f"is empty; give it rows of {', '.join(COLUMNS)}")


def row_of(line: str, queries: Container[str] | None, documents: Container[str] | None) -> tuple[str, str, float, str]:
    """Query id, document id, score and tag of a line. Raises Unusable with the reason."""
    fields = line.split()
    if len(fields) != len(COLUMNS):
        count = f"has {len(fields)} fields; it needs {len(COLUMNS)} with white space between"
        raise Unusable(f"{count}: {', '.join(COLUMNS)}")
    query, _, document, _, text, tag = fields
    if queries is not None and query not in queries:
        raise Unusable(f'names the query "{query:.80}", which the query set does not hold; add it or remove the row')
    if documents is not None and document not in documents:
        raise Unusable(f'names the document "{document:.80}", which the corpus does not hold; add it or remove the row')
    try:
        score = float(text)
    except ValueError:
        raise Unusable(f'has the score "{text:.80}"; a score must be a number, correct it') from None
    if not isfinite(score):
        raise Unusable(f"has the score {text}; a score must be finite, correct it")
    return query, document, score, tag
