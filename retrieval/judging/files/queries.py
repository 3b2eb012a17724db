"""The queries of a file held against those of a set: which are new, which would change, and which one a text means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from retrieval.judging.files.base import Asked, Sheet, Wrong
from retrieval.judging.naming import query_id
from retrieval.types import Query


@dataclass
class Queries:
    """The queries of the set and of the file by id, and which ids have a text."""

    known: dict[str, Query] = field(default_factory=dict)
    new: dict[str, Query] = field(default_factory=dict)
    changed: dict[str, tuple[Query, Query]] = field(default_factory=dict)
    by_text: dict[str, list[str]] = field(default_factory=dict)
    first: dict[str, Asked] = field(default_factory=dict)
    repeated: int = 0

    @classmethod
    def of(cls, queries: Iterable[Query]) -> Queries:
        """Those of a set."""
        found = cls()
        for query in queries:
            found.known[query.id] = query
            found.by_text.setdefault(query.text, []).append(query.id)
        return found

    def take(self, asked: Asked, sheet: Sheet) -> None:
        """Note what a query of the file would change. One that repeats an id with other words is refused."""
        try:
            query = asked.query if asked.query.id else replace(asked.query, id=self.id_of(asked.query.text))
            asked = Asked(asked.line, query)
        except Wrong as wrong:
            sheet.refuse(asked.line, wrong.reason, wrong.remedy)
            return
        before, first = self.known.get(query.id), self.first.setdefault(query.id, asked)
        if first is not asked:
            self.repeat(asked, first, sheet)
        elif before is None:
            self.add(query)
        elif (after := merged(before, query)) != before:
            self.changed[query.id] = (before, after)
        else:
            self.repeated += 1

    def repeat(self, asked: Asked, first: Asked, sheet: Sheet) -> None:
        """Count a query that says the same as an earlier row, refuse one that says something else."""
        if asked.query == first.query:
            self.repeated += 1
        else:
            reason = f'repeats the query id "{asked.query.id:.80}" of line {first.line} with other words'
            sheet.refuse(asked.line, reason, "the first is kept, give the later one its own id")

    def add(self, query: Query) -> None:
        """Note a query that is not known."""
        self.new[query.id] = query
        self.by_text.setdefault(query.text, []).append(query.id)

    def id_of(self, text: str) -> str:
        """The id of the query with this text, else of the one whose id it is, else one made of it; Wrong where several fit."""
        ids = self.by_text.get(text, ())
        if len(ids) > 1:
            raise Wrong(f'names the query "{text:.80}", which {len(ids)} queries have for a text', "add a column query_id")
        if ids:
            return ids[0]
        return text if text in self.known or text in self.new else query_id("query", text)


def merged(before: Query, after: Query) -> Query:
    """The known query with what the file says of it; a blank erases nothing, and what is held out stays held out."""
    return replace(
        before,
        text=after.text if after.text.strip() else before.text,
        category=after.category or before.category,
        note=after.note or before.note,
        held_out=before.held_out or after.held_out,
    )
