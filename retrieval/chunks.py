"""The chunks of a corpus as tables: made once, stored, and turned into `Chunk`s where one is asked for.

A new version of a corpus takes over the chunks of the documents that have not changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from retrieval.chunking import Chunker, split
from retrieval.errors import IndexCorrupted
from retrieval.types import Chunk, Corpus, Document, Progress, Tokenizer, unheard

HASH = np.dtype("V16")
WORDS = ("ids", "document_ids", "paths", "contexts")
DocumentKey = tuple[str, bytes]


@dataclass(frozen=True, eq=False)
class ChunkTable:
    """One row a chunk, in id order. `documents` (n,) are numbers into the corpus's documents, `spans` (n, 2) characters.

    `pages` (n, 2) first and last page, 0 where there are none. `path_of` and `context_of` (n,) are numbers into `paths` and
    `contexts`, `hashes` (n,) those of the contents, `document_hashes` (documents,) those of the documents.
    """

    ids: list[str]
    document_ids: list[str]
    paths: list[tuple[str, ...]]
    contexts: list[str]
    documents: NDArray[np.int32]
    spans: NDArray[np.int64]
    pages: NDArray[np.int32]
    path_of: NDArray[np.int32]
    context_of: NDArray[np.int32]
    hashes: NDArray[np.void]
    document_hashes: NDArray[np.void]

    @cached_property
    def fingerprint(self) -> str:
        """Names the contents of all chunks, in order."""
        return hashlib.blake2b(self.hashes.tobytes(), digest_size=16).hexdigest()

    @classmethod
    def of(cls, corpus: Corpus, rows: list[tuple[int, Chunk, bytes]]) -> ChunkTable:
        """The table of (document number, chunk, hash of its content) in any order."""
        rows.sort(key=lambda row: row[1].id)
        paths: dict[tuple[str, ...], int] = {}
        contexts: dict[str, int] = {}
        chunks = [chunk for _, chunk, _ in rows]
        path_of = [paths.setdefault(chunk.headings, len(paths)) for chunk in chunks]
        context_of = [contexts.setdefault(chunk.context, len(contexts)) for chunk in chunks]
        return cls(
            ids=[chunk.id for chunk in chunks],
            document_ids=[document.id for document in corpus.documents],
            paths=list(paths),
            contexts=list(contexts),
            documents=np.array([number for number, _, _ in rows], np.int32),
            spans=np.array([(chunk.start, chunk.end) for chunk in chunks], np.int64).reshape(-1, 2),
            pages=np.array([chunk.pages or (0, 0) for chunk in chunks], np.int32).reshape(-1, 2),
            path_of=np.array(path_of, np.int32),
            context_of=np.array(context_of, np.int32),
            hashes=packed([hash for _, _, hash in rows]),
            document_hashes=packed([document.fingerprint for document in corpus.documents]),
        )

    def chunk(self, row: int, document: Document) -> Chunk:
        """The chunk of a row, which is one of `document`'s."""
        start, end = self.spans[row].tolist()
        first, last = self.pages[row].tolist()
        return Chunk(
            self.ids[row],
            document.id,
            document.text[start:end],
            start,
            end,
            document.title,
            self.paths[self.path_of[row]],
            (first, last) if first else None,
            self.contexts[self.context_of[row]],
        )

    def rows_by_document(self) -> dict[DocumentKey, list[int]]:
        """The rows of every document, by its id and fingerprint."""
        keys = [(id, hash.tobytes()) for id, hash in zip(self.document_ids, self.document_hashes, strict=True)]
        found: dict[DocumentKey, list[int]] = {key: [] for key in keys}
        for row, number in enumerate(self.documents.tolist()):
            found[keys[number]].append(row)
        return found

    def save(self, folder: Path) -> None:
        """Write into `folder`: one .npy a table, and the texts as JSON."""
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in WORDS:
                (folder / f"{item.name}.json").write_text(json.dumps(value), encoding="ascii")
            else:
                np.save(folder / f"{item.name}.npy", value, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> ChunkTable:
        """Read what `save` wrote. Raises IndexCorrupted where the tables do not fit one another."""
        words = {name: json.loads((folder / f"{name}.json").read_text(encoding="ascii")) for name in WORDS}
        words["paths"] = [tuple(path) for path in words["paths"]]
        names = [item.name for item in fields(cls) if item.name not in WORDS]
        arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in names}
        if {len(arrays[name]) for name in names[:-1]} != {len(words["ids"])}:
            raise IndexCorrupted(f"the tables of {folder.name} differ in length; the part is built again")
        return cls(**words, **arrays)


class Chunks(Sequence[Chunk]):
    """The chunks of a corpus in id order; each is made when it is asked for. Raises IndexCorrupted where both do not fit."""

    def __init__(self, corpus: Corpus, table: ChunkTable) -> None:
        self._documents = corpus.documents
        self.table = table
        if len(table.document_ids) != len(corpus.documents):
            counts = f"{len(table.document_ids)} documents, the corpus has {len(corpus.documents)}"
            raise IndexCorrupted(f"the stored chunks are those of {counts}; the part is built again")

    def __len__(self) -> int:
        return len(self.table.ids)

    @overload
    def __getitem__(self, row: int) -> Chunk: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Chunk, ...]: ...
    def __getitem__(self, row: int | slice) -> Chunk | tuple[Chunk, ...]:
        if isinstance(row, slice):
            return tuple(self[at] for at in range(*row.indices(len(self))))
        return self.table.chunk(row, self._documents[self.table.documents[row]])

    def __iter__(self) -> Iterator[Chunk]:
        return (self[row] for row in range(len(self)))

    def of(self, documents: Collection[str]) -> tuple[Chunk, ...]:
        """The chunks of some documents, by their ids."""
        numbers = [number for number, id in enumerate(self.table.document_ids) if id in documents]
        return tuple(self[row] for row in np.flatnonzero(np.isin(self.table.documents, numbers)).tolist())

    @property
    def document_of(self) -> dict[str, str]:
        """Document id by chunk id."""
        names = self.table.document_ids
        return {id: names[number] for id, number in zip(self.table.ids, self.table.documents.tolist(), strict=True)}


def chunk_corpus(
    corpus: Corpus,
    chunker: Chunker,
    tokenizer: Tokenizer,
    earlier: ChunkTable | None = None,
    progress: Progress = unheard,
) -> ChunkTable:
    """Split the documents of a corpus; those that `earlier`, made by the same chunker, holds unchanged are not split again."""
    known = earlier.rows_by_document() if earlier else {}
    rows: list[tuple[int, Chunk, bytes]] = []
    total = len(corpus.documents)
    for number, document in enumerate(corpus.documents):
        if number % 64 == 0:
            progress(f"Chunking {number:,} of {total:,} documents", number / total)
        at = known.get((document.id, document.fingerprint))
        if earlier is None or at is None:
            chunks = split(document, chunker, tokenizer)
            rows += [(number, chunk, content_hash(chunk.content)) for chunk in chunks]
        else:
            rows += [(number, earlier.chunk(row, document), earlier.hashes[row].tobytes()) for row in at]
    return ChunkTable.of(corpus, rows)


def content_hash(content: str) -> bytes:
    """16 bytes that name a text."""
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def packed(hashes: Sequence[bytes]) -> NDArray[np.void]:
    """Hashes as an array, (n,)."""
    return np.frombuffer(b"".join(hashes), HASH)
