"""The built parts of a pipeline over a corpus: chunks, sparse index, vectors with token vectors, graph.

Each part depends on its own settings only, so that changing the analyser never embeds anything again; and each takes over what an
earlier version of the corpus has in common with this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.chunks import Chunks, ChunkTable, chunk_corpus
from retrieval.dense import HNSW, Graph
from retrieval.embedding import Embedding, Stored, build_embedding, load_embedding, store_home
from retrieval.errors import IndexCorrupted
from retrieval.pipeline import Pipeline, digest
from retrieval.sparse import SparseIndex
from retrieval.types import Corpus, Progress
from retrieval.workspace import Part, Workspace, folder_name

Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class Indexes:
    """Everything that a search reads. Row `r` of every part is `chunks[r]`; chunks are in id order."""

    chunks: Chunks
    sparse: SparseIndex
    embedding: Embedding
    graph: Graph | None


def index_key(corpus: Corpus, pipeline: Pipeline) -> str:
    """Names the indexes that `pipeline` needs over `corpus`; settings that are live are not part of it."""
    return digest(corpus.fingerprint, pipeline.fingerprint("chunker", "embedder", "analyser"), pipeline.dense.graph_key())


def parts_of(corpus: Corpus, pipeline: Pipeline) -> dict[str, Part]:
    """The parts that `pipeline` needs over `corpus`, by kind, in the order they are built."""
    key, version = folder_name(corpus.lineage), corpus.fingerprint
    counted = "" if pipeline.chunker.size is None else pipeline.embedder.tokenizer_name
    chunking = digest(pipeline.fingerprint("chunker"), counted)
    settings = {
        "chunks": chunking,
        "sparse": digest(chunking, pipeline.fingerprint("analyser")),
        "dense": digest(chunking, pipeline.fingerprint("embedder")),
    }
    if graph := pipeline.dense.graph_key():
        settings["graph"] = digest(settings["dense"], graph)
    return {kind: Part(key, kind, setting, version) for kind, setting in settings.items()}


def built(corpus: Corpus, pipeline: Pipeline, workspace: Workspace) -> bool:
    """Whether all parts are there, so that opening them builds nothing."""
    return all(workspace.has(part) for part in parts_of(corpus, pipeline).values())


def open_indexes(corpus: Corpus, pipeline: Pipeline, workspace: Workspace, progress: Progress) -> Indexes:
    """Load the parts from `workspace`, and build those that are missing; `progress` takes a sentence and a share of the work."""
    return Builder(corpus, pipeline, workspace, progress).open()


class Builder:
    """Opens the parts of one pipeline over one corpus; each method opens a part and builds it where it is missing."""

    def __init__(self, corpus: Corpus, pipeline: Pipeline, workspace: Workspace, progress: Progress) -> None:
        self.corpus, self.pipeline, self.workspace, self.progress = corpus, pipeline, workspace, progress
        self.parts = parts_of(corpus, pipeline)

    def open(self) -> Indexes:
        """All of them, ready for searches."""
        chunks, sparse, stored, graph = self.build()
        embedder = self.pipeline.embedder.load(self.workspace.folder(self.parts["dense"]))
        return Indexes(chunks, sparse, Embedding(stored.vectors, stored.tokens, embedder), graph)

    def build(self) -> tuple[Chunks, SparseIndex, Stored, Graph | None]:
        """All of them but the embedder, which is loaded only where a text has no vector yet."""
        chunks = self.chunks()
        sparse = self.sparse(chunks)
        stored = self.stored(chunks)
        return chunks, sparse, stored, self.graph(stored.vectors)

    def chunks(self) -> Chunks:
        """The chunks; documents that an earlier version holds unchanged are not split again."""
        part = self.parts["chunks"]

        def build(folder: Path) -> None:
            known = self.earlier(part, ChunkTable.load)
            tokenizer = self.pipeline.embedder.tokenizer()
            chunk_corpus(self.corpus, self.pipeline.chunker, tokenizer, known, self.progress).save(folder)

        return self.workspace.part(part, build, lambda folder: Chunks(self.corpus, ChunkTable.load(folder)))

    def sparse(self, chunks: Chunks) -> SparseIndex:
        """The sparse index; chunks that an earlier version holds are not analysed again."""
        part, analyser, hashes = self.parts["sparse"], self.pipeline.analyser, chunks.table.hashes

        def build(folder: Path) -> None:
            known = self.earlier(part, lambda earlier: (SparseIndex.load(earlier), np.load(earlier / "hashes.npy")))
            rows = {hash.tobytes(): row for row, hash in enumerate(known[1])} if known else {}
            old_rows = np.array([rows.get(hash.tobytes(), -1) for hash in hashes], np.int64)
            new = np.flatnonzero(old_rows < 0).tolist()
            self.progress(f"Indexing the words of {len(new):,} of {len(chunks):,} chunks", 0.0)
            terms = (analyser.terms(chunks[row].content) for row in new)
            index = known[0].extended(old_rows, terms) if known else SparseIndex.build(terms)
            index.save(folder)
            np.save(folder / "hashes.npy", hashes, allow_pickle=False)

        return self.workspace.part(part, build, SparseIndex.load)

    def stored(self, chunks: Chunks) -> Stored:
        """Vectors and token vectors; chunks whose content was embedded before are not embedded again."""
        part, setting = self.parts["dense"], self.pipeline.embedder
        home = store_home(self.workspace.home, self.corpus.lineage, setting)

        def build(folder: Path) -> None:
            texts = [chunk.content for chunk in chunks]
            hashes = [hash.tobytes() for hash in chunks.table.hashes]
            build_embedding(setting, texts, hashes, home, folder, self.progress)

        return self.workspace.part(part, build, lambda folder: load_embedding(folder, len(chunks)))

    def graph(self, vectors: NDArray[np.float32]) -> Graph | None:
        """The graph over the vectors; None where the pipeline searches exactly."""
        part, setting = self.parts.get("graph"), self.pipeline.dense
        if part is None or not isinstance(setting, HNSW):
            return None

        def build(folder: Path) -> None:
            self.progress(f"Building the graph over {len(vectors):,} vectors", 0.0)
            Graph.build(np.asarray(vectors), setting, folder)

        return self.workspace.part(part, build, lambda folder: Graph.load(folder, vectors.shape[1], len(vectors)))

    def earlier(self, part: Part, load: Callable[[Path], Loaded]) -> Loaded | None:
        """What an earlier version of the corpus has of a part; None where there is none that can be read."""
        folder = self.workspace.earlier(part)
        try:
            return load(folder) if folder else None
        except (IndexCorrupted, OSError, ValueError):
            return None
