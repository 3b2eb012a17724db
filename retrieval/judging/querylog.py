"""Query logs: what people really asked, the same query once with all its requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from unicodedata import normalize

from retrieval.errors import require
from retrieval.judging.log_rows import LogRow, log_rows, row_of
from retrieval.readers.base import Refusal, Unusable

MIB = 2**20


@dataclass(frozen=True, slots=True)
class LogLimits:
    """What one log may cost: bytes of the file, rows, characters of a query. Raises BadSetting below 1."""

    size: int = 200 * MIB
    rows: int = 2_000_000
    characters: int = 1_000

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            require(value >= 1, f"the limit {item.name} is {value} and must be at least 1; raise it")


@dataclass(frozen=True, slots=True)
class LoggedQuery:
    """A query in its most frequent spelling, with its requests.

    `clicks` are documents with how often they were clicked, most first. `last` is when it was last asked, in UTC, ISO 8601; ""
    where the log does not say.
    """

    text: str
    count: int
    clicks: tuple[tuple[str, int], ...] = ()
    last: str = ""


@dataclass(frozen=True)
class QueryLog:
    """The different queries, the most frequent first, then by text. `requests` are all that they were asked.

    `rows` were read, those in `refused` among them; the time of `untimed` of them could not be read, they count all the same.
    """

    queries: tuple[LoggedQuery, ...] = ()
    rows: int = 0
    untimed: int = 0
    refused: tuple[Refusal, ...] = field(default=(), repr=False)

    @property
    def requests(self) -> int:
        """How often anything was asked."""
        return sum(query.count for query in self.queries)


def folded(text: str) -> str:
    """What makes two spellings one query: Unicode NFKC, case and white space do not count."""
    return " ".join(normalize("NFKC", normalize("NFKC", text).casefold()).split())


def read_log(name: str, data: bytes, limits: LogLimits | None = None) -> QueryLog:
    """The log in a file called `name`: its rows, see `log_rows`, merged by `folded`; what is not taken is told with its line.

    A row's count is of the requests that this row stands for, and its clicked document counts as often.
    """
    limits = limits or LogLimits()
    rows, refused, read = [], [], 0
    if len(data) > limits.size:
        reason = f"has {len(data):,} bytes, the limit is {limits.size:,}; split it or raise the limit size"
        return QueryLog(refused=(Refusal(name, reason),))
    try:
        for number, cells in log_rows(data):
            if read == limits.rows:
                raise Unusable(f"has more than {limits.rows:,} rows, the rest is not read; split it or raise the limit rows")
            read += 1
            try:
                if isinstance(cells, Unusable):
                    raise cells
                rows.append(row_of(cells, limits.characters))
            except Unusable as refusal:
                refused.append(Refusal(f"{name} line {number}", str(refusal)))
    except Unusable as refusal:
        refused.append(Refusal(name, str(refusal)))
    return QueryLog(merged(rows), read, sum(not row.timed for row in rows), tuple(refused))


def merged(rows: Iterable[LogRow]) -> tuple[LoggedQuery, ...]:
    """Each query once, the most frequent first, then by text."""
    together: dict[str, _Sum] = {}
    for row in rows:
        together.setdefault(folded(row.query), _Sum()).add(row)
    return tuple(sorted((found.query() for found in together.values()), key=lambda query: (-query.count, query.text)))


@dataclass(slots=True)
class _Sum:
    """The rows of one query so far."""

    spellings: dict[str, int] = field(default_factory=dict)
    clicks: dict[str, int] = field(default_factory=dict)
    last: str = ""

    def add(self, row: LogRow) -> None:
        self.spellings[row.query] = self.spellings.get(row.query, 0) + row.count
        if row.document:
            self.clicks[row.document] = self.clicks.get(row.document, 0) + row.count
        self.last = max(self.last, row.time)

    def query(self) -> LoggedQuery:
        text = min(self.spellings, key=lambda spelling: (-self.spellings[spelling], spelling))
        clicks = sorted(self.clicks.items(), key=lambda item: (-item[1], item[0]))
        return LoggedQuery(text, sum(self.spellings.values()), tuple(clicks), self.last)
