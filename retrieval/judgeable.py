"""What rankings of chunks are scored on: the passages that are judged for a query, where there are any, else documents.

Chunks are a chunker's own. A ranking of them becomes one of *items*, documents or judged places in them (`retrieval.spans`):
what judgments grade and what metrics see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from retrieval.metrics import grades_by_query
from retrieval.spans import Places, places_by_query
from retrieval.types import Chunk, Judgment, Ranking

LEVELS = ("documents", "passages")


@dataclass(frozen=True)
class Judgeable:
    """The grades of a query set over the chunks of one engine.

    `grades` maps query id to the grade of every judged item, `document_of` chunk id to document id; `places` are those of the
    queries that are scored on passages.
    """

    grades: Mapping[str, Mapping[str, int]]
    document_of: Mapping[str, str]
    places: Mapping[str, Places] = field(default_factory=dict)

    @classmethod
    def of(
        cls, judgments: Sequence[Judgment], chunks: Iterable[Chunk], document_of: Mapping[str, str], passages: bool = True
    ) -> Judgeable:
        """Without `passages` every query is scored on documents, by the document's grade, else the best one of its spans."""
        grades = grades_by_query(judgments)
        places = places_by_query(judgments, chunks) if passages else {}
        return cls(grades | {query: found.grades for query, found in places.items()}, document_of, places)

    def level(self, query: str) -> str:
        """What a query is scored on, one of `LEVELS`."""
        return "passages" if query in self.places else "documents"

    def ranking(self, query: str, chunks: Ranking) -> Ranking:
        """A query's ranking of chunks as one of items."""
        return self.places[query].ranking(chunks) if query in self.places else chunks.by_document(self.document_of)

    def rankings(self, chunks: Mapping[str, Ranking]) -> dict[str, Ranking]:
        """The same for several queries, by query id."""
        return {query: self.ranking(query, ranking) for query, ranking in chunks.items()}

    def items(self, query: str, chunk: str) -> tuple[str, ...]:
        """What a chunk yields for a query, in order: its document, or the judged places in it, or itself where it has none."""
        return self.places[query].held.get(chunk, (chunk,)) if query in self.places else (self.document_of[chunk],)
