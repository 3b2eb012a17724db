"""Finished pieces of long work on disk: one SQLite file a corpus, a row for each piece, so that a kill or a restart costs little.

It is a cache. Nothing that befalls it fails the work: what cannot be read is done again, what cannot be kept is done again next
time, and a sentence in `notes` says so. Threads and processes may share it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from struct import Struct
from time import monotonic
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.workspace import folder_name

Piece = TypeVar("Piece")

LIMIT = 2 * 10**9
PATIENCE = 30.0  # seconds to wait for another writer
BATCH_SECONDS = 1.0
CHECKSUM = Struct("<I")
TABLES = """
CREATE TABLE IF NOT EXISTS works (work TEXT PRIMARY KEY, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS pieces (work TEXT, name BLOB, content BLOB NOT NULL, PRIMARY KEY (work, name));
"""
USED = "INSERT INTO works VALUES (?, ?) ON CONFLICT (work) DO UPDATE SET used = excluded.used"
SIZE = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
UNUSABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # the last: tables that are not ours


class PieceStore(ABC, Generic[Piece]):
    """Pieces below a home folder: of a corpus by its lineage, of a work by a key of all that its pieces depend on, by a name.

    All kinds of pieces share a corpus's file. Where it holds more than `limit` bytes, the works that were used longest ago are
    let go, never the one that is being kept. `notes` are sentences about what befell the files since this value was made: make
    one for each use.
    """

    def __init__(self, home: Path, limit: int = LIMIT) -> None:
        self.home = home
        self.limit = limit
        self.notes: list[str] = []

    @staticmethod
    @abstractmethod
    def encode(piece: Piece, /) -> bytes:
        """A piece as bytes."""

    @staticmethod
    @abstractmethod
    def decode(content: bytes, /) -> Piece:
        """The reverse of `encode`, bit for bit."""

    def file(self, lineage: str) -> Path:
        """Where the pieces of a corpus lie."""
        return self.home / "pieces" / folder_name(lineage) / "pieces.db"

    def read(self, lineage: str, work: str, names: Iterable[str]) -> dict[str, Piece]:
        """What is kept under `names`; a damaged piece counts as missing."""
        wanted = {name_key(name): name for name in names}
        found: dict[str, Piece] = {}

        def look(connection: sqlite3.Connection) -> None:
            for key, blob in connection.execute("SELECT name, content FROM pieces WHERE work = ?", (work,)):
                if key in wanted and (content := verified(blob)) is not None:
                    found[wanted[key]] = self.decode(content)
            connection.execute(USED, (work, time.time()))

        if os.path.exists(self.file(lineage)):  # which is also False where the folder cannot be read
            self._within(lineage, look)
        return found

    def write(self, lineage: str, work: str, pieces: Mapping[str, Piece]) -> None:
        """Keep pieces by their names, in the place of earlier ones, all or none of them."""
        rows = [(work, name_key(name), checked(self.encode(piece))) for name, piece in pieces.items()]

        def keep(connection: sqlite3.Connection) -> None:
            connection.execute(USED, (work, time.time()))
            connection.executemany("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?)", rows)
            self._shrink(connection, work)

        self._within(lineage, keep)

    def _shrink(self, connection: sqlite3.Connection, work: str) -> None:
        """Let works go until the rest fits; the file keeps its size, and what comes next fills the room in it."""
        others = connection.execute("SELECT work FROM works WHERE work != ? ORDER BY used", (work,)).fetchall()
        for other in others:
            if connection.execute(SIZE).fetchone()[0] <= self.limit:
                break
            connection.execute("DELETE FROM pieces WHERE work = ?", other)
            connection.execute("DELETE FROM works WHERE work = ?", other)

    def _within(self, lineage: str, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do `work` in a transaction on the file of a corpus; a fault ends it and is noted."""
        file = self.file(lineage)
        number = 0
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(file, timeout=PATIENCE)) as connection:
                number = file.stat().st_ino
                _prepare(connection)
                with connection:
                    work(connection)
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in UNUSABLE:
                _set_aside(file, number)
                self._note(f"The finished work kept in {file} was damaged ({error}) and is set aside; it is done again.")
            else:
                remedy = "make room there and allow writing, to save doing it again"
                self._note(f"Finished work cannot be kept in {file} ({error}); {remedy}.")

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


class Shelf(dict[str, Piece]):
    """What a work has finished so far, read from a store; a piece that is put in is written at once."""

    def __init__(self, store: PieceStore[Piece], lineage: str, work: str, names: Iterable[str]) -> None:
        super().__init__(store.read(lineage, work, names))
        self._write = partial(store.write, lineage, work)

    def __setitem__(self, name: str, piece: Piece) -> None:
        """Put in a piece."""
        super().__setitem__(name, piece)
        self._write({name: piece})


@contextmanager
def resumed(
    store: PieceStore[Piece] | None, place: Callable[[], tuple[str, str]], names: Iterable[str]
) -> Iterator[tuple[dict[str, Piece], Callable[[str, Piece], None]]]:
    """What is kept of a work under `names`, and a function that keeps a finished piece by its name; without a store nothing is.

    `place` gives the lineage of the corpus and the key of the work. Pieces are written about every second, and what is left at
    the end, however that comes.
    """
    if store is None:
        yield {}, lambda name, piece: None
        return
    lineage, work = place()
    waiting: dict[str, Piece] = {}
    written = monotonic()

    def keep(name: str, piece: Piece) -> None:
        nonlocal written
        waiting[name] = piece
        if monotonic() - written >= BATCH_SECONDS:
            store.write(lineage, work, waiting)
            waiting.clear()
            written = monotonic()

    try:
        yield store.read(lineage, work, names), keep
    finally:
        if waiting:
            store.write(lineage, work, waiting)


def pack(arrays: Sequence[NDArray[Any]]) -> bytes:
    """Arrays one after the other, each with its type and shape (NumPy's own format, which holds no objects)."""
    stream = BytesIO()
    for array in arrays:
        np.save(stream, array, allow_pickle=False)
    return stream.getvalue()


def unpack(content: bytes) -> list[NDArray[Any]]:
    """The reverse of `pack`, bit for bit."""
    stream, found = BytesIO(content), []
    while stream.tell() < len(content):
        found.append(np.load(stream, allow_pickle=False))
    return found


def checked(content: bytes) -> bytes:
    """The content behind its checksum."""
    return CHECKSUM.pack(zlib.crc32(content)) + content


def verified(blob: bytes) -> bytes | None:
    """The reverse of `checked`; None where the bytes are damaged."""
    content = blob[CHECKSUM.size :]
    return content if blob[: CHECKSUM.size] == CHECKSUM.pack(zlib.crc32(content)) else None


def name_key(name: str) -> bytes:
    """16 bytes that stand for a name of any length."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _prepare(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.OperationalError):  # SQLite does not wait for another one that does the same to a new file
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")  # a kill loses nothing, a power cut the last second
    connection.executescript(TABLES)


def _set_aside(file: Path, number: int) -> None:
    """Rename a damaged file, unless another one has done so and begun anew: then the file's number is another."""
    with suppress(OSError):
        if file.stat().st_ino == number:
            os.replace(file, file.with_suffix(".damaged"))
            for tail in ("-wal", "-shm"):
                file.with_name(file.name + tail).unlink(missing_ok=True)
