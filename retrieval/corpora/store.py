"""Corpora that users bring: records in the database, documents in folders that are written whole and never changed.

`corpora/<key>/<version>` holds the documents of a version, `corpora/<key>/collection/<version>` the queries and judgments. A
change writes new folders and then switches the record to them in one transaction, so that a process killed at any moment leaves
the corpus as it was or as it was to be. What no record names is removed after the next change, or by `sweep`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from retrieval.corpora.documents import documents_in, fingerprints_in, read_table, table_of, write_table
from retrieval.corpora.edits import Change, added, check_ids, removed
from retrieval.corpora.folders import corpora
from retrieval.corpora.judged import Judged, read_judged, write_judged
from retrieval.corpora.locks import discard, held, locked
from retrieval.corpora.records import CORPORA, DELETED, Record, now
from retrieval.database import open_database, writing
from retrieval.errors import BadInput, CorpusDamaged, IndexCorrupted
from retrieval.naming import clean_name, new_key
from retrieval.readers import Collection
from retrieval.types import Corpus, Document, Judgment, Query, content_name
from retrieval.workspace import MANIFEST, check, default_home, write_whole

COLLECTION = "collection"
_VERSION = re.compile(r"[0-9a-f]{16}")


class CorpusStore:
    """The corpora below `home`. Safe to share between threads and to open in several processes."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home if home is not None else default_home()
        self._engine = open_database(self.home)

    def records(self) -> tuple[Record, ...]:
        """All corpora by name."""
        with self._engine.connect() as connection:
            found = [Record.of(row) for row in connection.execute(select(CORPORA))]
        return tuple(sorted(found, key=lambda record: record.name))

    def record(self, key: str) -> Record:
        """The record of a corpus. Raises BadInput where there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(CORPORA).where(CORPORA.c.key == key)).first()
        if row is None:
            raise BadInput(f"there is no stored corpus {key!r}; it may have been deleted, choose another")
        return Record.of(row)

    def create(self, name: str) -> Record:
        """A new corpus without documents. Raises BadInput where the name is taken or cannot be used."""
        name, moment = free_of_samples(clean_name(name, "a corpus")), now()
        with writing(self._engine) as connection:
            if connection.execute(select(CORPORA.c.key).where(CORPORA.c.name == name)).first():
                raise taken(name)
            used = {row.key for table in (CORPORA, DELETED) for row in connection.execute(select(table.c.key))}
            key = next(key for key in iter(lambda: new_key(name, "corpus", 2), None) if key not in used)
            connection.execute(insert(CORPORA).values(key=key, name=name, created=moment, updated=moment))
        return self.record(key)

    def rename(self, key: str, name: str) -> Record:
        """Give a corpus another name; its key stays. Raises BadInput as `create` does."""
        name = free_of_samples(clean_name(name, "a corpus"))
        try:
            self._update(key, name=name, updated=now())
        except IntegrityError:
            raise taken(name) from None
        return self.record(key)

    def add(
        self,
        key: str,
        documents: Iterable[Document],
        queries: Iterable[Query] = (),
        judgments: Mapping[str, Iterable[Judgment]] | None = None,
    ) -> Change:
        """Add documents, and queries and judgments that came with them; what has the same id is replaced.

        Raises BadInput where two of `documents` share an id, or an id does not fit a file; then nothing is changed.
        """
        new, more = tuple(documents), (tuple(queries), {split: tuple(given) for split, given in (judgments or {}).items()})
        check_ids(new)
        return self._change(key, lambda table: added(table, new), lambda judged: judged.merged(*more))

    def remove(self, key: str, ids: Iterable[str]) -> Change:
        """Remove documents; ids that are not there are passed over. Judgments of them count again when they come back."""
        gone = frozenset(ids)
        return self._change(key, lambda table: removed(table, gone), lambda judged: judged)

    def adopt(self, key: str, version: str, settings: str) -> Record:
        """From now on the index of this version, built with the pipeline `settings` (TOML), is the one in use.

        Raises BadInput where the version is not stored any more.
        """
        with locked(self._folder(self.record(key).key)):
            if version and not (self._version(key, version) / MANIFEST).exists():
                raise BadInput(f"version {version} of {key} is not stored any more; build the index of the latest one")
            self._update(key, used=version, settings=settings)
            self._tidy(key)
        return self.record(key)

    def delete(self, key: str) -> None:
        """Delete a corpus with its indexes and vectors, and keep its key from being given again."""
        with writing(self._engine) as connection:
            if not connection.execute(delete(CORPORA).where(CORPORA.c.key == key)).rowcount:
                raise BadInput(f"there is no stored corpus {key!r}; it may have been deleted already")
            connection.execute(insert(DELETED).values(key=key, at=now()))
        self._forget(key)

    def sweep(self) -> None:
        """Remove what killed processes left behind; to be called when the app starts."""
        with self._engine.connect() as connection:
            gone = [row.key for row in connection.execute(select(DELETED.c.key))]
        for key in gone:
            self._forget(key)
        for record in self.records():
            folder = self._folder(record.key)
            if folder.is_dir():
                with locked(folder):
                    self._tidy(record.key)

    def corpus(self, key: str, version: str | None = None) -> Corpus:
        """The documents of a version, else of the latest. Raises BadInput where there is no such corpus, and CorpusDamaged."""
        return self.open(key, version)[0]

    def collection(self, key: str, version: str | None = None) -> Collection:
        """The documents with the queries and judgments that came with them; `refused` tells of judgments that do not fit them."""
        return self.open(key, version)[1]

    def open(self, key: str, version: str | None = None) -> tuple[Corpus, Collection]:
        """Corpus and collection over the same documents."""
        return self._open(key, lambda record: record.latest if version is None else version)

    def in_use(self, key: str) -> tuple[Corpus, Collection]:
        """Corpus and collection of the version whose index is in use, of the latest before the first build."""
        return self._open(key, lambda record: record.used or record.latest)

    @contextmanager
    def hold(self, key: str, version: str) -> Iterator[None]:
        """Keep a version from being removed within the block, though another becomes the latest meanwhile: for a build over it.

        Raises BadInput where it is removed already.
        """
        with held(self._version(key, version)) as there:
            if version and not there:
                raise BadInput(f"version {version} of {key} is not stored any more; take the latest one")
            yield

    def _open(self, key: str, choose: Callable[[Record], str]) -> tuple[Corpus, Collection]:
        """Read the version that is chosen; again where another process has removed it meanwhile."""
        while True:
            record = self.record(key)
            try:
                return self._read(record, choose(record))
            except CorpusDamaged:
                if self.record(key) == record:
                    raise

    def _read(self, record: Record, version: str) -> tuple[Corpus, Collection]:
        documents = documents_in(self._table(record.key, version)) if version else ()
        judged = self._judged(record)
        judgments, refused = judged.over(documents)
        corpus = Corpus(record.name, documents, record.key, version)
        return corpus, Collection(documents, judged.queries, judgments, refused)

    def _change(self, key: str, edit: Callable[[Any], tuple[Any, Change]], merge: Callable[[Judged], Judged]) -> Change:
        """Write what `edit` and `merge` make of the present state, then switch to it; redone where another process was first."""
        with locked(self._folder(self.record(key).key)):
            while True:
                record = self.record(key)
                table, change = edit(self._table(key, record.latest))
                judged = merge(self._judged(record))
                latest = content_name(fingerprints_in(table).items()) if len(table) else ""
                collection = judged.fingerprint
                self._write(self._version(key, latest), latest, partial(write_table, table))
                self._write(self._folder(key) / COLLECTION / collection, collection, partial(write_judged, judged))
                same = (latest, collection) == (record.latest, record.collection)
                if same or self._switch(record, latest=latest, collection=collection, documents=len(table)):
                    self._tidy(key)
                    return change

    def _switch(self, record: Record, **values: Any) -> bool:
        """Put `values` into a record unless it has changed since it was read; whether that was so."""
        same = (CORPORA.c.key == record.key, CORPORA.c.latest == record.latest, CORPORA.c.collection == record.collection)
        with writing(self._engine) as connection:
            return connection.execute(update(CORPORA).where(*same).values(**values, updated=now())).rowcount == 1

    def _update(self, key: str, **values: Any) -> None:
        with writing(self._engine) as connection:
            if not connection.execute(update(CORPORA).where(CORPORA.c.key == key).values(**values)).rowcount:
                raise BadInput(f"there is no stored corpus {key!r}; it may have been deleted, choose another")

    def _write(self, folder: Path, version: str, build: Callable[[Path], None]) -> None:
        """Write a version unless it is there, whole, already: its folder may be in use."""
        try:
            if version:
                check(folder)
        except IndexCorrupted:
            write_whole(folder, build)

    def _table(self, key: str, version: str) -> Any:
        return read_table(self._version(key, version)) if version else table_of(())

    def _judged(self, record: Record) -> Judged:
        folder = self._folder(record.key) / COLLECTION / record.collection
        return read_judged(folder) if record.collection else Judged()

    def _folder(self, key: str) -> Path:
        return self.home / "corpora" / key

    def _version(self, key: str, version: str) -> Path:
        if version and not _VERSION.fullmatch(version):
            raise BadInput(f"{version!r} is no version of a corpus; it must be 16 hexadecimal digits")
        return self._folder(key) / version

    def _tidy(self, key: str) -> None:
        """Remove the versions that the record does not name and nobody holds; the corpus is locked."""
        record = self.record(key)
        folder = self._folder(key)
        for path in (*folder.glob("*"), *folder.glob(f"{COLLECTION}/*")):
            if path.is_dir() and path.name not in (record.latest, record.used, record.collection, COLLECTION):
                discard(path)

    def _forget(self, key: str) -> None:
        """Remove all folders of a deleted corpus, once no change is writing into them."""
        if self._folder(key).is_dir():
            with locked(self._folder(key)):
                shutil.rmtree(self._folder(key), ignore_errors=True)
        for part in ("indexes", "vectors", "pieces"):
            shutil.rmtree(self.home / part / key, ignore_errors=True)


def free_of_samples(name: str) -> str:
    """The name. Raises BadInput where a corpus in a folder has it."""
    if name in corpora():
        raise taken(name)
    return name


def taken(name: str) -> BadInput:
    """The refusal of a name that another corpus has."""
    return BadInput(f"the name {name!r} is taken by another corpus; choose another")
