"""The record of a stored corpus, its table in `playground.db`, and the rules for its name and key."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table

from retrieval.errors import BadInput

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
LONGEST_NAME = 100
LONGEST_SLUG = 40


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


def clean_name(name: str) -> str:
    """The name without white space around it. Raises BadInput where it is empty, too long or holds what cannot be shown."""
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name):
        raise BadInput(f"the name {name!a} holds a control character; write it on one line, without tabs")
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput(f"the name of a corpus must have 1 to {LONGEST_NAME} characters, this has {len(name)}; choose another")
    return name


def new_key(name: str) -> str:
    """A key made of the name and four random hexadecimal digits, safe as the name of a folder."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_SLUG].strip("-")
    return f"{slug or 'corpus'}-{secrets.token_hex(2)}"


def now() -> str:
    """This moment as text."""
    return datetime.now(UTC).isoformat(timespec="seconds")
