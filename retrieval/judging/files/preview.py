"""What an import would do, before it is done: pure values, from which `Preview.resolved` makes what enters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.judging.files.base import Refused, Said
from retrieval.judging.files.resolution import Entering, Resolution
from retrieval.judging.files.scales import AS_IS, Scale, advice
from retrieval.judging.sources import IMPORTED
from retrieval.types import Query

Place = tuple[str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that judges the place of an earlier one (`first` is its line), which counts; the same grade or another."""

    line: int
    first: int
    place: Place
    kept: int | None
    dropped: int | None

    @property
    def same(self) -> bool:
        """Whether both rows say the same."""
        return self.kept == self.dropped


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that counts `old` here and gets `new` in the file's last row on it."""

    line: int
    place: Place
    old: int
    new: int
    rater: str


@dataclass(frozen=True)
class Preview:
    """What was found in a file, held against a query set.

    `rows` counts all, the refused included. `said` are the verdicts that may enter, in the file's order, `new` the queries that
    are not known and whose text the file has, `changed` pairs of a known query and what the file makes of it, `unknown_queries`
    the ids without a text. `unchanged` rows only repeat what is here, or a
    query of the file. `given` counts the grades as the file has them, refused
    ones included, `grades` those that they became on the `scale`.
    """

    format: str
    rows: int = 0
    refused: tuple[Refused, ...] = ()
    said: tuple[Said, ...] = ()
    new: tuple[Query, ...] = ()
    changed: tuple[tuple[Query, Query], ...] = ()
    unknown_queries: tuple[str, ...] = ()
    unknown_documents: tuple[str, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unchanged: int = 0
    given: Mapping[int, int] = field(default_factory=dict)
    scale: Scale = AS_IS

    @property
    def grades(self) -> dict[int, int]:
        """How many verdicts have each grade of those that may enter, lowest first; can't tell and words taken back left out."""
        counts = Counter(one.verdict.grade for one in self.said if one.verdict.grade is not None)
        return dict(sorted(counts.items()))

    @property
    def advice(self) -> str:
        """A sentence on the scale of the file's grades, "" where there is nothing to say."""
        return advice(frozenset(self.given), self.scale)

    def resolved(self, resolution: Resolution) -> Entering:
        """What enters by a choice."""
        skipped = {query.id for query in self.new} if resolution.queries == "skip" else set()
        skipped |= set(self.unknown_queries) if resolution.queries != "all" else set()
        absent = set(self.unknown_documents) if resolution.documents == "skip" else set()
        kept = {conflict.place for conflict in self.conflicts} if resolution.conflicts == "keep" else set()
        verdicts = tuple(
            one.verdict
            for one in self.said
            if one.verdict.query_id not in skipped and one.verdict.document_id not in absent and one.verdict.place not in kept
        )
        return Entering(self._queries(resolution), self._changed(resolution), verdicts)

    def _queries(self, resolution: Resolution) -> tuple[Query, ...]:
        bare = tuple(Query(id, id, source=IMPORTED) for id in self.unknown_queries) if resolution.queries == "all" else ()
        return () if resolution.queries == "skip" else (*self.new, *bare)

    def _changed(self, resolution: Resolution) -> tuple[Query, ...]:
        return tuple(after for _, after in self.changed) if resolution.conflicts == "take" else ()
