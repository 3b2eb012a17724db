"""Queries and verdicts in and out of the tables, within the transaction of a connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, bindparam, insert, select, update

from retrieval.errors import BadInput
from retrieval.judging.records import now
from retrieval.judging.replay import SILENCE, Place, State, place_of, state_of
from retrieval.judging.tables import QUERIES, QUERY_SETS, VERDICTS
from retrieval.judging.verdicts import Verdict
from retrieval.types import Query

MANY = 500  # values of a condition above which the whole set is read instead
FIELDS = ("document_id", "grade", "cant_tell", "start", "end", "rater", "note", "at")  # in the order of Verdict
OF_QUERY = ("query_id", "text", "category", "note", "source", "added", "held_out")
WORDS = select(QUERIES.c.query_id, *(VERDICTS.c[name] for name in FIELDS)).join_from(VERDICTS, QUERIES).order_by(VERDICTS.c.id)


def set_of(connection: Connection, key: str) -> Any:
    """The row of a query set. Raises BadInput where there is none with this key."""
    found = connection.execute(select(QUERY_SETS).where(QUERY_SETS.c.key == key)).first()
    if found is None:
        raise BadInput(f"there is no query set {key[:80]!r}; it may have been deleted, choose another")
    return found


def queries_of(connection: Connection, set_id: int) -> tuple[Query, ...]:
    """The queries of a set in the order in which they were added."""
    columns = [QUERIES.c[name] for name in OF_QUERY]
    found = connection.execute(select(*columns).where(QUERIES.c.query_set_id == set_id).order_by(QUERIES.c.id))
    return tuple(Query(*row) for row in found)


def query_rows(connection: Connection, set_id: int, ids: Iterable[str]) -> dict[str, int]:
    """Row id by query id, of those among `ids` that the set has."""
    wanted = set(ids)
    if not wanted:
        return {}
    chosen = select(QUERIES.c.query_id, QUERIES.c.id).where(QUERIES.c.query_set_id == set_id)
    found = connection.execute(chosen.where(*one_of(QUERIES.c.query_id, wanted)))
    return {query_id: row for query_id, row in found if query_id in wanted}


def add_queries(connection: Connection, set_id: int, queries: Sequence[Query]) -> None:
    """Store queries that the set does not have; a query without a moment was added now."""
    moment = now()
    rows = [values_of(query) | {"query_set_id": set_id, "added": query.added or moment} for query in queries]
    if rows:
        connection.execute(insert(QUERIES), rows)


def put_queries(connection: Connection, set_id: int, queries: Sequence[Query]) -> int:
    """Add queries; returns how many are new.

    Those whose id is there take over text, class, note and source of the old ones, which keep their verdicts and their moment and
    stay held out if they were.
    """
    if not queries:
        return 0
    given = {query.id: query for query in queries}
    there = {query.id: query for query in queries_of(connection, set_id) if query.id in given}
    changed = [replace(given[id], held_out=given[id].held_out or old.held_out) for id, old in there.items()]
    change_queries(connection, set_id, changed, ("text", "category", "note", "source", "held_out"))
    add_queries(connection, set_id, [query for query in queries if query.id not in there])
    return len(given) - len(there)


def change_queries(connection: Connection, set_id: int, queries: Sequence[Query], fields: Sequence[str]) -> None:
    """Store `fields` of queries that the set has. Raises BadInput where it has no query with an id."""
    rows = query_rows(connection, set_id, (query.id for query in queries))
    for query in queries:
        if query.id not in rows:
            raise BadInput(f"the query set has no query {query.id[:80]!a}; it may have been removed, reload the set")
    change = update(QUERIES).where(QUERIES.c.id == bindparam("row"))
    changes = [{"row": rows[query.id]} | {name: getattr(query, name) for name in fields} for query in queries]
    if changes:
        connection.execute(change.values({name: bindparam(name) for name in fields}), changes)


def values_of(query: Query) -> dict[str, Any]:
    """The columns of a query but for its set."""
    return {name: getattr(query, "id" if name == "query_id" else name) for name in OF_QUERY}


def history_of(
    connection: Connection, set_id: int, query_ids: Iterable[str] = (), raters: Iterable[str] = ()
) -> tuple[Verdict, ...]:
    """The verdicts of a set in the order in which they were stored; only those on `query_ids` and by `raters` where given.

    Above MANY ids or raters, verdicts on others may be among them.
    """
    among = [*one_of(QUERIES.c.query_id, set(query_ids)), *one_of(VERDICTS.c.rater, set(raters))]
    found = connection.execute(WORDS.where(QUERIES.c.query_set_id == set_id, *among))
    return tuple(Verdict(*row) for row in found)


def append(connection: Connection, set_id: int, verdicts: Sequence[Verdict]) -> None:
    """Add verdicts to the history but for those that change nothing: what the rater says already, or a verdict that is stored
    with the same moment. Of several without a moment by one rater on one place, the last is meant.

    Raises BadInput where the set has no such query.
    """
    if not verdicts:
        return
    rows = query_rows(connection, set_id, (verdict.query_id for verdict in verdicts))
    for verdict in verdicts:
        if verdict.query_id not in rows:
            raise BadInput(f"the query set has no query {verdict.query_id[:80]!a}; add the query before its verdicts")
    history = history_of(connection, set_id, rows, (verdict.rater for verdict in verdicts))
    changes = [stored_form(verdict, rows) for verdict in changing(history, verdicts)]
    if changes:
        connection.execute(insert(VERDICTS), changes)


def changing(history: Sequence[Verdict], verdicts: Sequence[Verdict]) -> Iterator[tuple[Verdict, str]]:
    """Those of `verdicts` that `append` stores after `history`, each with its moment."""
    present: dict[Place, State] = {place_of(word): state_of(word) for word in history}
    known, moment = set(history), fresh_moment({word.at for word in history})
    meant = {place_of(verdict): verdict for verdict in verdicts if not verdict.at}
    for verdict in verdicts:
        place, state = place_of(verdict), state_of(verdict)
        stored = verdict in known if verdict.at else meant[place] is not verdict
        if not stored and state != present.get(place, SILENCE):
            present[place] = state
            yield verdict, verdict.at or moment


def fresh_moment(taken: set[str]) -> str:
    """Now, or the next microsecond that is not `taken`: a clock may be set back, and a moment names what was said in it."""
    moment = now()
    while moment in taken:
        moment = (datetime.fromisoformat(moment) + timedelta(microseconds=1)).isoformat(timespec="microseconds")
    return moment


def stored_form(change: tuple[Verdict, str], rows: dict[str, int]) -> dict[str, Any]:
    """The columns of a verdict that is given at a moment."""
    verdict, moment = change
    return {name: getattr(verdict, name) for name in FIELDS} | {"query": rows[verdict.query_id], "at": moment}


def one_of(column: Column[Any], values: set[str]) -> tuple[ColumnElement[bool], ...]:
    """The condition that a column has one of `values`; none where they are none, or too many for a statement."""
    if len(values) == 1:
        return (column == next(iter(values)),)
    return (column.in_(values),) if 1 < len(values) <= MANY else ()
