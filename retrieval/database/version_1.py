"""Schema version 1: corpora, the keys of deleted ones, and grades."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table

TABLES = MetaData()
CORPORA = Table(
    "corpora",
    TABLES,
    Column("key", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("latest", String, nullable=False),
    Column("collection", String, nullable=False),
    Column("used", String, nullable=False),
    Column("settings", String, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("created", String, nullable=False),
    Column("updated", String, nullable=False),
)
DELETED = Table("deleted_corpora", TABLES, Column("key", String, primary_key=True), Column("at", String, nullable=False))
JUDGMENTS = Table(
    "judgments",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("corpus", String, nullable=False, index=True),
    Column("query_id", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("grade", Integer, nullable=True),
    Column("rater", String, nullable=False),
    Column("at", String, nullable=False),
)


def run(connection: Connection) -> None:
    """Make the tables; files that are older than the versions have some of them already."""
    TABLES.create_all(connection, checkfirst=connection.dialect.name == "sqlite")
