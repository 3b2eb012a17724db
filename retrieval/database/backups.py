"""Backups of the SQLite database: consistent copies of it while it is in use, written whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from retrieval.database import faults
from retrieval.database.place import BACKUPS, Place, backups_in
from retrieval.errors import BadInput, PlaygroundError

KEPT = 10
_MAKING = ".making-"


def back_up(home: Path) -> Path:
    """Copy the database of `home` to `backups/playground-v<schema version>-<moment, UTC>.db`; the last ten are kept.

    Raises BadInput where there is nothing to copy or the database is PostgreSQL's, and DatabaseUnavailable.
    """
    place = Place.of(home)
    if place.url is not None:
        raise BadInput(f"{place} is backed up by its operator; run pg_dump")
    if not place.file.is_file():
        raise BadInput(f"there is no {place}; there is nothing to back up before something is stored")
    return copy(place)


def copy(place: Place) -> Path:
    """Copy the file of `place`, which may be in use. Raises DatabaseUnavailable, and then leaves no copy and all older ones."""
    from filelock import FileLock

    folder = place.home / BACKUPS
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / ".lock"):
            for stale in folder.glob(f"{_MAKING}*"):
                shutil.rmtree(stale, ignore_errors=True)
            return _copied(place, folder)
    except (OSError, sqlite3.Error) as error:
        raise _failed(error, place, folder) from error


def _copied(place: Place, folder: Path) -> Path:
    making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=folder))
    try:
        version = _write(place, making / "copy.db")
        path = folder / _free_name(place.home, version)
        (making / "copy.db").rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    for *_, old in backups_in(place.home)[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def _write(place: Place, path: Path) -> int:
    """Write the copy, one file that needs no other beside it, and look it through; gives the version of its schema."""
    source = sqlite3.connect(f"{place.file.as_uri()}?mode=rw", uri=True, timeout=faults.PATIENCE)
    with closing(source), closing(sqlite3.connect(path)) as made:
        source.backup(made, progress=_not_forever)
        made.execute("PRAGMA journal_mode=DELETE")
        (found,) = made.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise faults.damaged(place, found)
        (version,) = made.execute("PRAGMA user_version").fetchone()
        return int(version)


def _not_forever(status: int, remaining: int, total: int) -> None:
    """End a copy that has waited for its turn as long as a writer does; SQLite would wait on."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise TimeoutError("database is locked")


def _free_name(home: Path, version: int) -> str:
    """The name of a backup made now; the second one of a moment gets a number, and so on."""
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    number = 1 + max((number for found, number, _ in backups_in(home) if found == moment), default=0)
    return f"playground-v{version}-{moment}{f'-{number}' if number > 1 else ''}.db"


def _failed(error: OSError | sqlite3.Error, place: Place, folder: Path) -> PlaygroundError:
    """The sentence for what kept a copy from being made: damage of the database itself, else the folder of the copies."""
    if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return faults.damaged(place, str(error))
    fault = "was left as it is, because it could not be backed up", f"make space in {folder} or let this user write there"
    return faults.unavailable(place, fault, getattr(error, "strerror", None) or str(error))
