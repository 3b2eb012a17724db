"""The built parts of a pipeline over a corpus: chunks, sparse index, vectors with token vectors, graph.

Each part depends on its own settings only, so that changing the analyser never embeds anything again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.dense import HNSW, Graph
from retrieval.embedders import Embedder
from retrieval.errors import IndexCorrupted
from retrieval.pipeline import Pipeline, digest
from retrieval.rerankers.tokens import TokenIndex, TokenWriter
from retrieval.sparse import SparseIndex
from retrieval.types import Chunk, Corpus
from retrieval.workspace import Workspace

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Embedding:
    """The dense half of an index: `vectors` (n, dim) float32 unit rows, memory-mapped, and what goes with them."""

    embedder: Embedder
    vectors: NDArray[np.float32]
    tokens: TokenIndex | None


@dataclass(frozen=True)
class Indexes:
    """Everything that a search reads. Row `r` of every part is `chunks[r]`; chunks are in id order."""

    chunks: tuple[Chunk, ...]
    sparse: SparseIndex
    embedding: Embedding
    graph: Graph | None


def index_key(corpus: Corpus, pipeline: Pipeline) -> str:
    """Names the indexes that `pipeline` needs over `corpus`; settings that are live are not part of it."""
    return digest(corpus.fingerprint, pipeline.fingerprint("chunker", "embedder", "analyser"), pipeline.dense.graph_key())


def open_indexes(corpus: Corpus, pipeline: Pipeline, workspace: Workspace, progress: Progress) -> Indexes:
    """Load the parts from `workspace`, and build those that are missing; `progress` takes a sentence and a share of the work."""
    chunks = split(corpus, pipeline)
    texts = [chunk.content for chunk in chunks]

    def sparse(folder: Path) -> None:
        progress(f"Indexing the words of {len(texts):,} chunks", 0.0)
        SparseIndex.build(pipeline.analyser.terms(text) for text in texts).save(folder)

    def load_embedding(folder: Path) -> Embedding:
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        if len(vectors) != len(texts):
            raise IndexCorrupted(f"the vectors are {len(vectors)}, the chunks {len(texts)}; the part is built again")
        tokens = TokenIndex.load(folder) if (folder / "token_starts.npy").exists() else None
        return Embedding(pipeline.embedder.load(folder), vectors, tokens)

    sparse_key = digest(corpus.fingerprint, pipeline.fingerprint("chunker", "analyser"))
    dense_key = digest(corpus.fingerprint, pipeline.fingerprint("chunker", "embedder"))
    embedding = workspace.part(
        "dense", dense_key, lambda folder: build_embedding(pipeline, texts, folder, progress), load_embedding
    )
    graph = _graph(pipeline, dense_key, embedding.vectors, workspace, progress)
    return Indexes(chunks, workspace.part("sparse", sparse_key, sparse, SparseIndex.load), embedding, graph)


def split(corpus: Corpus, pipeline: Pipeline) -> tuple[Chunk, ...]:
    """The chunks of a corpus in id order."""
    chunks = (chunk for document in corpus.documents for chunk in pipeline.chunker.split(document))
    return tuple(sorted(chunks, key=lambda chunk: chunk.id))


def build_embedding(pipeline: Pipeline, texts: list[str], folder: Path, progress: Progress) -> None:
    """Encode `texts` and write vectors and token vectors of the same forward passes into `folder`."""
    pipeline.embedder.prepare(texts, folder)
    embedder = pipeline.embedder.load(folder)
    vectors = np.zeros((len(texts), embedder.dimensions), np.float32)
    writer: TokenWriter | None = None
    done = 0
    for batch in embedder.batches(texts, "document"):
        vectors[batch.rows] = batch.vectors
        if batch.tokens is not None:
            writer = writer or TokenWriter(folder, len(texts), embedder.vocabulary_size)
            writer.add(batch.rows, batch.tokens)
        done += len(batch.rows)
        progress(f"Embedding {done:,} of {len(texts):,} chunks", done / len(texts))
    if writer is not None:
        writer.close()
    np.save(folder / "vectors.npy", vectors)


def _graph(
    pipeline: Pipeline, dense_key: str, vectors: NDArray[np.float32], workspace: Workspace, progress: Progress
) -> Graph | None:
    setting = pipeline.dense
    if not isinstance(setting, HNSW):
        return None

    def build(folder: Path) -> None:
        progress(f"Building the graph over {len(vectors):,} vectors", 0.0)
        Graph.build(np.asarray(vectors), setting, folder)

    key = digest(dense_key, setting.graph_key())
    return workspace.part("graph", key, build, lambda folder: Graph.load(folder, vectors.shape[1], len(vectors)))
