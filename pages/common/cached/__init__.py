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
from pages.common.cached.evaluating import (
    Work,
    comparison,
    judgeable,
    queries_name,
    run,
    saved_pipelines,
    search,
    searched_as,
    traced,
    unsearched,
)
from pages.common.cached.experiments import experiment, experiment_store, held_against
from pages.common.cached.judging import compared, counted, counted_by_query, judgments, pooled, query_sets, sets_of
from pages.common.cached.tuning import candidates, cells, curve, sweep
from pages.common.cached.tuning_steps import keep_step_result, step_result

__all__ = [
    "Work",
    "candidates",
    "cells",
    "chunked",
    "collection",
    "compared",
    "comparison",
    "corpus",
    "counted",
    "counted_by_query",
    "curve",
    "engine",
    "experiment",
    "experiment_store",
    "graph_recall",
    "held_against",
    "in_use",
    "index_costs",
    "index_name",
    "jobs",
    "judgeable",
    "judgments",
    "keep_step_result",
    "latest",
    "opened",
    "pooled",
    "queries_name",
    "query_sets",
    "ready",
    "record_of",
    "rows",
    "run",
    "sample",
    "saved_pipelines",
    "search",
    "searched_as",
    "sets_of",
    "step_result",
    "store",
    "surveyed",
    "sweep",
    "titled",
    "traced",
    "unsearched",
    "version",
    "workspace",
]
