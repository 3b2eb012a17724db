"""The only caches of Streamlit in the project. Every one is keyed on fingerprints and names, never on objects."""

from __future__ import annotations

from pages.common.cached.chunks import chunked, surveyed
from pages.common.cached.corpora import (
    collection,
    corpus,
    jobs,
    latest,
    opened,
    record_of,
    rows,
    sample,
    store,
    titled,
    version,
    workspace,
)
from pages.common.cached.engines import engine, graph_recall, in_use, index_costs, index_name, ready
from pages.common.cached.judging import compared, counted, counted_by_query, judgments, pooled, query_sets, sets_of

__all__ = [
    "chunked",
    "collection",
    "compared",
    "corpus",
    "counted",
    "counted_by_query",
    "engine",
    "graph_recall",
    "in_use",
    "index_costs",
    "index_name",
    "jobs",
    "judgments",
    "latest",
    "opened",
    "pooled",
    "query_sets",
    "ready",
    "record_of",
    "rows",
    "sample",
    "sets_of",
    "store",
    "surveyed",
    "titled",
    "version",
    "workspace",
]
