"""Which documents hold a term, and so how distinctive a text is, and whether another document holds it too."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from math import log

from retrieval.text import SURFACE, Analyser
from retrieval.types import Document, Progress, unheard

EVERY = 2_000  # documents between two reports of progress


class Frequencies:
    """The rows of the documents that hold each term in title or text."""

    def __init__(self, documents: Sequence[Document], analyser: Analyser) -> None:
        self._documents, self._analyser = documents, analyser
        self._rows: dict[str, array[int]] = defaultdict(lambda: array("i"))

    def add(self, row: int) -> None:
        """Take the terms of a document in; rows come in ascending order."""
        for term in set(self._analyser.terms(whole(self._documents[row]))):
            self._rows[term].append(row)

    def idf(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)) where n of N documents hold the term: BM25's, never negative."""
        held = len(self._rows.get(term, ()))
        return log(1 + (len(self._documents) - held + 0.5) / (held + 0.5))

    def distinctive(self, text: str) -> float:
        """The mean idf of the different terms of `text`, 0 where it has none."""
        terms = set(self._analyser.terms(text))
        return sum(map(self.idf, terms)) / len(terms) if terms else 0.0

    def only_in(self, row: int, text: str) -> bool:
        """Whether no other document holds the words of `text` side by side, in title or text, case and marks aside.

        A text without terms is in many.
        """
        terms = set(self._analyser.terms(text))
        rows = self._with_all(terms) - {row}
        wanted = words(text)
        return bool(terms) and not any(wanted in words(whole(self._documents[other])) for other in rows)

    def _with_all(self, terms: set[str]) -> set[int]:
        """The rows of the documents that hold all terms, the rarest looked up first."""
        held = sorted((self._rows.get(term, array("i")) for term in terms), key=len)
        rows = set(held[0]) if held else set()
        for others in held[1:]:
            rows.intersection_update(others)
        return rows


def whole(document: Document) -> str:
    """Title and text."""
    return f"{document.title}\n{document.text}"


def words(text: str) -> str:
    """The words of the text in one case with a space around each."""
    return f" {' '.join(SURFACE.findall(text.casefold()))} "


def frequencies(documents: Sequence[Document], analyser: Analyser, progress: Progress = unheard) -> Frequencies:
    """The frequencies of all documents; `progress` is told a sentence and the share that is done."""
    found = Frequencies(documents, analyser)
    for row in range(len(documents)):
        if row % EVERY == 0:
            progress(f"Reading {row:,} of {len(documents):,} documents", row / len(documents))
        found.add(row)
    return found
