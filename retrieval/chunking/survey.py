"""What a chunker would make of a whole corpus, judged by a sample of its documents, and of a very long document, part by part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.chunking.base import Chunker, split
from retrieval.chunking.layout import Span
from retrieval.chunking.report import lengths
from retrieval.types import Document, Structure, Tokenizer

MOST_DOCUMENTS = 150
MOST_CHARACTERS = 600_000  # under a second of splitting
PART = 200_000
CONFIDENCE = 1.96  # standard errors to either side that hold 95 % of a normal distribution


@dataclass(frozen=True, eq=False)
class Survey:
    """The chunks of sampled documents: `lengths` (n,) in tokens, and for each document `chunks` (d,) and `characters` (d,)."""

    lengths: NDArray[np.int64]
    chunks: NDArray[np.int64]
    characters: NDArray[np.int64]

    def projected(self, documents: int, characters: int) -> tuple[int, int | None]:
        """The chunks of a corpus of so many documents and characters, and the half-width of a 95 % interval around them.

        The ratio estimator: chunks per character of the sample times the characters of the corpus, its variance linearised and
        corrected for the finite corpus (Cochran, Sampling Techniques, 1977, chapter 6). None where one document says nothing
        about the spread.
        """
        count = len(self.chunks)
        if not count or not self.characters.sum():
            return 0, None
        ratio = float(self.chunks.sum() / self.characters.sum())
        total = max(round(ratio * characters), documents)
        if count < 2:
            return total, None
        spread = float(np.sum((self.chunks - ratio * self.characters) ** 2) / (count - 1))
        left_out = max(0.0, 1 - count / documents)
        return total, round(CONFIDENCE * documents * float(np.sqrt(left_out * spread / count)))


def sample_documents(documents: Sequence[Document], seed: int = 0) -> tuple[Document, ...]:
    """At most 150 documents, drawn without replacement until they have 600,000 characters; of longer ones the first part."""
    order = np.random.default_rng(seed).permutation(len(documents))[:MOST_DOCUMENTS]
    found: list[Document] = []
    characters = 0
    for row in order.tolist():
        if characters >= MOST_CHARACTERS:
            break
        found.append(excerpt(documents[row], *text_parts(documents[row].text)[0]))
        characters += len(found[-1].text)
    return tuple(found)


def survey(
    documents: Sequence[Document], chunker: Chunker, tokenizer: Tokenizer, progress: Callable[[float], None] = lambda share: None
) -> Survey:
    """Split every one of `documents`; `progress` is told the share that is done, 0 to 1."""
    found = []
    for done, document in enumerate(documents, start=1):
        found.append(lengths(split(document, chunker, tokenizer), tokenizer))
        progress(done / len(documents))
    return Survey(
        np.concatenate(found) if found else np.zeros(0, np.int64),
        np.array([len(each) for each in found], np.int64),
        np.array([len(document.text) for document in documents], np.int64),
    )


def text_parts(text: str, size: int = PART) -> tuple[Span, ...]:
    """A text in pieces of at most `size` characters that end after a line where they can; at least one."""
    found, start = [], 0
    while len(text) - start > size:
        line = text.rfind("\n", start + size // 2, start + size)
        end = start + size if line < 0 else line + 1
        found.append((start, end))
        start = end
    return (*found, (start, len(text)))


def excerpt(document: Document, start: int, end: int) -> Document:
    """The characters `start` to `end` of a document as a document, with its pages' numbers and the headings of its reader."""
    if (start, end) == (0, len(document.text)):
        return document
    headings, pages = document.structure.headings, document.structure.pages
    structure = Structure(
        document.structure.syntax,
        tuple(replace(heading, start=max(0, heading.start - start)) for heading in headings if heading.start < end),
        tuple(max(0, page - start) for page in pages if page < end),
    )
    return replace(document, text=document.text[start:end], structure=structure)
