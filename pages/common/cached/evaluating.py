"""What pipelines did for query sets, what that is scored on, comparisons of it, and saved pipelines."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import streamlit as st

from pages.common.cached.corpora import workspace
from pages.common.cached.judging import counted, judgments
from retrieval import (
    Engine,
    Judgeable,
    Memo,
    Pipeline,
    Progress,
    Query,
    Traces,
    TraceStore,
    comparing,
    experiments,
    index_key,
    trace,
    tracing,
)


@dataclass(frozen=True)
class Work:
    """Queries to send through a pipeline over a corpus, each so many times."""

    corpus: str
    pipeline: Pipeline
    queries: tuple[Query, ...]
    repetitions: int = 1


def queries_name(queries: Iterable[Query]) -> str:
    """Names queries with their words and classes, and whether they are held out."""
    texts = (f"{query.id}\x1f{query.text}\x1f{query.category}\x1f{query.held_out}\x1e" for query in queries)
    return hashlib.blake2b("".join(texts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@st.cache_resource(show_spinner=False)
def saved_pipelines() -> experiments.PipelineStore:
    """The pipelines that were saved under a name."""
    return experiments.PipelineStore(workspace().home)


@st.cache_resource(show_spinner=False)
def _rounds() -> Counter[str]:
    """How often this app searched with a pipeline: with another number, what was missing before may be there."""
    return Counter()


@st.cache_resource(show_spinner=False)
def _unsearched() -> Memo[int]:
    return Memo(64)


@st.cache_resource(show_spinner=False)
def _traced() -> Memo[Traces]:
    return Memo(8)


@st.cache_resource(show_spinner=False)
def _judgeables() -> Memo[Judgeable]:
    return Memo(8)


@st.cache_resource(show_spinner=False)
def _runs() -> Memo[comparing.Run]:
    return Memo(16)


@st.cache_resource(show_spinner=False)
def _comparisons() -> Memo[comparing.Comparison]:
    return Memo(8)


def searched_as(work: Work, engine: Engine) -> tuple[str, ...]:
    """Names what `traced` gives."""
    pipeline = tracing.traces_key(engine, work.pipeline)
    return (pipeline, str(_rounds()[pipeline]), queries_name(work.queries), str(work.repetitions))


def unsearched(work: Work, engine: Engine) -> int:
    """How many searches are still to be done before everything of a work is kept."""

    def count() -> int:
        return tracing.unsearched(engine, work.queries, TraceStore(workspace().home), work.pipeline, work.repetitions)

    return _unsearched().get(searched_as(work, engine), count)[0]


def traced(work: Work, engine: Engine) -> Traces:
    """What a pipeline did for each query, where all of it is kept."""

    def read() -> Traces:
        return trace(engine, work.queries, TraceStore(workspace().home), work.pipeline, work.repetitions)

    return _traced().get(searched_as(work, engine), read)[0]


def search(work: Work, engine: Engine, progress: Progress, fresh: bool = False) -> None:
    """Do the searches that are missing, with `fresh` all of them; what is finished is kept, also where `progress` raises."""
    try:
        store = TraceStore(workspace().home)
        found = trace(engine, work.queries, store, work.pipeline, work.repetitions, progress, fresh)
    finally:
        _rounds()[tracing.traces_key(engine, work.pipeline)] += 1
    key = searched_as(work, engine)
    _traced().get(key, lambda: found)
    _unsearched().get(key, lambda: 0)  # queries that the pipeline refuses are never kept, and would be missing for ever


def judgeable(query_set: str, passages: bool, work: Work | None = None, engine: Engine | None = None) -> Judgeable:
    """What rankings of an engine are scored on, by the judgments of a query set that count; without one, only the grades."""

    def make() -> Judgeable:
        chunks, document_of = (engine.indexes.chunks, engine.document_of) if engine else ((), {})
        return Judgeable.of(counted(query_set), chunks, document_of, passages)

    index = index_key(engine.corpus, work.pipeline) if engine and work else ""
    return _judgeables().get((judgments().version(query_set), index, passages), make)[0]


def run(key: Hashable, compute: Callable[[], comparing.Run]) -> comparing.Run:
    """A run, under a key that names all that it depends on."""
    return _runs().get(key, compute)[0]


def comparison(key: Hashable, compute: Callable[[], comparing.Comparison]) -> comparing.Comparison:
    """A comparison of runs, under a key that names all that it depends on."""
    return _comparisons().get(key, compute)[0]
