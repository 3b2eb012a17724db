"""The nouns: documents, chunks, queries, judgments, rankings and traces. All frozen.

One ordering rule holds everywhere: score descending, then id ascending. `Ranking.of` applies it to ids, `best_rows` to arrays
whose rows are already in id order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput

GRADES = {0: "Irrelevant", 1: "Related", 2: "Relevant", 3: "Perfect"}
STAGES = ("dense", "sparse", "fused", "reranked")

Progress = Callable[[str, float], object]
"""Told now and then, in a sentence and as the share that is done, 0 to 1; where it raises, the work stops."""


def unheard(sentence: str, share: float) -> None:
    """A progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: the character where its section starts, its level (1 is the highest) and its words."""

    start: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Structure:
    """How a text is organised, as far as its reader could tell.

    `syntax` is "text", "markdown" or the name of a programming language. `headings` are those that the text itself does not
    mark (bookmarks of a PDF), in order; those of Markdown and code are read from the text. `pages` are the characters where the
    pages start, in order; empty for a text without pages.
    """

    syntax: str = "text"
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()


PLAIN = Structure()


@dataclass(frozen=True, slots=True)
class Document:
    """A text with an id, as a reader found it. `metadata` maps a field's name to its text."""

    id: str
    text: str
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    structure: Structure = PLAIN

    @property
    def fingerprint(self) -> bytes:
        """16 bytes that change with title, text, metadata and structure; the id and the order of the metadata have no part."""
        state = hashlib.blake2b(digest_size=16)
        fields = [part for item in sorted(self.metadata.items()) for part in item]
        pages, headings = self.structure.pages, self.structure.headings
        outline = [part for mark in headings for part in (f"{mark.start} {mark.level}", mark.title)]
        counts = f"{len(fields)} {len(headings)} {' '.join(map(str, pages))}"
        for part in (self.title, self.text, self.structure.syntax, counts, *fields, *outline):
            encoded = part.encode("utf-8", "surrogatepass")
            state.update(len(encoded).to_bytes(8, "little") + encoded)
        return state.digest()


@dataclass(frozen=True)
class Corpus:
    """Documents under a name. The fingerprint changes with any id and any document's own fingerprint.

    `key` names the corpus for good, while its name and documents change; "" stands for the name. `known_fingerprint` spares
    computing one that was stored with the documents.
    """

    name: str
    documents: tuple[Document, ...]
    key: str = ""
    known_fingerprint: str = field(default="", compare=False, repr=False)

    @property
    def lineage(self) -> str:
        """What outlives a change of the documents: the key, else the name."""
        return self.key or self.name

    @cached_property
    def fingerprint(self) -> str:
        """A 16-character name of the content, independent of the documents' order."""
        return self.known_fingerprint or content_name((document.id, document.fingerprint) for document in self.documents)


def content_name(fingerprints: Iterable[tuple[str, bytes]]) -> str:
    """The fingerprint of a corpus from the ids and fingerprints of its documents, in any order."""
    state = hashlib.blake2b(digest_size=8)
    for id, fingerprint in sorted(fingerprints):
        encoded = id.encode("utf-8", "surrogatepass")
        state.update(len(encoded).to_bytes(8, "little") + encoded + fingerprint)
    return state.hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit of retrieval: characters `start` to `end` of a document's text.

    `title` is the document's, `headings` the path of headings that the chunk starts under, the highest first, `pages` the
    first and last page that it touches, one-based, None where the document has no pages. `context` is put in front of the
    text where it is indexed.
    """

    id: str
    document_id: str
    text: str
    start: int
    end: int
    title: str = ""
    headings: tuple[str, ...] = ()
    pages: tuple[int, int] | None = None
    context: str = ""

    @property
    def content(self) -> str:
        """What is indexed, dense and sparse alike: context and text together."""
        return f"{self.context} {self.text}".strip() if self.context else self.text


class Tokenizer(Protocol):
    """What chunkers ask of an embedder: how it counts. `limit` is how many tokens of a text the model reads, those that it adds
    itself (`added`, as [CLS] and [SEP]) among them; None where it reads everything.
    """

    limit: int | None
    added: int

    def spans(self, text: str) -> NDArray[np.int64]:
        """The character span of every token of `text`, (n, 2), in order, without those that the model adds."""
        ...

    def counts(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many tokens each text has, without those that the model adds; (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a query set with its class ("" where none is known).

    `note` says what the person who asks means, `source` where the query came from, `added` when (UTC, ISO 8601). Tuning never
    looks at a query that is `held_out`.
    """

    id: str
    text: str
    category: str = ""
    note: str = ""
    source: str = ""
    added: str = ""
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Judgment:
    """The grade, 0 (irrelevant) to 3 (perfect), of a document for a query, or of the characters `start` to `end` of its text.

    Raises BadInput where only one end of a span is given, or the span is empty.
    """

    query_id: str
    document_id: str
    grade: int
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        if self.start is None and self.end is None:
            return
        if self.start is None or self.end is None or not 0 <= self.start < self.end:
            raise BadInput(
                f'the judgment of "{self.document_id}" for the query "{self.query_id}" has the span {self.start} to {self.end};'
                " start must be at least 0 and smaller than end, give both or neither"
            )

    @property
    def span(self) -> tuple[int, int] | None:
        """The judged characters; None for the whole document."""
        return None if self.start is None or self.end is None else (self.start, self.end)


@dataclass(frozen=True)
class Ranking:
    """Ids with scores, best first, ties by id ascending. `score` is always higher-is-better."""

    ids: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()

    @classmethod
    def of(cls, ids: Iterable[str], scores: Iterable[float], limit: int | None = None) -> Ranking:
        """Order `ids` by the one rule and keep the first `limit`."""
        pairs = sorted(zip(ids, (float(score) for score in scores), strict=True), key=lambda pair: (-pair[1], pair[0]))
        return cls(tuple(id for id, _ in pairs[:limit]), tuple(score for _, score in pairs[:limit]))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """One-based rank of every id."""
        return MappingProxyType({id: rank for rank, id in enumerate(self.ids, start=1)})

    def score_of(self, id: str) -> float | None:
        """The score of `id`, or None where the ranking does not hold it."""
        rank = self.ranks.get(id)
        return None if rank is None else self.scores[rank - 1]

    def top(self, limit: int) -> Ranking:
        """The first `limit` results."""
        return Ranking(self.ids[:limit], self.scores[:limit])

    def by_document(self, document_of: Mapping[str, str]) -> Ranking:
        """Rank documents instead of chunks: a document's score is its best chunk's."""
        best: dict[str, float] = {}
        for id, score in zip(self.ids, self.scores, strict=True):
            best.setdefault(document_of[id], score)
        return Ranking.of(best.keys(), best.values())


@dataclass(frozen=True)
class Tokens:
    """Token vectors of several texts, one text after the other.

    `vectors` (t, width) float32 unit rows; `ids` (t,) int32 vocabulary ids; `lengths` (n,) tokens of each text, summing to t.
    """

    vectors: NDArray[np.float32]
    ids: NDArray[np.int32]
    lengths: NDArray[np.int64]


@dataclass(frozen=True)
class Trace:
    """What one query did: the ranking after every stage, and the seconds of every step.

    `seconds` has the keys "embed" (query embedding), "dense", "sparse", "fused" and "reranked"; embedding and dense search run
    beside sparse search, so `total` is the critical path. `reranker_scores` are the reranker's own, before blending, by
    candidate; None where nothing was reranked. `notes` are sentences for the person who reads the trace.
    """

    query: str
    rankings: Mapping[str, Ranking]
    seconds: Mapping[str, float]
    reranker_scores: Mapping[str, float] | None = None
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Seconds on the critical path."""
        legs = max(self.seconds["embed"] + self.seconds["dense"], self.seconds["sparse"])
        return legs + self.seconds["fused"] + self.seconds["reranked"]

    def stage_seconds(self, stage: str) -> float:
        """Seconds of one stage of `STAGES`; the dense stage includes the embedding of the query."""
        return self.seconds[stage] + (self.seconds["embed"] if stage == "dense" else 0.0)


def best_rows(scores: NDArray[np.floating], k: int) -> NDArray[np.int64]:
    """Rows of the `k` best scores, best first, equal scores by ascending row.

    `scores` is (n,); rows with -inf are never returned. Library top-k functions order equal scores arbitrarily; this does not.
    """
    if np.isnan(scores).any():
        raise BadInput("scores hold NaN; a ranking needs numbers, check the model that made them")
    candidates = np.flatnonzero(scores > -np.inf)
    if 0 < k < len(candidates):
        values = scores[candidates]
        threshold = np.partition(values, len(values) - k)[len(values) - k]
        above = candidates[values > threshold]
        level = candidates[values == threshold][: k - len(above)]
        candidates = np.concatenate([above, level])
    order = np.lexsort((candidates, -scores[candidates]))
    return candidates[order][: max(k, 0)]


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows divided by their length; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
