"""Traces on disk: one SQLite file a corpus, a row for each pipeline and text of a query.

It is a cache. Nothing that befalls it fails an evaluation: what cannot be read is measured again, what cannot be kept is measured
again next time, and a sentence in `notes` says so. Threads and processes may share it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path

from retrieval.tracing.kept import Kept, decode, encode
from retrieval.workspace import folder_name

LIMIT = 2 * 10**9
PATIENCE = 30.0  # seconds to wait for another writer
TABLES = """
CREATE TABLE IF NOT EXISTS pipelines (pipeline TEXT PRIMARY KEY, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS traces (pipeline TEXT, query BLOB, trace BLOB NOT NULL, PRIMARY KEY (pipeline, query));
"""
USED = "INSERT INTO pipelines VALUES (?, ?) ON CONFLICT (pipeline) DO UPDATE SET used = excluded.used"
SIZE = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
UNUSABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # the last: tables that are not ours


class TraceStore:
    """The traces below a home folder, of a corpus by its lineage, of a pipeline by a key of all that its rankings depend on.

    Where a corpus's file holds more than `limit` bytes, the pipelines that were used longest ago are let go, never the one that
    is being kept. `notes` are sentences about what befell the files since this value was made: make one for each use.
    """

    def __init__(self, home: Path, limit: int = LIMIT) -> None:
        self.home = home
        self.limit = limit
        self.notes: list[str] = []

    def file(self, lineage: str) -> Path:
        """Where the traces of a corpus lie."""
        return self.home / "traces" / folder_name(lineage) / "traces.db"

    def read(self, lineage: str, pipeline: str, texts: Iterable[str]) -> dict[str, Kept]:
        """What is kept of the queries `texts`, by text; a damaged trace counts as missing."""
        wanted = {text_key(text): text for text in texts}
        found: dict[str, Kept] = {}

        def look(connection: sqlite3.Connection) -> None:
            for key, blob in connection.execute("SELECT query, trace FROM traces WHERE pipeline = ?", (pipeline,)):
                if key in wanted and (kept := decode(blob)) is not None:
                    found[wanted[key]] = kept
            connection.execute(USED, (pipeline, time.time()))

        if os.path.exists(self.file(lineage)):  # which is also False where the folder cannot be read
            self._within(lineage, look)
        return found

    def write(self, lineage: str, pipeline: str, kept: Mapping[str, Kept]) -> None:
        """Keep traces by the text of their query, in the place of earlier ones, all or none of them."""
        rows = [(pipeline, text_key(text), encode(one)) for text, one in kept.items()]

        def keep(connection: sqlite3.Connection) -> None:
            connection.execute(USED, (pipeline, time.time()))
            connection.executemany("INSERT OR REPLACE INTO traces VALUES (?, ?, ?)", rows)
            self._shrink(connection, pipeline)

        self._within(lineage, keep)

    def _shrink(self, connection: sqlite3.Connection, pipeline: str) -> None:
        """Let pipelines go until the rest fits; the file keeps its size, and what comes next fills the room in it."""
        others = connection.execute("SELECT pipeline FROM pipelines WHERE pipeline != ? ORDER BY used", (pipeline,)).fetchall()
        for other in others:
            if connection.execute(SIZE).fetchone()[0] <= self.limit:
                break
            connection.execute("DELETE FROM traces WHERE pipeline = ?", other)
            connection.execute("DELETE FROM pipelines WHERE pipeline = ?", other)

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
                self._note(f"The kept traces in {file} were damaged ({error}) and are set aside; queries are searched again.")
            else:
                self._note(
                    f"Traces cannot be kept in {file} ({error}); make room there and allow writing, to save searching again."
                )

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def _prepare(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.OperationalError):  # SQLite does not wait for another one that does the same to a new file
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")  # a kill loses nothing, a power cut the last second
    connection.executescript(TABLES)


def text_key(text: str) -> bytes:
    """16 bytes that name the text of a query."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _set_aside(file: Path, number: int) -> None:
    """Rename a damaged file, unless another one has done so and begun anew: then the file's number is another."""
    with suppress(OSError):
        if file.stat().st_ino == number:
            os.replace(file, file.with_suffix(".damaged"))
            for tail in ("-wal", "-shm"):
                file.with_name(file.name + tail).unlink(missing_ok=True)
