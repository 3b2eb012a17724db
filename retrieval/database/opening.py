"""Opening the database of a home, and writing to it."""

from __future__ import annotations

import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from retrieval.database import faults
from retrieval.database.migrations import migrate
from retrieval.database.place import Place
from retrieval.errors import DatabaseUnavailable

CHECKED = 256 * 2**20  # bytes; a larger file is not read through when it is opened, 0.5 s at most
_TURN = 7305612008411763553  # names the lock that all writers of the app take; any number that others do not use
_RIGHT_TO_WRITE = {"sqlite": "BEGIN IMMEDIATE", "postgresql": f"SELECT pg_advisory_xact_lock({_TURN})"}


def open_database(home: Path) -> Engine:
    """The database of `home` with the tables of all stores in it, made or migrated where that is needed.

    SQLite runs in WAL mode with foreign keys and waits 30 s for another writer; every commit is on disk before it returns. What
    the driver raises, here and later, is a DatabaseUnavailable. Raises BadSetting where the address is none.
    """
    place = Place.of(home)
    engine = _of_postgresql(place.url) if place.url is not None else _of_sqlite(place)
    faults.listen(engine, place)
    _close_with(engine)
    event.listen(engine, "engine_disposed", _close_with)  # which gives it a new pool
    try:
        if place.url is None:
            _check(engine, place)
        migrate(engine, place, writing)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the right to write from its beginning, so that nothing changes between its reads and writes.

    On PostgreSQL that holds as long as all writers come through here. Raises DatabaseUnavailable.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql(_RIGHT_TO_WRITE[engine.dialect.name])
        yield connection
        connection.commit()


def _close_with(engine: Engine) -> None:
    """Close the pool's connections when nobody has the engine any more, and at the end of the process."""
    weakref.finalize(engine, engine.pool.dispose)


def _of_sqlite(place: Place) -> Engine:
    try:
        place.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fault = "cannot be made", "choose another folder by PLAYGROUND_HOME, or let this user write there"
        raise faults.unavailable(place, fault, error.strerror or str(error)) from error
    engine = create_engine(URL.create("sqlite", database=str(place.file)), connect_args={"timeout": faults.PATIENCE})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _of_postgresql(url: URL) -> Engine:
    wait = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
    try:
        engine = create_engine(url, connect_args=wait, pool_pre_ping=True)
    except ImportError:
        raise DatabaseUnavailable(
            "PLAYGROUND_DATABASE_URL names a PostgreSQL database, whose driver psycopg is not installed; run"
            " pip install 'retrieval-playground[postgres]', or unset the variable to use a file"
        ) from None
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    _write_ahead(connection)
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Set the mode of the journal, which SQLite does not wait for where two processes do it at once to a new file."""
    end = time.monotonic() + faults.PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(0.01)


def _prepare_postgresql(connection: Any, _: object) -> None:
    connection.execute(f"SET lock_timeout = {round(faults.PATIENCE * 1000)}")
    connection.commit()


def _check(engine: Engine, place: Place) -> None:
    """Raise DatabaseUnavailable where a page of the file is damaged."""
    with engine.connect() as connection:
        if place.file.stat().st_size <= CHECKED:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            if found != "ok":
                raise faults.damaged(place, str(found))
