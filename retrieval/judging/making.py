"""New query sets, empty or as copies, within the transaction of a connection."""

from __future__ import annotations

from sqlalchemy import Connection, and_, insert, literal, select
from sqlalchemy.exc import IntegrityError

from retrieval.errors import BadInput
from retrieval.judging.guidelines import GUIDELINES
from retrieval.judging.records import QuerySet, now, sound
from retrieval.judging.tables import QUERIES, QUERY_SETS, VERDICTS
from retrieval.naming import clean_name, new_key

DEFAULT_RULE = "latest"


def create(connection: Connection, corpus: str, name: str, guidelines: str = GUIDELINES, rule: str = DEFAULT_RULE) -> QuerySet:
    """Store a new set without queries. Raises BadInput where the corpus has a set of this name, or it cannot be used."""
    name, corpus = clean_name(name, "a query set"), sound("the key of the corpus", corpus)
    used = {(row.corpus, row.name) for row in connection.execute(select(QUERY_SETS.c.corpus, QUERY_SETS.c.name))}
    if (corpus, name) in used:
        raise taken(name)
    made = QuerySet(new_key(name, "queries", 4), corpus, name, guidelines, rule, "", now())
    values = {field: getattr(made, field) for field in QuerySet.__slots__}
    try:
        connection.execute(insert(QUERY_SETS).values(**values))
    except IntegrityError:
        raise taken(name) from None
    return made


def copy_queries(connection: Connection, old: int, new: int) -> None:
    """Copy the queries of the set with the row id `old` into the set `new`."""
    columns = [column for column in QUERIES.columns if column.name not in ("id", "query_set_id")]
    rows = select(literal(new), *columns).where(QUERIES.c.query_set_id == old).order_by(QUERIES.c.id)
    connection.execute(insert(QUERIES).from_select(["query_set_id", *(column.name for column in columns)], rows))


def copy_verdicts(connection: Connection, old: int, new: int) -> None:
    """Copy the history of the set `old` onto the same queries of the set `new`, in its order."""
    columns = [column for column in VERDICTS.columns if column.name not in ("id", "query")]
    source, target = QUERIES.alias(), QUERIES.alias()
    same = and_(target.c.query_id == source.c.query_id, target.c.query_set_id == new)
    tables = VERDICTS.join(source, VERDICTS.c.query == source.c.id).join(target, same)
    rows = select(target.c.id, *columns).select_from(tables).where(source.c.query_set_id == old).order_by(VERDICTS.c.id)
    connection.execute(insert(VERDICTS).from_select(["query", *(column.name for column in columns)], rows))


def taken(name: str) -> BadInput:
    """The refusal of a name that another set over the corpus has."""
    return BadInput(f"the corpus has a query set with the name {name!r} already; choose another")
