"""Grades of chunks: judgments point to places of documents and outlive every chunker, a chunk has the grades of its places."""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.spans import exact, places
from retrieval.types import Chunk, Judgment


def inherited(judgments: Iterable[Judgment], chunks: Iterable[Chunk]) -> dict[str, dict[str, int]]:
    """{query id: {chunk id: grade}}, the highest grade of the places that a chunk yields; chunks that yield none are left out.

    Which chunk yields what is `retrieval.spans.holders`' rule: a judged span is yielded by the chunks that share half of it or
    of themselves with it, and always by one at least; a document that is judged as a whole by all of its chunks. Where a
    document has both for a query, its spans count.
    """
    judged: dict[str, list[Judgment]] = {}
    for judgment in judgments:
        judged.setdefault(judgment.query_id, []).append(judgment)
    of_document: dict[str, list[Chunk]] = {item.document_id: [] for given in judged.values() for item in given}
    for chunk in chunks:
        if chunk.document_id in of_document:
            of_document[chunk.document_id].append(chunk)
    found = {query: places(exact(given), of_document) for query, given in judged.items()}
    return {
        query: {chunk: max(of_query.grades[item] for item in items) for chunk, items in of_query.held.items()}
        for query, of_query in found.items()
    }
