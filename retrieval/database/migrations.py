"""The schema's versions: each is made from the one before, all in one transaction, after a backup."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from retrieval.database import version_1, version_2, version_3
from retrieval.database.backups import copy
from retrieval.database.faults import reason_of
from retrieval.database.place import Place
from retrieval.errors import DatabaseUnavailable

TABLE = "playground_schema"  # PostgreSQL's place for the version; SQLite has one in its file's header


@dataclass(frozen=True, slots=True)
class Migration:
    """Makes the schema `version` of the one before. `says` tells what it does."""

    version: int
    says: str
    run: Callable[[Connection], None]


SCHEMA: tuple[Migration, ...] = (
    Migration(1, "Corpora, keys of deleted ones, and grades", version_1.run),
    Migration(2, "Query sets with their queries and verdicts, which take the grades over", version_2.run),
    Migration(3, "Saved pipelines, and experiments with their scores", version_3.run),
)


def migrate(engine: Engine, place: Place, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
    """Bring the database to the last version of `SCHEMA`; all of it or nothing, once for all processes.

    An SQLite database that holds anything is backed up first. Raises DatabaseUnavailable, also for a later version.
    """
    with engine.connect() as connection:
        if _version(connection, place) == SCHEMA[-1].version:
            return
    with writing(engine) as connection:
        found = _version(connection, place)
        steps = [step for step in SCHEMA if step.version > found]
        if steps and place.url is None and inspect(connection).get_table_names():
            copy(place)
        for step in steps:
            _run(step, connection, place)
        _set_version(connection, SCHEMA[-1].version)


def _run(step: Migration, connection: Connection, place: Place) -> None:
    try:
        step.run(connection)
    except SQLAlchemyError as error:
        raise DatabaseUnavailable(
            f"{place} could not be brought to the schema version {step.version} ({step.says}: {reason_of(error, place)}), nothing"
            f" was changed; keep using the version of the app that made it and report this; {place.advice}"
        ) from error


def _version(connection: Connection, place: Place) -> int:
    """The version of the schema, 0 before the first. Raises DatabaseUnavailable where this app does not know it."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    elif inspect(connection).has_table(TABLE):
        found = connection.exec_driver_sql(f"SELECT version FROM {TABLE}").scalar_one()
    else:
        found = 0
    if found > SCHEMA[-1].version:
        raise DatabaseUnavailable(
            f"{place} has the schema version {found}, this app knows {SCHEMA[-1].version}; update the app; {place.advice}"
        )
    return int(found)


def _set_version(connection: Connection, version: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")
        return
    connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {TABLE} (version INTEGER NOT NULL)")
    connection.exec_driver_sql(f"DELETE FROM {TABLE}")
    connection.exec_driver_sql(f"INSERT INTO {TABLE} VALUES ({version})")
