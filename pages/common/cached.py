"""The only caches of Streamlit in the project. Every one is keyed on fingerprints and names, never on objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from retrieval import (
    Chunk,
    Collection,
    Corpus,
    CorpusStore,
    Document,
    Engine,
    Finished,
    IndexCost,
    Jobs,
    Judgment,
    JudgmentStore,
    Memo,
    Pipeline,
    Record,
    Survey,
    Workspace,
    built,
    index_cost,
    index_key,
    judging,
    lengths,
    open_both,
    sample_documents,
    split,
    survey,
)

Progress = Callable[[str, float], None]


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """The disk and the parts in memory, shared by all sessions."""
    return Workspace()


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


@st.cache_resource(show_spinner=False)
def store() -> CorpusStore:
    """The corpora that users brought; what killed processes left behind is swept when the app starts."""
    opened = CorpusStore(workspace().home)
    opened.sweep()
    return opened


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The index builds, seen by all sessions."""
    return Jobs(workspace().home)


def version(key: str) -> str:
    """The version of a stored corpus that searches use, "" for all other corpora."""
    record = record_of(key)
    return "" if record is None else record.used or record.latest


def record_of(key: str) -> Record | None:
    """The record of a stored corpus, None for a sample or a folder."""
    return next((record for record in store().records() if record.key == key), None)


@st.cache_resource(max_entries=6, show_spinner=False)
def opened(key: str, version: str) -> tuple[Corpus, Collection]:
    """Documents, queries and judgments of a known corpus; `version` "" for one that is not stored."""
    return store().open(key, version) if version else open_both(key, store())


def latest(key: str) -> tuple[Corpus, Collection]:
    """The latest documents of a corpus, which its index may not have yet."""
    record = record_of(key)
    return opened(key, "" if record is None else record.latest)


def collection(key: str) -> Collection:
    """A known corpus with its queries and judgments."""
    return opened(key, version(key))[1]


def corpus(key: str) -> Corpus:
    """The documents of a corpus, those whose index is in use where it is stored."""
    return opened(key, version(key))[0]


@st.cache_resource(show_spinner=False)
def _engines() -> Memo[tuple[Engine, Finished]]:
    """A memo and not a cached function, because opening draws a progress bar, which a cache would try to replay."""
    return Memo(8)


def engine(name: str, pipeline: Pipeline, progress: Progress) -> tuple[Engine, Finished]:
    """The engine for the pipeline's index settings, with the steps that its earlier searches finished."""

    def open_engine() -> tuple[Engine, Finished]:
        return Engine.open(corpus(name), pipeline, workspace(), progress), Finished()

    opened, _ = _engines().get(index_key(corpus(name), pipeline), open_engine)
    return opened


def ready(name: str, pipeline: Pipeline) -> bool:
    """Whether the index that a pipeline needs over a corpus is built, so that opening it takes moments."""
    return built(corpus(name), pipeline, workspace())


def in_use(name: str, pipeline: Pipeline) -> bool:
    """Whether searches use an index with a pipeline's settings over the latest documents."""
    record = record_of(name)
    documents = latest(name)[0]
    if record is None:
        return built(documents, pipeline, workspace())
    same = bool(record.settings) and index_key(documents, Pipeline.from_toml(record.settings)) == index_key(documents, pipeline)
    return same and not record.stale and built(documents, pipeline, workspace())


def index_name(name: str, pipeline: Pipeline) -> str:
    """Names the indexes that a pipeline needs over a corpus."""
    return index_key(corpus(name), pipeline)


@st.cache_resource(max_entries=16, show_spinner=False)
def index_costs(key: str, _corpus: Corpus, _pipeline: Pipeline) -> IndexCost:
    """What a built index, named by `index_key`, costs."""
    return index_cost(_corpus, _pipeline, workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def graph_recall(key: str, setting: str, k: int, _measure: Callable[[], float]) -> float:
    """Recall of a graph against exact search, measured once for its indexes and settings."""
    return _measure()


@st.cache_resource(max_entries=6, show_spinner=False)
def rows(fingerprint: str, _corpus: Corpus) -> dict[str, int]:
    """The place of every document of a corpus, by id."""
    return {document.id: row for row, document in enumerate(_corpus.documents)}


@st.cache_resource(max_entries=32, show_spinner=False)
def titled(fingerprint: str, words: str, _corpus: Corpus) -> tuple[int, ...]:
    """The places of the documents whose title or id holds `words`, in any case."""
    wanted = words.casefold()
    found = (row for row, document in enumerate(_corpus.documents) if wanted in f"{document.title} {document.id}".casefold())
    return tuple(found)


@st.cache_resource(max_entries=6, show_spinner=False)
def sample(fingerprint: str, _corpus: Corpus) -> tuple[tuple[Document, ...], int]:
    """A fixed sample of a corpus, and the characters of the whole corpus."""
    return sample_documents(_corpus.documents), sum(len(document.text) for document in _corpus.documents)


@st.cache_resource(show_spinner=False)
def _chunks() -> Memo[tuple[tuple[Chunk, ...], NDArray[np.int64]]]:
    return Memo(64)


def chunked(document: Document, pipeline: Pipeline) -> tuple[tuple[Chunk, ...], NDArray[np.int64]]:
    """The chunks of a document under a pipeline's chunker and embedder, and their tokens (n,)."""

    def compute() -> tuple[tuple[Chunk, ...], NDArray[np.int64]]:
        tokenizer = pipeline.embedder.tokenizer()
        chunks = split(document, pipeline.chunker, tokenizer)
        return chunks, lengths(chunks, tokenizer)

    key = (document.id, document.fingerprint, pipeline.fingerprint("chunker", "embedder"))
    return _chunks().get(key, compute)[0]


@st.cache_resource(show_spinner=False)
def _surveys() -> Memo[Survey]:
    return Memo(64)


def surveyed(corpus: Corpus, pipeline: Pipeline, progress: Callable[[float], None]) -> Survey:
    """What a pipeline's chunker makes of a corpus's sample."""

    def compute() -> Survey:
        return survey(sample(corpus.fingerprint, corpus)[0], pipeline.chunker, pipeline.embedder.tokenizer(), progress)

    return _surveys().get((corpus.fingerprint, pipeline.fingerprint("chunker", "embedder")), compute)[0]
