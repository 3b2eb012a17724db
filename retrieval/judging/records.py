"""The record of a query set, and the rules for what may be stored: texts, queries and verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from retrieval.errors import BadInput
from retrieval.judging.verdicts import Verdict
from retrieval.naming import LONGEST_NAME
from retrieval.types import Query

LONGEST_ID = 10_000
LONGEST_TEXT = 100_000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Queries over one corpus under a name, without the queries themselves.

    `key` never changes and is no other set's. `corpus` is the lineage of the corpus. `guidelines` are Markdown, `rule` says whose
    grade counts (`retrieval.judging.rules`). `shipped` is "" but for a set that came with the corpus: a fingerprint of what came,
    a blank, and the split that it was. `created` is UTC, ISO 8601.
    """

    key: str
    corpus: str
    name: str
    guidelines: str
    rule: str
    shipped: str
    created: str

    @classmethod
    def of(cls, row: Any) -> QuerySet:
        """The record in a row of the table, whatever other columns that has."""
        return cls(**{name: row._mapping[name] for name in cls.__slots__})

    @property
    def split(self) -> str | None:
        """The split of the corpus that the set came from; None for a set that people made."""
        return self.shipped.partition(" ")[2] if self.shipped else None


def sound(what: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """The text. Raises BadInput where it is longer than `longest` characters or holds what no database keeps."""
    if len(text) > longest:
        raise BadInput(f"{what} has {len(text):,} characters, at most {longest:,} are kept; shorten it")
    if found := _UNSTORABLE.search(text):
        raise BadInput(f"{what} holds the character U+{ord(found[0]):04X}, which is no text; remove it")
    return text


def check_queries(queries: Iterable[Query]) -> tuple[Query, ...]:
    """The queries. Raises BadInput where one has no id or no text, two share an id, or something cannot be stored."""
    checked: dict[str, Query] = {}
    for query in queries:
        name = f"the query {query.id[:80]!a}"
        sound(f"the id of {name}", query.id, LONGEST_ID)
        for field in ("text", "category", "note", "source", "added"):
            sound(f"the {field} of {name}", getattr(query, field))
        if not query.id or not query.text.strip():
            raise BadInput(f"{name} has no {'text' if query.id else 'id'}; give it one")
        if checked.setdefault(query.id, query) is not query:
            raise BadInput(f"two queries have the id {query.id[:80]!a}; give each its own")
    return tuple(checked.values())


def check_verdicts(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts. Raises BadInput where one has no document or holds what cannot be stored."""
    checked = tuple(verdicts)
    for verdict in checked:
        name = f"the verdict on {verdict.document_id[:80]!a} for the query {verdict.query_id[:80]!a}"
        sound(f"the query of {name}", verdict.query_id, LONGEST_ID)
        sound(f"the document of {name}", verdict.document_id, LONGEST_ID)
        sound(f"the rater of {name}", verdict.rater, LONGEST_NAME)
        sound(f"the note of {name}", verdict.note)
        sound(f"the moment of {name}", verdict.at, LONGEST_NAME)
        if not verdict.document_id:
            raise BadInput(f"{name} names no document; give its id")
    return checked


def now() -> str:
    """This moment in UTC as text, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
