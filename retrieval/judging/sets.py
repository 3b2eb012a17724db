"""Query sets on disk: what is asked of a corpus, in named sets that several people judge. Each change is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from retrieval.database import open_database, writing
from retrieval.errors import BadInput
from retrieval.judging.holding import held_out
from retrieval.judging.making import copy_queries, copy_verdicts, create, taken
from retrieval.judging.records import QuerySet, check_queries, sound
from retrieval.judging.rows import add_queries, change_queries, put_queries, queries_of, query_rows, set_of
from retrieval.judging.rules import check_rule
from retrieval.judging.shipping import bring, missing, portions
from retrieval.judging.tables import QUERIES, QUERY_SETS
from retrieval.naming import clean_name
from retrieval.types import Judgment, Query
from retrieval.workspace import default_home


class QuerySets:
    """The query sets below `home`. Safe to share between threads and to open in several processes.

    Every method that takes a key raises BadInput where no set has it.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = home if home is not None else default_home()
        self._engine = open_database(self.home)

    def records(self, corpus: str | None = None) -> tuple[QuerySet, ...]:
        """The sets over a corpus, named by its lineage, or all sets; the oldest first."""
        chosen = select(QUERY_SETS).order_by(QUERY_SETS.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(chosen if corpus is None else chosen.where(QUERY_SETS.c.corpus == corpus))
            return tuple(QuerySet.of(row) for row in rows)

    def record(self, key: str) -> QuerySet:
        """The record of a set."""
        with self._engine.connect() as connection:
            return QuerySet.of(set_of(connection, key))

    def queries(self, key: str) -> tuple[Query, ...]:
        """The queries of a set in the order in which they were added."""
        with self._engine.connect() as connection:
            return queries_of(connection, set_of(connection, key).id)

    def create(self, corpus: str, name: str, queries: Iterable[Query] = ()) -> QuerySet:
        """A new set over a corpus with the default guidelines and the rule "latest".

        Raises BadInput where the corpus has a set of this name, or the name or a query cannot be stored.
        """
        new = check_queries(queries)
        with writing(self._engine) as connection:
            made = create(connection, corpus, name)
            add_queries(connection, set_of(connection, made.key).id, new)
        return made

    def rename(self, key: str, name: str) -> QuerySet:
        """Give a set another name; its key stays. Raises BadInput as `create` does."""
        try:
            return self._update(key, name=clean_name(name, "a query set"))
        except IntegrityError:
            raise taken(name) from None

    def guide(self, key: str, guidelines: str) -> QuerySet:
        """Replace the guidelines, Markdown of at most 100,000 characters."""
        return self._update(key, guidelines=sound("the text of the guidelines", guidelines))

    def decide(self, key: str, rule: str) -> QuerySet:
        """Choose whose grade counts. Raises BadInput where there is no such rule."""
        return self._update(key, rule=check_rule(sound("the rule", rule)))

    def copy(self, key: str, name: str, verdicts: bool = True) -> QuerySet:
        """A new set over the same corpus with the same queries, guidelines and rule, and with `verdicts` the whole history.

        Raises BadInput as `create` does.
        """
        with writing(self._engine) as connection:
            old = set_of(connection, key)
            made = create(connection, old.corpus, name, guidelines=old.guidelines, rule=old.rule)
            new = set_of(connection, made.key)
            copy_queries(connection, old.id, new.id)
            if verdicts:
                copy_verdicts(connection, old.id, new.id)
        return made

    def delete(self, key: str) -> None:
        """Delete a set with its queries and their whole history. One that came with a corpus is made anew by the next `ship`."""
        with writing(self._engine) as connection:
            connection.execute(delete(QUERY_SETS).where(QUERY_SETS.c.id == set_of(connection, key).id))

    def add(self, key: str, queries: Iterable[Query], replacing: bool = False) -> int:
        """Add queries; returns how many are new.

        With `replacing`, a query whose id is there takes over text, class, note and source, keeps its verdicts, and stays held
        out if it was. Raises BadInput where an id is there and nothing may be replaced, or a query cannot be stored.
        """
        given = check_queries(queries)
        with writing(self._engine) as connection:
            set_id = set_of(connection, key).id
            there = () if replacing else query_rows(connection, set_id, (query.id for query in given))
            if there:
                raise BadInput(f"the query {next(iter(there))[:80]!a} is in the set already; replace it or give another id")
            return put_queries(connection, set_id, given)

    def edit(self, key: str, queries: Iterable[Query]) -> None:
        """Store text, class, note and held-out of queries that the set has; all of them or none.

        Raises BadInput where the set has no query with an id, or one cannot be stored.
        """
        given = check_queries(queries)
        with writing(self._engine) as connection:
            change_queries(connection, set_of(connection, key).id, given, ("text", "category", "note", "held_out"))

    def remove(self, key: str, ids: Iterable[str]) -> int:
        """Remove queries with all their verdicts; returns how many there were. Ids that are not there are passed over."""
        with writing(self._engine) as connection:
            rows = query_rows(connection, set_of(connection, key).id, ids)
            for row in rows.values():
                connection.execute(delete(QUERIES).where(QUERIES.c.id == row))
        return len(rows)

    def hold_out(self, key: str, share: float, seed: int = 0) -> tuple[str, ...]:
        """Freeze a random share of the queries, the same in every class; returns the ids of all that are held out now.

        What is held out stays so, and counts towards the share: called again after queries were added, it fills up from these.
        Equal seeds draw equally. Raises BadSetting unless 0 < share < 1.
        """
        with writing(self._engine) as connection:
            set_id = set_of(connection, key).id
            chosen = held_out(queries_of(connection, set_id), share, seed)
            change_queries(connection, set_id, [replace(query, held_out=True) for query in chosen], ("held_out",))
        return tuple(query.id for query in chosen)

    def ship(self, corpus: str, queries: Iterable[Query], judgments: Mapping[str, Iterable[Judgment]]) -> tuple[QuerySet, ...]:
        """Bring in what came with a corpus, a set for each split of its judgments; returns these sets.

        Called again with the same it does nothing. What is done with changes says `retrieval.judging.shipping`.
        """
        brought = portions(tuple(queries), judgments)
        if missing(self.records(corpus), brought):
            with writing(self._engine) as connection:
                bring(connection, corpus, brought)
        return tuple(record for record in self.records(corpus) if record.shipped)

    def _update(self, key: str, **values: Any) -> QuerySet:
        with writing(self._engine) as connection:
            connection.execute(update(QUERY_SETS).where(QUERY_SETS.c.id == set_of(connection, key).id).values(**values))
            return QuerySet.of(set_of(connection, key))
