"""Query sets, the judgments that count, and pools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.common.cached.corpora import collection, record_of, version, workspace
from retrieval import (
    Judgment,
    JudgmentStore,
    Memo,
    judging,
)


@st.cache_resource(show_spinner=False)
def judgments() -> JudgmentStore:
    """The grades given in this app."""
    return JudgmentStore(workspace().home)


@st.cache_resource(max_entries=16, show_spinner=False)
def _counted(version: str, _key: str) -> tuple[Judgment, ...]:
    return judgments().judgments(_key)


def counted(key: str) -> tuple[Judgment, ...]:
    """The judgments of a query set that count."""
    return _counted(judgments().version(key), key)


@st.cache_resource(max_entries=16, show_spinner=False)
def _by_query(version: str, _key: str) -> Mapping[str, tuple[Judgment, ...]]:
    found: dict[str, list[Judgment]] = {}
    for judgment in _counted(version, _key):
        found.setdefault(judgment.query_id, []).append(judgment)
    return {query: tuple(given) for query, given in found.items()}


def counted_by_query(key: str) -> Mapping[str, tuple[Judgment, ...]]:
    """The judgments of a query set that count, by the id of their query."""
    return _by_query(judgments().version(key), key)


@st.cache_resource(max_entries=8, show_spinner=False)
def _compared(version: str, left_out: tuple[str, ...], _key: str) -> judging.Comparison:
    return judging.compare_raters(word for word in judgments().latest(_key) if word.rater not in left_out)


def compared(key: str, left_out: tuple[str, ...] = ()) -> judging.Comparison:
    """The raters of a query set, but for those left out, against one another."""
    return _compared(judgments().version(key), left_out, key)


@st.cache_resource(show_spinner=False)
def query_sets() -> judging.QuerySets:
    """The query sets of all corpora."""
    return judging.QuerySets(workspace().home)


@st.cache_resource(max_entries=64, show_spinner=False)
def _shipped(key: str, versions: tuple[str, str]) -> None:
    came = collection(key)
    query_sets().ship(key, came.queries, came.judgments)


def sets_of(key: str) -> tuple[judging.QuerySet, ...]:
    """The query sets of a corpus, what came with it among them."""
    record = record_of(key)
    _shipped(key, ("", "") if record is None else (version(key), record.collection))
    return query_sets().records(key)


@st.cache_resource(show_spinner=False)
def _pools() -> Memo[Any]:
    return Memo(512)


def pooled(key: tuple[str, ...], compute: Callable[[], Any]) -> Any:
    """What a page made of the pool of a query, under settings and runs that `key` names."""
    return _pools().get(key, compute)[0]
