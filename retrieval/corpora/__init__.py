"""Corpora: samples, BEIR folders, and those that users bring, which are stored below `PLAYGROUND_HOME`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.corpora.folders import SAMPLES, corpora
from retrieval.corpora.known import (
    Known,
    corpus_folder,
    find,
    known,
    open_both,
    open_collection,
    open_corpus,
    read_collection,
    stored,
)

if TYPE_CHECKING:
    from retrieval.corpora.edits import Change
    from retrieval.corpora.records import Record
    from retrieval.corpora.store import CorpusStore

__all__ = [
    "SAMPLES",
    "Change",
    "CorpusStore",
    "Known",
    "Record",
    "corpora",
    "corpus_folder",
    "find",
    "known",
    "open_both",
    "open_collection",
    "open_corpus",
    "read_collection",
    "stored",
]

_OF_THE_STORE = {"Change": "edits", "CorpusStore": "store", "Record": "records"}


def __getattr__(name: str) -> Any:
    """What needs SQLAlchemy, when it is first asked for."""
    if name not in _OF_THE_STORE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"retrieval.corpora.{_OF_THE_STORE[name]}"), name)
