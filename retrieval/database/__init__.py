"""The database: small records that change, through SQLAlchemy Core.

It is the SQLite file `playground.db` below the home, or the PostgreSQL database that `PLAYGROUND_DATABASE_URL` names. One schema
holds the tables of all stores; migrations make it. Every failure of the database is a `DatabaseUnavailable` in one sentence.
"""

from __future__ import annotations

from retrieval.database.backups import back_up
from retrieval.database.migrations import SCHEMA, Migration
from retrieval.database.opening import open_database, writing
from retrieval.database.place import NAME, URL_VARIABLE, exists, latest_backup, postgresql_url

__all__ = [
    "NAME",
    "SCHEMA",
    "URL_VARIABLE",
    "Migration",
    "back_up",
    "exists",
    "latest_backup",
    "open_database",
    "postgresql_url",
    "writing",
]
