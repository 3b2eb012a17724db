"""A sample of a query log to be reviewed: from the head, the torso and the tail of its traffic.

The head are the most frequent queries that make up the first third of the requests, the torso those of the second third, the tail
all the rest. Each band stands for a third of what users ask, so equal shares, the default, keep the proportion of the traffic; a
draw over the different queries would take nearly all from the tail, a draw over requests again and again the same few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from retrieval.errors import require
from retrieval.judging.classes import Suggestion, suggest
from retrieval.judging.naming import query_id
from retrieval.judging.querylog import LoggedQuery, QueryLog, folded
from retrieval.judging.sources import LOG
from retrieval.types import Query

BANDS = ("head", "torso", "tail")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A query of the log that may enter a query set: its band and the class that the rules suggest."""

    logged: LoggedQuery
    band: str
    suggestion: Suggestion

    def query(self, category: str | None = None) -> Query:
        """The query to be stored, with the suggested class or `category`; its id follows from its folded text."""
        text = self.logged.text
        return Query(query_id(LOG, folded(text)), text, self.suggestion.category if category is None else category, source=LOG)


@dataclass(frozen=True, slots=True)
class LogSample:
    """How many candidates to draw, from which `seed`, and how many of them from each band, in relation to one another.

    Raises BadSetting where `size` is below 1, a share below 0, or all are 0.
    """

    size: int = 50
    seed: int = 0
    head: float = 1.0
    torso: float = 1.0
    tail: float = 1.0

    def __post_init__(self) -> None:
        require(self.size >= 1, f"the sample has the size {self.size} and must have at least 1; raise it")
        require(self.seed >= 0, f"the seed is {self.seed} and must be at least 0; raise it")
        for item in fields(self)[2:]:
            share = getattr(self, item.name)
            require(0 <= share < float("inf"), f"the share of the {item.name} is {share} and must be at least 0; raise it")
        require(self.head + self.torso + self.tail > 0, "the shares of head, torso and tail are all 0; raise one of them")

    def draw(self, log: QueryLog, known: Iterable[str] = (), language: str = "english") -> tuple[Candidate, ...]:
        """The candidates, the most frequent first. Within a band every query has the same chance.

        Queries whose text is `known` already are not drawn; what a band cannot fill goes to the others. `language` is the
        corpus's, for the classes.
        """
        have = {folded(text) for text in known}
        left = [[query for query in band if folded(query.text) not in have] for band in bands(log.queries).values()]
        sizes = allocate(self.size, (self.head, self.torso, self.tail), [len(band) for band in left])
        drawn = []
        for at, (name, band, size) in enumerate(zip(BANDS, left, sizes, strict=True)):
            rows = np.random.default_rng([self.seed, at]).choice(len(band), size, replace=False) if size else ()
            drawn += [Candidate(band[row], name, suggest(band[row].text, language)) for row in sorted(rows)]
        return tuple(drawn)


def bands(queries: Sequence[LoggedQuery]) -> dict[str, tuple[LoggedQuery, ...]]:
    """The queries of each band, given the most frequent first; a query that crosses a third belongs where it begins."""
    total, before = sum(query.count for query in queries), 0
    found: dict[str, list[LoggedQuery]] = {name: [] for name in BANDS}
    for query in queries:
        found[BANDS[3 * before // total]].append(query)
        before += query.count
    return {name: tuple(band) for name, band in found.items()}


def allocate(size: int, shares: Sequence[float], room: Sequence[int]) -> list[int]:
    """How many of `size` each band gets in proportion to its share, none more than it has room for (Sainte-Laguë's method)."""
    given = [0] * len(shares)
    for _ in range(min(size, sum(room))):
        open_bands = [at for at, share in enumerate(shares) if share > 0 and given[at] < room[at]]
        if not open_bands:
            break
        given[min(open_bands, key=lambda at: ((given[at] + 0.5) / shares[at], at))] += 1
    return given
