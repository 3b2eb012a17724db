"""Queries and judgments that came with a corpus, brought into query sets of their own: a set for each split.

They are given by the rater "shipped", so that what people say stands beside them and is never touched. When the corpus brings
others later, the differences become history: new and changed grades are given, those that it does not bring any more are taken
back, new queries are added; queries that are there stay as people left them. Queries that are judged in no split are in the
first one's set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, update

from retrieval.judging.making import create
from retrieval.judging.records import QuerySet, check_queries
from retrieval.judging.replay import last_words
from retrieval.judging.rows import add_queries, append, change_queries, history_of, queries_of, set_of
from retrieval.judging.sources import SHIPPED
from retrieval.judging.tables import QUERY_SETS
from retrieval.judging.verdicts import Verdict
from retrieval.naming import LONGEST_NAME
from retrieval.types import Judgment, Query

NAME = "Shipped"


@dataclass(frozen=True)
class Portion:
    """What one split brings: its judgments and the queries that they are about."""

    split: str
    queries: tuple[Query, ...]
    judgments: tuple[Judgment, ...]

    @property
    def mark(self) -> str:
        """A fingerprint of the queries and judgments, and the split."""
        asked = [[query.id, query.text, query.category] for query in self.queries]
        judged = [[item.query_id, item.document_id, item.grade, item.start, item.end] for item in self.judgments]
        state = hashlib.blake2b(json.dumps([asked, sorted(judged, key=str)]).encode(), digest_size=8)
        return f"{state.hexdigest()} {self.split}"


def portions(queries: Sequence[Query], judgments: Mapping[str, Iterable[Judgment]]) -> tuple[Portion, ...]:
    """The portions of what came with a corpus, without judgments of queries that it does not have; none without queries."""
    known = {query.id for query in queries}
    splits = {split: tuple(item for item in given if item.query_id in known) for split, given in judgments.items()} or {"": ()}
    judged = {split: {item.query_id for item in given} for split, given in splits.items()}
    elsewhere = set().union(*judged.values())
    judged[next(iter(splits))] |= known - elsewhere
    made = (Portion(split, tuple(q for q in queries if q.id in judged[split]), given) for split, given in splits.items())
    return tuple(portion for portion in made if portion.queries)


def missing(records: Iterable[QuerySet], brought: Iterable[Portion]) -> tuple[Portion, ...]:
    """The portions that no set holds as they are."""
    marks = {record.shipped for record in records}
    return tuple(portion for portion in brought if portion.mark not in marks)


def bring(connection: Connection, corpus: str, brought: Sequence[Portion]) -> None:
    """Make the sets of the corpus hold what it brought."""
    for portion in brought:
        rows = connection.execute(select(QUERY_SETS).where(QUERY_SETS.c.corpus == corpus).order_by(QUERY_SETS.c.id))
        records = [QuerySet.of(row) for row in rows]
        if not missing(records, [portion]):
            continue
        home = home_of(connection, records, portion.split) or create(connection, corpus, free_name(records, portion, brought))
        set_id = set_of(connection, home.key).id
        fill(connection, set_id, portion)
        connection.execute(update(QUERY_SETS).where(QUERY_SETS.c.id == set_id).values(shipped=portion.mark))


def home_of(connection: Connection, records: Sequence[QuerySet], split: str) -> QuerySet | None:
    """The set that a split belongs in: its own, else the one of queries that came without judgments, else one whose queries have
    no text because its grades are older than query sets.
    """
    for name in (split, ""):
        if found := next((record for record in records if record.split == name), None):
            return found
    for record in records:
        asked = () if record.shipped else queries_of(connection, set_of(connection, record.key).id)
        if asked and not any(query.text for query in asked):
            return record
    return None


def free_name(records: Iterable[QuerySet], portion: Portion, brought: Sequence[Portion]) -> str:
    """A name that no set of the corpus has, with the split in it where there are several."""
    split = "".join(filter(str.isprintable, portion.split)) if len(brought) > 1 else ""
    name = f"{NAME} {split}".strip()[: LONGEST_NAME - 10].strip()
    used = {record.name for record in records}
    return next(free for free in (name, *(f"{name} {count}" for count in range(2, len(used) + 3))) if free not in used)


def fill(connection: Connection, set_id: int, portion: Portion) -> None:
    """Add the queries that are not there, give a text to those without one, and put the differences into the history."""
    there = {query.id: query for query in queries_of(connection, set_id)}
    came = [replace(query, source=query.source or SHIPPED) for query in check_queries(portion.queries)]
    bare = [query for query in came if query.id in there and not there[query.id].text]
    change_queries(connection, set_id, bare, ("text", "category", "source"))
    add_queries(connection, set_id, [query for query in came if query.id not in there])
    given = {
        (item.query_id, item.document_id, item.start, item.end): Verdict(
            item.query_id, item.document_id, item.grade, start=item.start, end=item.end, rater=SHIPPED
        )
        for item in portion.judgments
    }
    said = last_words(history_of(connection, set_id, raters=[SHIPPED]))
    gone = [replace(word, grade=None, note="", at="") for word in said if word.place not in given]
    append(connection, set_id, [*gone, *given.values()])
