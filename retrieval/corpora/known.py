"""Which corpora there are, of all three kinds, and how each is opened by its key, its name or its path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.corpora.folders import SAMPLES, corpora
from retrieval.errors import BadInput
from retrieval.readers import Collection, read_beir
from retrieval.types import Corpus
from retrieval.workspace import default_home

if TYPE_CHECKING:
    from retrieval.corpora.store import CorpusStore

SAMPLE, FOLDER, STORED = "sample", "folder", "stored"


@dataclass(frozen=True, slots=True)
class Known:
    """A corpus that can be opened by its key. `documents` is their number, None where only reading them would tell."""

    key: str
    name: str
    kind: str
    documents: int | None = None


def known(store: CorpusStore | None) -> tuple[Known, ...]:
    """The samples, the folders and what is in `store`, in this order; a key is the first one's."""
    found = {name: Known(name, name, SAMPLE if folder.parent == SAMPLES else FOLDER, None) for name, folder in corpora().items()}
    for record in store.records() if store else ():
        found.setdefault(record.key, Known(record.key, record.name, STORED, record.documents))
    return tuple(found.values())


def stored() -> CorpusStore | None:
    """The store below `PLAYGROUND_HOME`, or None where nothing has been stored there."""
    from retrieval.corpora.store import CorpusStore
    from retrieval.database import exists

    home = default_home()
    return CorpusStore(home) if exists(home) else None


def find(name: str, store: CorpusStore | None) -> Known | None:
    """The known corpus with this key, else the one with this name."""
    found = known(store)
    return next((item for key in ("key", "name") for item in found if getattr(item, key) == name), None)


def corpus_folder(name: str) -> Path:
    """The folder of a sample or a BEIR folder by its name, else the folder with that path; BadInput where there is neither."""
    return _folder(name, None)


def open_collection(name: str, store: CorpusStore | None) -> Collection:
    """Documents, queries and judgments of a known corpus, or of the BEIR folder with that path.

    Of a stored corpus, the version whose index is in use, else the latest. Raises BadInput where nothing has this name.
    """
    return open_both(name, store)[1]


def open_corpus(name: str, store: CorpusStore | None) -> Corpus:
    """The corpus that `open_collection` gives the documents of."""
    item = find(name, store)
    if store and item and item.kind == STORED:
        return store.in_use(item.key)[0]
    return open_both(name, store)[0]


def open_both(name: str, store: CorpusStore | None) -> tuple[Corpus, Collection]:
    """Corpus and collection over the same documents, read once."""
    item = find(name, store)
    if store and item and item.kind == STORED:
        return store.in_use(item.key)
    folder = _folder(name, store)
    collection = read_beir(folder)
    return Corpus(item.name if item else folder.name, collection.documents), collection


def read_collection(name: str) -> Collection:
    """The collection of a known corpus by key or name, be it stored below `PLAYGROUND_HOME`, or of a BEIR folder by path."""
    return open_collection(name, stored())


def _folder(name: str, store: CorpusStore | None) -> Path:
    folders = corpora()
    if name in folders:
        return folders[name]
    folder = Path(name)
    if not folder.is_dir():
        keys = ", ".join(item.key for item in known(store))
        raise BadInput(f"{name!r} is neither a folder nor a known corpus; known are {keys}")
    return folder
