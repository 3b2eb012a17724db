"""Schema version 2: query sets, their queries, and verdicts, into which the grades of version 1 are carried over."""

from __future__ import annotations

import secrets

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    func,
    insert,
    literal,
    null,
    select,
)

from retrieval.database import version_1
from retrieval.database.version_1 import JUDGMENTS

TABLES = MetaData()
QUERY_SETS = Table(
    "query_sets",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("corpus", String, nullable=False),
    Column("name", String, nullable=False),
    Column("guidelines", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("shipped", String, nullable=False, server_default=""),
    Column("created", String, nullable=False),
    UniqueConstraint("corpus", "name"),
)
QUERIES = Table(
    "queries",
    TABLES,
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
# An entry of PostgreSQL's indexes has 2,704 bytes at most, an id may have 10,000 characters.
Index("queries_by_id", QUERIES.c.query_set_id, func.md5(QUERIES.c.query_id), unique=True).ddl_if(dialect="postgresql")
VERDICTS = Table(
    "verdicts",
    TABLES,
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
NAME = "Judgments"
RULE = "latest"


def run(connection: Connection) -> None:
    """Make the tables, carry the grades over, in their order and per corpus into a query set of its own, and drop their table."""
    version_1.TABLES.create_all(connection)  # a file of version 1 has the tables of the stores that were opened, no others
    TABLES.create_all(connection, checkfirst=False)
    _carry_query_sets(connection)
    _carry_queries(connection)
    _carry_verdicts(connection)
    JUDGMENTS.drop(connection)


def _carry_query_sets(connection: Connection) -> None:
    from retrieval.judging.guidelines import GUIDELINES

    given = select(JUDGMENTS.c.corpus, func.min(JUDGMENTS.c.at).label("created"))
    order = func.min(JUDGMENTS.c.id)
    for row in connection.execute(given.group_by(JUDGMENTS.c.corpus).order_by(order)).all():
        used = set(connection.scalars(select(QUERY_SETS.c.key)))
        key = next(key for key in iter(lambda: f"{NAME.lower()}-{secrets.token_hex(4)}", None) if key not in used)
        values = {"key": key, "corpus": row.corpus, "name": NAME, "guidelines": GUIDELINES, "rule": RULE, "created": row.created}
        connection.execute(insert(QUERY_SETS).values(values))


def _carry_queries(connection: Connection) -> None:
    names = ("query_set_id", "query_id", "text", "category", "note", "source", "held_out", "added")
    empty = [literal("").label(name) for name in ("text", "category", "note", "source")]
    rows = select(QUERY_SETS.c.id, JUDGMENTS.c.query_id, *empty, false(), func.min(JUDGMENTS.c.at))
    rows = rows.join_from(JUDGMENTS, QUERY_SETS, QUERY_SETS.c.corpus == JUDGMENTS.c.corpus)
    rows = rows.group_by(QUERY_SETS.c.id, JUDGMENTS.c.query_id).order_by(func.min(JUDGMENTS.c.id))
    connection.execute(insert(QUERIES).from_select(names, rows))


def _carry_verdicts(connection: Connection) -> None:
    names = ("query", "document_id", "start", "end", "grade", "cant_tell", "rater", "note", "at")
    given = JUDGMENTS.c
    rows = select(QUERIES.c.id, given.document_id, null(), null(), given.grade, false(), given.rater, literal(""), given.at)
    rows = rows.join_from(JUDGMENTS, QUERY_SETS, QUERY_SETS.c.corpus == given.corpus)
    rows = rows.join(QUERIES, (QUERIES.c.query_set_id == QUERY_SETS.c.id) & (QUERIES.c.query_id == given.query_id))
    connection.execute(insert(VERDICTS).from_select(names, rows.order_by(given.id)))
