"""The tables of query sets, their queries and the verdicts on them, as the schema's migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    func,
)

METADATA = MetaData()
QUERY_SETS = Table(
    "query_sets",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("corpus", String, nullable=False),
    Column("name", String, nullable=False),
    Column("guidelines", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("shipped", String, nullable=False, default=""),
    Column("created", String, nullable=False),
    UniqueConstraint("corpus", "name"),
)
QUERIES = Table(
    "queries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("query_set_id", ForeignKey("query_sets.id", ondelete="CASCADE"), nullable=False),
    Column("query_id", String, nullable=False),
    Column("text", String, nullable=False),
    Column("category", String, nullable=False),
    Column("note", String, nullable=False),
    Column("source", String, nullable=False),
    Column("held_out", Boolean, nullable=False),
    Column("added", String, nullable=False),
    UniqueConstraint("query_set_id", "query_id").ddl_if(dialect="sqlite"),
)
# PostgreSQL's B-trees take no key above 2,704 bytes, and an id may have 10,000 characters
Index("queries_by_id", QUERIES.c.query_set_id, func.md5(QUERIES.c.query_id), unique=True).ddl_if(dialect="postgresql")
VERDICTS = Table(
    "verdicts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("query", ForeignKey("queries.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("document_id", String, nullable=False),
    Column("start", Integer, nullable=True),
    Column("end", Integer, nullable=True),
    Column("grade", Integer, nullable=True),
    Column("cant_tell", Boolean, nullable=False),
    Column("rater", String, nullable=False),
    Column("note", String, nullable=False),
    Column("at", String, nullable=False),
)
