"""What an import brought in, as a parse report shows it: counts, refusals, languages and lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.readers.base import ReadReport, Refusal
from retrieval.types import Document

COMMON = (
    "ARABIC", "BULGARIAN", "CATALAN", "CHINESE", "CROATIAN", "CZECH", "DANISH", "DUTCH", "ENGLISH", "FINNISH", "FRENCH", "GERMAN",
    "GREEK", "HEBREW", "HINDI", "HUNGARIAN", "INDONESIAN", "ITALIAN", "JAPANESE", "KOREAN", "PERSIAN", "POLISH", "PORTUGUESE",
    "ROMANIAN", "RUSSIAN", "SPANISH", "SWEDISH", "THAI", "TURKISH", "UKRAINIAN", "VIETNAMESE",
)  # fmt: skip
LOOKED_AT = 500  # documents
BEGINNING = 400  # characters of each
TOO_SHORT = 20  # letters that tell no language
UNKNOWN = "unknown"
CODE = "source code"


@dataclass(frozen=True)
class Summary:
    """A parse report.

    `repeated` documents had an id that was taken, `copies` the content of an earlier one; both are among the `refused`.
    `wordless` ones are kept, though only their title can be found. `languages` counts documents by language in lower case,
    "source code" or "unknown", those that were `looked_at`. `lengths`: (n, 2) int64, characters and words of every document.
    """

    files: int
    documents: int
    refused: tuple[Refusal, ...]
    repeated: int
    copies: int
    wordless: int
    languages: Mapping[str, int]
    looked_at: int
    lengths: NDArray[np.int64] = field(repr=False, compare=False)


def summarise(report: ReadReport) -> Summary:
    """The summary of a report. Languages are those of 500 documents evenly over the batch, judged by their beginnings."""
    some = evenly(report.documents)
    return Summary(
        report.files,
        len(report.documents),
        report.refused,
        report.duplicates,
        report.copies,
        report.wordless,
        languages(some),
        len(some),
        lengths(report.documents),
    )


def evenly(documents: tuple[Document, ...]) -> list[Document]:
    """At most 500 of the documents, the first and the last among them."""
    if len(documents) <= LOOKED_AT:
        return list(documents)
    return [documents[at] for at in np.linspace(0, len(documents) - 1, LOOKED_AT).astype(int)]


def languages(documents: list[Document]) -> dict[str, int]:
    """How many documents are in which language, the most frequent first."""
    counts = Counter(language_of(document) for document in documents)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def language_of(document: Document) -> str:
    """The language of the beginning of a text, by letters that follow one another; "unknown" where it is too short to tell."""
    if document.structure.syntax not in ("text", "markdown"):
        return CODE
    text = document.text.lstrip()[:BEGINNING]
    if sum(map(str.isalpha, text)) < TOO_SHORT:
        return UNKNOWN
    found = detector().detect_language_of(text)
    return UNKNOWN if found is None else str(found.name).lower()


@lru_cache(maxsize=1)
def detector() -> Any:
    """The detector of common languages; its tables come with the package and are read when they are first needed."""
    from lingua import Language, LanguageDetectorBuilder

    common = [getattr(Language, name) for name in COMMON]
    return LanguageDetectorBuilder.from_languages(*common).with_low_accuracy_mode().build()


def lengths(documents: tuple[Document, ...]) -> NDArray[np.int64]:
    """(n, 2): characters and words, which white space separates, of every document."""
    rows = [(len(document.text), len(document.text.split())) for document in documents]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 2)
