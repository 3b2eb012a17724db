"""Where a query came from, as `Query.source` says it; and the one switch that leaves synthetic queries out."""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.types import Query

IMPORTED = "imported"
SEARCH = "search"
LOG = "log"
KNOWN_ITEM = "known-item"
SHIPPED = "shipped"

SOURCES = {
    IMPORTED: "Read from a file of queries",
    SEARCH: "Kept from the Search page",
    LOG: "Sampled from a query log",
    KNOWN_ITEM: "Synthetic: words of one document, which is the one to be found",
    SHIPPED: "Came with the corpus",
}
SYNTHETIC = frozenset({KNOWN_ITEM})


def is_synthetic(query: Query) -> bool:
    """Whether nobody ever asked this query."""
    return query.source in SYNTHETIC


def without_synthetic(queries: Iterable[Query]) -> tuple[Query, ...]:
    """The queries that somebody asked, in their order; those of an unknown source are among them."""
    return tuple(query for query in queries if not is_synthetic(query))
