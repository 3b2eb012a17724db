"""The dense half of an index: every chunk's vector, gathered from the vectors that are kept by content."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders import Embedder, EmbedderSetting
from retrieval.errors import IndexCorrupted
from retrieval.pipeline import digest
from retrieval.rerankers.tokens import AXES, TokenFiles, TokenIndex, text_frequencies
from retrieval.types import Progress
from retrieval.vectors import JOURNAL, VECTORS, VectorStore, discard, journal, read_shape, read_vectors, store_folder
from retrieval.workspace import describe, folder_name

LINK = "store.json"
TABLES = ("token_starts", "token_lengths", "token_frequencies")


@dataclass(frozen=True)
class Stored:
    """What was made of a corpus: `vectors` (n, dim) float32 unit rows, memory-mapped, and the token vectors of the same texts."""

    vectors: NDArray[np.float32]
    tokens: TokenIndex | None


@dataclass(frozen=True)
class Embedding(Stored):
    """The same with the embedder that made it, and that embeds queries."""

    embedder: Embedder


def store_home(home: Path, corpus: str, setting: EmbedderSetting) -> Path:
    """Where below `home` the vectors that an embedder made for a corpus, named by its lineage, are kept."""
    return home / "vectors" / folder_name(corpus) / digest(repr(setting))


def build_embedding(
    setting: EmbedderSetting, texts: Sequence[str], hashes: Sequence[bytes], home: Path, folder: Path, progress: Progress
) -> None:
    """Write the part over `texts`, named by their `hashes`, into `folder`; only what the stores in `home` lack is embedded.

    An embedder that learns from the corpus has no use for vectors of another one: it keeps its own within `folder`.
    """
    if setting.learns:
        setting.prepare(texts, folder)
        store, known = folder, set[bytes]()
    else:
        store, known = store_folder(home, texts, hashes)
    missing = {hash: row for row, hash in enumerate(hashes) if hash not in known}
    seconds = 0.0
    if missing or read_shape(store) is None:
        seconds = embed(setting, texts, missing, store, folder, progress)
    records, (dimensions, vocabulary_size) = journal(store), read_shape(store) or (0, 0)
    place = {record.tobytes(): at for at, record in enumerate(records["hash"])}
    rows = np.array([place[hash] for hash in hashes], np.int64)
    np.save(folder / "vectors.npy", read_vectors(store, rows, dimensions))
    starts, lengths = records["start"][rows], records["length"][rows]
    if (lengths >= 0).all():
        tables = (starts, lengths, text_frequencies(store, starts, lengths, vocabulary_size))
        for name, table in zip(TABLES, tables, strict=True):
            np.save(folder / f"{name}.npy", table)
    last = int((starts + lengths).max(initial=0))
    if setting.learns:
        for name in (VECTORS, JOURNAL):
            (store / name).unlink()
    facts = {
        "store": os.path.relpath(store, folder),
        "embedded": len(missing),
        "seconds": seconds,
        "files": relied_on(store, last),
    }
    (folder / LINK).write_text(json.dumps(facts), encoding="utf-8")


def embed(
    setting: EmbedderSetting, texts: Sequence[str], missing: dict[bytes, int], store: Path, folder: Path, progress: Progress
) -> float:
    """Encode the texts at the rows of `missing` into `store`; what is done when this is stopped stays done.

    Returns the seconds without those of loading the model. NumPy multiplies in one thread meanwhile: with several it takes the
    cores from the encoders at every batch, which cost a tenth of the speed.
    """
    from threadpoolctl import threadpool_limits

    embedder = setting.load(folder)
    names = list(missing)
    wanted = [texts[row] for row in missing.values()]
    keep = VectorStore(store, embedder.dimensions, embedder.vocabulary_size)
    done, started = 0, perf_counter()
    with threadpool_limits(1, "blas"):
        try:
            for batch in embedder.batches(wanted, "document"):
                keep.add([names[row] for row in batch.rows.tolist()], batch)
                done += len(batch.rows)
                progress(rate(done, len(wanted), perf_counter() - started, len(texts)), done / len(wanted))
        finally:
            keep.close()
    return perf_counter() - started


def rate(done: int, wanted: int, seconds: float, texts: int) -> str:
    """The sentence of progress: how many of the texts, how fast."""
    speed = done / max(seconds, 1e-9)
    kept = f", {texts - wanted:,} known" if texts > wanted else ""
    return f"Embedding {done:,} of {wanted:,} chunks{kept} · {speed:,.0f} texts/s"


def duration(seconds: float) -> str:
    """Seconds as a person says them: 8 s, 3 min 20 s, 2 h 5 min, 6.3 days."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min" if whole < 172_800 else f"{whole / 86_400:,.1f} days"


def relied_on(store: Path, tokens: int) -> dict[str, Any]:
    """What an index that reads the first `tokens` tokens of a store relies on: the size and checksum of so much of its files."""
    if not tokens:
        return {}
    total = max((store / TokenFiles.NAMES[1]).stat().st_size // 2, 1)
    sizes = {name: (store / name).stat().st_size // total * tokens for name in TokenFiles.NAMES[:2]}
    return {name: describe(store / name, size) for name, size in sizes.items()} | {AXES: describe(store / AXES)}


def load_embedding(folder: Path, count: int) -> Stored:
    """Open what `build_embedding` wrote for `count` chunks. Raises IndexCorrupted, and gives up a damaged store."""
    vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
    if len(vectors) != count:
        raise IndexCorrupted(f"the vectors are {len(vectors)}, the chunks {count}; the part is built again")
    link = json.loads((folder / LINK).read_text(encoding="utf-8"))
    store = folder / link["store"]
    for name, expected in link["files"].items():
        if not (store / name).exists() or describe(store / name, expected["size"]) != expected:
            discard(store)
            raise IndexCorrupted(f"{name} of the stored token vectors is missing or damaged; they are computed again")
    if not (folder / f"{TABLES[0]}.npy").exists():
        return Stored(vectors, None)
    starts, lengths, frequencies = (np.load(folder / f"{name}.npy", allow_pickle=False) for name in TABLES)
    return Stored(vectors, TokenIndex.load(store, starts, lengths, frequencies))
