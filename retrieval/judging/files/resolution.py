"""What is to be done with the doubtful parts of an import, and what then enters the query set."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.errors import require
from retrieval.judging.verdicts import Verdict
from retrieval.types import Query

CONFLICTS = {"keep": "What is here stays", "take": "What is in the file counts; the earlier grades stay in the history"}
UNKNOWN_QUERIES = {
    "text": "Added where the file has their text",
    "all": "Added, those without a text with their id for it",
    "skip": "Left out, with their judgments",
}
UNKNOWN_DOCUMENTS = {"skip": "Their judgments are left out", "keep": "Their judgments are kept, for when they are added"}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A choice from each of the three tables above. Raises BadSetting where one is in none."""

    conflicts: str = "keep"
    queries: str = "text"
    documents: str = "skip"

    def __post_init__(self) -> None:
        for name, value, table in (
            ("conflicts", self.conflicts, CONFLICTS),
            ("queries", self.queries, UNKNOWN_QUERIES),
            ("documents", self.documents, UNKNOWN_DOCUMENTS),
        ):
            require(value in table, f"{name} cannot be {value!r}; choose {', '.join(table)}")


@dataclass(frozen=True, slots=True)
class Entering:
    """What enters, to be stored in one transaction: new queries, queries in place of those of the same id, and verdicts."""

    queries: tuple[Query, ...] = ()
    changed: tuple[Query, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
