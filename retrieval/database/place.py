"""Where the database of a home is: a file in it, or a PostgreSQL server. And where its backups are."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from retrieval.errors import BadSetting

NAME = "playground.db"
URL_VARIABLE = "PLAYGROUND_DATABASE_URL"
BACKUPS = "backups"
_BACKUP = re.compile(r"playground-v\d+-(?P<moment>\d{8}T\d{6}Z)(?:-(?P<number>\d+))?\.db")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Place:
    """A home with its database: at `url` (PostgreSQL), or where that is None in a file. As text, without a password."""

    home: Path
    url: URL | None

    @classmethod
    def of(cls, home: Path) -> Place:
        """The place of the database of `home`. Raises BadSetting where `PLAYGROUND_DATABASE_URL` is no address of PostgreSQL."""
        return cls(home.absolute(), postgresql_url())

    @property
    def file(self) -> Path:
        """The file of the database, where it is in one."""
        return self.home / NAME

    def __str__(self) -> str:
        if self.url is None:
            return str(self.file)
        host = self.url.host or self.url.query.get("host", "this machine")
        port = f":{self.url.port}" if self.url.port else ""
        return f"the PostgreSQL database {self.url.database!r} on {host}{port}"

    @property
    def advice(self) -> str:
        """Where the last backup is."""
        if self.url is not None:
            return "backups of a PostgreSQL database are its operator's (pg_dump)"
        last = latest_backup(self.home)
        return f"the last backup is {last}" if last else "there is no backup yet"


def postgresql_url() -> URL | None:
    """What `PLAYGROUND_DATABASE_URL` holds, None where it is not set. Raises BadSetting where it is no address of PostgreSQL."""
    text = os.environ.get(URL_VARIABLE, "")
    if not text:
        return None
    rule = f"{URL_VARIABLE} must be like postgresql://user:password@host:5432/database, or not set to use the file {NAME}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise BadSetting(f"{rule}; what it holds is no such address") from None
    if url.drivername not in _POSTGRESQL:
        raise BadSetting(f"{rule}; it begins with {url.drivername}://")
    if not url.database:
        raise BadSetting(f"{rule}; it names no database")
    return url.set(drivername="postgresql+psycopg")


def exists(home: Path) -> bool:
    """Whether the home has a database; a PostgreSQL one counts without being asked."""
    return postgresql_url() is not None or (home / NAME).is_file()


def backups_in(home: Path) -> tuple[tuple[str, int, Path], ...]:
    """All backups below `home`, the oldest first: the moment in its name, the number among those of the moment, and the file."""
    dated = []
    for path in (home / BACKUPS).glob("playground-*.db"):
        if found := _BACKUP.fullmatch(path.name):
            dated.append((found["moment"], int(found["number"] or 1), path))
    return tuple(sorted(dated))


def latest_backup(home: Path) -> Path | None:
    """The last backup of the SQLite database of `home`, None where there is none or the database is PostgreSQL's."""
    found = backups_in(home) if postgresql_url() is None else ()
    return found[-1][2] if found else None
