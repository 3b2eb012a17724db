"""Corpora: the disk, the store, the builds, and the documents that searches use."""

from __future__ import annotations

import streamlit as st

from retrieval import (
    Collection,
    Corpus,
    CorpusStore,
    Document,
    Jobs,
    Record,
    Workspace,
    open_both,
    sample_documents,
)


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """The disk and the parts in memory, shared by all sessions."""
    return Workspace()


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
