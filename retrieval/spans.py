"""Judged places of documents, and which chunks hold them, so that scores are comparable between chunkers.

Chunks are a chunker's own, so a ranking of chunks cannot be scored against judgments that must outlive it. What is scored is a
ranking of *items*: a judged span, a judged document, or a chunk that holds nothing judged. The ideal list is made of the judged
places alone, so it is the same whatever the chunker, and a passage found at the same rank counts the same in every one.

A longer chunk holds a passage more easily and is dearer to read: compare the chunks' length along with the scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.types import Chunk, Judgment, Ranking

Span = tuple[int, int]


@dataclass(frozen=True)
class Places:
    """What is judged for one query: `grades` {item: grade}, and `held` {chunk id: the items that the chunk yields, in order}."""

    grades: Mapping[str, int]
    held: Mapping[str, tuple[str, ...]]

    def ranking(self, chunks: Ranking) -> Ranking:
        """Rank items instead of chunks: each once, at the place and with the score of its best chunk.

        A chunk that holds nothing judged stays under its own id; one that holds several items yields them in the text's order.
        """
        scores: dict[str, float] = {}
        for id, score in zip(chunks.ids, chunks.scores, strict=True):
            for item in self.held.get(id, (id,)):
                scores.setdefault(item, score)
        return Ranking(tuple(scores), tuple(scores.values()))


def places_by_query(judgments: Iterable[Judgment], chunks: Iterable[Chunk]) -> dict[str, Places]:
    """The places of every query that has a judged span; queries with judgments on documents only are not among them.

    Among the places of a query are the documents that are judged as a whole and have no judged span for it; where a document
    has both, its spans count.
    """
    judged: dict[str, list[Judgment]] = {}
    for judgment in judgments:
        judged.setdefault(judgment.query_id, []).append(judgment)
    spanned = {query: exact(given) for query, given in judged.items() if any(judgment.span for judgment in given)}
    if not spanned:
        return {}
    wanted = {judgment.document_id for given in spanned.values() for judgment in given}
    of_document: dict[str, list[Chunk]] = {document: [] for document in wanted}
    for chunk in chunks:
        if chunk.document_id in wanted:
            of_document[chunk.document_id].append(chunk)
    return {query: places(given, of_document) for query, given in spanned.items()}


def exact(judgments: Sequence[Judgment]) -> list[Judgment]:
    """The judgments of one query in the order of the text, without those of whole documents that have a judged span."""
    spanned = {judgment.document_id for judgment in judgments if judgment.span}
    kept = [judgment for judgment in judgments if judgment.span or judgment.document_id not in spanned]
    return sorted(kept, key=lambda judgment: (judgment.document_id, judgment.span or (0, 0)))


def places(judgments: Sequence[Judgment], chunks: Mapping[str, Sequence[Chunk]]) -> Places:
    """The places of one query's `judgments`; `chunks` by document id."""
    held: dict[str, tuple[str, ...]] = {}
    for judgment in judgments:
        for chunk in holders(judgment.span, chunks[judgment.document_id]):
            held[chunk.id] = (*held.get(chunk.id, ()), item_of(judgment))
    return Places({item_of(judgment): judgment.grade for judgment in judgments}, held)


def item_of(judgment: Judgment) -> str:
    """The name of a judged place: "<document>[<start>:<end>]", and "<document>[:]" for the whole."""
    start, end = judgment.span or ("", "")
    return f"{judgment.document_id}[{start}:{end}]"


def holders(span: Span | None, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Which chunks of a document yield a judged `span`: those that share half of it, or half of themselves, with it.

    Where a span is cut so that there is none, those that share the most of it do, so that no chunker puts a passage out of
    reach. The whole document (None) is yielded by all of its chunks.
    """
    if span is None:
        return list(chunks)
    shared = [overlap(span, (chunk.start, chunk.end)) for chunk in chunks]
    length = span[1] - span[0]
    pairs = list(zip(chunks, shared, strict=True))
    found = [chunk for chunk, size in pairs if size and 2 * size >= min(length, chunk.end - chunk.start)]
    return found or [chunk for chunk, size in pairs if size and size == max(shared)]


def overlap(one: Span, other: Span) -> int:
    """How many characters two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
