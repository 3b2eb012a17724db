"""The record of a stored corpus, and its table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table

METADATA = MetaData()
CORPORA = Table(
    "corpora",
    METADATA,
    Column("key", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("latest", String, nullable=False, default=""),
    Column("collection", String, nullable=False, default=""),
    Column("used", String, nullable=False, default=""),
    Column("settings", String, nullable=False, default=""),
    Column("documents", Integer, nullable=False, default=0),
    Column("created", String, nullable=False),
    Column("updated", String, nullable=False),
)
DELETED = Table("deleted_corpora", METADATA, Column("key", String, primary_key=True), Column("at", String, nullable=False))


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a stored corpus without reading it. Times are ISO 8601 in UTC.

    `latest` is the version of its documents (their fingerprint, "" without documents), `collection` that of its queries and
    judgments. `used` is the version whose index is in use, "" before the first build, and `settings` the TOML text of the
    pipeline that it was built with. `documents` counts those of `latest`.
    """

    key: str
    name: str
    latest: str
    collection: str
    used: str
    settings: str
    documents: int
    created: str
    updated: str

    @classmethod
    def of(cls, row: Any) -> Record:
        """The record in a row of the table."""
        return cls(**row._mapping)

    @property
    def stale(self) -> bool:
        """Whether the documents have changed since the index in use was built, or none was."""
        return self.used != self.latest


def now() -> str:
    """This moment as text."""
    return datetime.now(UTC).isoformat(timespec="seconds")
