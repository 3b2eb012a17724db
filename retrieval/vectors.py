"""Vectors by content: what an embedder made of a text is kept, so that a text is embedded once.

The files only grow. A journal, written last, says which texts are whole: after a kill at any moment everything in it can be used
and whatever lies behind it is cut off. Files that an index refers to therefore stay valid while a build appends to them.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders import Batch
from retrieval.rerankers.tokens import PCA_SAMPLE, TokenFiles, cut_open

RECORD = np.dtype([("hash", "V16"), ("start", "<i8"), ("length", "<i8")])
JOURNAL = "journal"
VECTORS = "vectors.f32"
SHAPE = "shape.json"
CHECKPOINT_SECONDS = 2.0
CHARACTERS_PER_TOKEN = 4
OUTGROWN = 4


class VectorStore:
    """The vectors (dim,) float32 and token vectors of texts in a folder, by the hash of their content. One writer at a time."""

    def __init__(self, folder: Path, dimensions: int, vocabulary_size: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SHAPE).write_text(json.dumps([dimensions, vocabulary_size]), encoding="ascii")
        records = journal(folder)
        self._vectors = cut_open(folder / VECTORS, len(records) * dimensions * 4)
        self._journal = cut_open(folder / JOURNAL, records.nbytes)
        self._tokens = TokenFiles(folder, vocabulary_size, int((records["start"] + records["length"]).max(initial=0)))
        self._waiting: list[NDArray[np.void]] = []
        self._synced = time.monotonic()

    def add(self, hashes: Sequence[bytes], batch: Batch) -> None:
        """Keep a batch: `hashes[i]` names the text behind its i-th vector; texts that are there already are not to come again."""
        records = np.zeros(len(hashes), RECORD)
        records["hash"] = np.frombuffer(b"".join(hashes), "V16")
        records["length"] = -1
        if batch.tokens is not None:
            records["start"], records["length"] = self._tokens.add(batch.tokens), batch.tokens.lengths
        self._vectors.write(batch.vectors.astype(np.float32).tobytes())
        self._waiting.append(records)
        if not self._tokens.waiting and time.monotonic() - self._synced > CHECKPOINT_SECONDS:
            self._checkpoint()

    def close(self) -> None:
        """Write what waits; afterwards everything that was added is found by the next one to open the folder."""
        self._tokens.settle()
        self._checkpoint()
        for file in (self._tokens, self._vectors, self._journal):
            file.close()

    def _checkpoint(self) -> None:
        """The data first, then the journal that vouches for it."""
        self._tokens.sync()
        for file, data in ((self._vectors, b""), (self._journal, b"".join(records.tobytes() for records in self._waiting))):
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._waiting = []
        self._synced = time.monotonic()


def read_shape(folder: Path) -> tuple[int, int] | None:
    """The dimensions and the vocabulary's size of a store; None where there is no store."""
    if not (folder / SHAPE).exists():
        return None
    dimensions, vocabulary_size = json.loads((folder / SHAPE).read_text(encoding="ascii"))
    return int(dimensions), int(vocabulary_size)


def journal(folder: Path) -> NDArray[np.void]:
    """The records of a store that are whole, one a row: hash, where its tokens start, and how many (-1: it has none)."""
    shape, path, vectors = read_shape(folder), folder / JOURNAL, folder / VECTORS
    if shape is None or not path.exists() or not vectors.exists():
        return np.zeros(0, RECORD)
    records = np.fromfile(path, RECORD, path.stat().st_size // RECORD.itemsize)
    return records[: vectors.stat().st_size // (shape[0] * 4)]


def read_vectors(folder: Path, rows: NDArray[np.int64], dimensions: int) -> NDArray[np.float32]:
    """The vectors of some rows of a store, (n, dim) float32."""
    size = (folder / VECTORS).stat().st_size // (dimensions * 4)
    if not size:
        return np.zeros((len(rows), dimensions), np.float32)
    return np.asarray(np.memmap(folder / VECTORS, np.float32, "r", shape=(size, dimensions))[rows])


def store_folder(home: Path, texts: Sequence[str], hashes: Sequence[bytes]) -> tuple[Path, set[bytes]]:
    """The store in `home` to keep the vectors of `texts` in, and the hashes that it knows.

    The axes of the token vectors are learned from the first texts. Where those were few and far more are coming, a new store is
    begun, so that the axes are learned anew: little was embedded for the old one.
    """
    numbers = [int(path.name) for path in home.glob("*") if path.name.isdigit()]
    newest = home / str(max(numbers, default=0))
    known = {record.tobytes() for record in journal(newest)["hash"]}
    ids = newest / TokenFiles.NAMES[2]
    learned = ids.stat().st_size // 2 if known and ids.exists() else 0
    coming = sum(len(text) for text, hash in zip(texts, hashes, strict=True) if hash not in known) // CHARACTERS_PER_TOKEN
    if known and learned < PCA_SAMPLE and coming > OUTGROWN * learned:
        return home / str(max(numbers) + 1), set()
    return newest, known


def discard(folder: Path) -> None:
    """Remove a store, damaged or of no use; what an open index has mapped stays readable for it."""
    shutil.rmtree(folder, ignore_errors=True)
