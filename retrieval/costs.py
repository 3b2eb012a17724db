"""What an index costs: bytes on disk and in memory and seconds of building, part by part, and what more chunks would cost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from retrieval.embedding import LINK
from retrieval.indexes import Builder
from retrieval.pipeline import Pipeline
from retrieval.types import Corpus
from retrieval.workspace import Workspace, read_manifest


@dataclass(frozen=True, slots=True)
class Cost:
    """One part. `disk` and `memory` are bytes; `mapped` bytes are read from disk where they are needed, so that the system may
    drop them from memory. `fixed` of the bytes, on disk and in memory, are the same for any number of chunks. `seconds`: what its
    last build took; None where it is not built apart.
    """

    part: str
    disk: int
    memory: int
    mapped: int = 0
    fixed: int = 0
    seconds: float | None = None

    def times(self, factor: float) -> Cost:
        """The same for `factor` times as many chunks; all that is not fixed is taken to grow with their number."""
        disk, memory = (self.fixed + round((size - self.fixed) * factor) for size in (self.disk, self.memory))
        seconds = None if self.seconds is None else self.seconds * factor
        return Cost(self.part, disk, memory, round(self.mapped * factor), self.fixed, seconds)


@dataclass(frozen=True, slots=True)
class IndexCost:
    """What a built index costs. `embedded` chunks of the `chunks` were embedded by the last build, in `embedding_seconds`, the
    loading of the model left out.
    """

    parts: tuple[Cost, ...]
    chunks: int
    embedded: int
    embedding_seconds: float

    @property
    def texts_per_second(self) -> float | None:
        """How fast the last build embedded; None where it found every vector."""
        return self.embedded / self.embedding_seconds if self.embedded and self.embedding_seconds else None

    def at(self, chunks: int) -> tuple[Cost, ...]:
        """The parts for so many chunks, in proportion."""
        return tuple(part.times(chunks / max(self.chunks, 1)) for part in self.parts)


def index_cost(corpus: Corpus, pipeline: Pipeline, workspace: Workspace) -> IndexCost:
    """The cost of text, postings, vectors, token vectors and graph of an index that is built; no model is loaded."""
    builder = Builder(corpus, pipeline, workspace, lambda sentence, share: None)
    chunks, sparse, stored, graph = builder.build()
    folders = {kind: workspace.folder(part) for kind, part in builder.parts.items()}
    seconds = {kind: float(read_manifest(folder)["seconds"]) for kind, folder in folders.items()}
    text = sum(len(document.text.encode("utf-8", "surrogatepass")) for document in corpus.documents)
    table = disk_use(folders["chunks"])
    vectors = stored.vectors.nbytes
    parts = [
        Cost("text and chunks", text + table, text + table, seconds=seconds["chunks"]),
        Cost(
            "postings",
            disk_use(folders["sparse"]),
            sparse.nbytes - sparse.posting_bytes,
            sparse.posting_bytes,
            seconds=seconds["sparse"],
        ),
        Cost("vectors", vectors, 0, vectors, seconds=seconds["dense"]),
    ]
    if stored.tokens is not None:
        tokens, count = stored.tokens, int(stored.tokens.lengths.sum())
        width = tokens.vectors.shape[1]
        tables = tokens.starts.nbytes + tokens.lengths.nbytes + tokens.frequencies.nbytes
        disk, memory = count * (width + 2 + 2) + tables, tokens.scales.nbytes + tables
        parts.append(Cost("token vectors", disk, memory, count * width, tokens.frequencies.nbytes))
    if graph is not None:
        size = disk_use(folders["graph"])
        parts.append(Cost("graph", size, size, seconds=seconds["graph"]))
    facts = json.loads((folders["dense"] / LINK).read_text(encoding="utf-8"))
    return IndexCost(tuple(parts), len(chunks), int(facts["embedded"]), float(facts.get("seconds", seconds["dense"])))


def disk_use(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
