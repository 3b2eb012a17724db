"""Queries without labels: words of one document become a query for it (Azzopardi, de Rijke and Balog, 2007, "Building simulated
queries for known-item topics").

Their query models draw single terms of the document, the more discriminative the likelier. Here whole sentences and headings are
taken, which read as language, and the most discriminative of a document wins. Such queries repeat the words of the document, so
they flatter lexical search: they tell whether a pipeline works, not which of two is better for what people ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.errors import require
from retrieval.judging.frequencies import Frequencies, frequencies
from retrieval.judging.naming import query_id
from retrieval.judging.passages import Passage, passages
from retrieval.judging.sources import KNOWN_ITEM
from retrieval.text import Analyser
from retrieval.types import Document, Judgment, Progress, Query, unheard

TRIES = 10  # passages of a document that are looked at for one that no other document holds
GRADE = 3


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A synthetic query, the document that it is for, and where its words stand; None where they are the document's title."""

    query: Query
    document_id: str
    span: tuple[int, int] | None = None

    @property
    def judgment(self) -> Judgment:
        """Grade 3 for the whole document."""
        return Judgment(self.query.id, self.document_id, GRADE)


@dataclass(frozen=True)
class Drawn:
    """The known items in the order of the corpus, and how many drawn documents had no sentence or heading that fits."""

    items: tuple[KnownItem, ...]
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class KnownItems:
    """How many queries to draw, from which `seed`, with how many words, and whether titles and headings may become queries.

    Raises BadSetting where `size` or `shortest` is below 1, `longest` is below `shortest`, or `seed` is below 0.
    """

    size: int = 50
    seed: int = 0
    shortest: int = 4
    longest: int = 20
    headings: bool = True

    def __post_init__(self) -> None:
        require(self.size >= 1, f"the number of queries is {self.size} and must be at least 1; raise it")
        require(self.seed >= 0, f"the seed is {self.seed} and must be at least 0; raise it")
        require(self.shortest >= 1, f"the shortest query has {self.shortest} words and must have at least 1; raise it")
        require(
            self.longest >= self.shortest,
            f"the longest query has {self.longest} words, fewer than the {self.shortest} of the shortest; raise it",
        )

    def draw(
        self,
        documents: Sequence[Document],
        analyser: Analyser | None = None,
        progress: Progress = unheard,
    ) -> Drawn:
        """Up to `size` known items of as many documents, drawn at random; documents without a fitting passage are passed over.

        The time is that of analysing all documents once, which tells how rare terms are, and which documents hold a passage.
        """
        known = frequencies(documents, analyser or Analyser(), progress)
        drawn: dict[int, KnownItem] = {}
        passed_over = 0
        for row in np.random.default_rng(self.seed).permutation(len(documents)).tolist():
            if len(drawn) == self.size:
                break
            item = self._item(documents[row], row, known)
            if item is None:
                passed_over += 1
            else:
                drawn[row] = item
        return Drawn(tuple(drawn[row] for row in sorted(drawn)), passed_over)

    def _item(self, document: Document, row: int, known: Frequencies) -> KnownItem | None:
        """The known item of a document: its most distinctive passage that no other document holds."""
        best = sorted(self._fitting(document, known), key=lambda found: (-found[0], found[1].start))[:TRIES]
        passage = next((passage for _, passage in best if known.only_in(row, passage.text)), None)
        if passage is None:
            return None
        query = Query(query_id(KNOWN_ITEM, document.id, passage.text), passage.text, source=KNOWN_ITEM)
        return KnownItem(query, document.id, passage.span)

    def _fitting(self, document: Document, known: Frequencies) -> Iterator[tuple[float, Passage]]:
        """The passages that are neither too short nor too long, with how distinctive they are."""
        for passage in passages(document):
            if (self.headings or not passage.heading) and self.shortest <= passage.words <= self.longest:
                yield known.distinctive(passage.text), passage
