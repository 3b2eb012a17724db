"""The database `playground.db`: small records that change, in SQLite through SQLAlchemy Core, in WAL mode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DatabaseError

from retrieval.errors import BadInput

NAME = "playground.db"
SCHEMA = 1
PATIENCE = 30.0  # seconds that a writer waits for another one


def open_database(path: Path, tables: MetaData) -> Engine:
    """The database at `path` with `tables` in it, made where they are missing.

    Raises BadInput where the file is no database, or one of a later version of the app.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare)
    try:
        with writing(engine) as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if found > SCHEMA:
                raise BadInput(f"{path} has the schema version {found}, this app knows {SCHEMA}; update the app")
            tables.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
    except DatabaseError as error:
        raise BadInput(f"{path} cannot be used as the app's database ({error.orig}); repair the file or move it away") from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the right to write from its beginning, so that nothing changes between its reads and writes."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()


def _prepare(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
