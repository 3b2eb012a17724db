"""Schema version 3: saved pipelines, and experiments with their scores."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table

TABLES = MetaData()
PIPELINES = Table(
    "pipelines",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
    Column("note", String, nullable=False),
    Column("toml", String, nullable=False),
    Column("created", String, nullable=False),
    Column("changed", String, nullable=False),
)
EXPERIMENTS = Table(
    "experiments",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("note", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("corpus", String, nullable=False),
    Column("corpus_name", String, nullable=False),
    Column("corpus_fingerprint", String, nullable=False),
    Column("query_set", String, nullable=False),
    Column("query_set_name", String, nullable=False),
    Column("judgments_version", String, nullable=False),
    Column("library", String, nullable=False),
    Column("created", String, nullable=False),
    Column("content", String, nullable=False),
    Column("scores", String, nullable=False),  # last, so that SQLite does not read it for a list
)


def run(connection: Connection) -> None:
    """Make the tables."""
    TABLES.create_all(connection, checkfirst=False)
