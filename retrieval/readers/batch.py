"""Many files, one report: ids unique over the batch, and the queries and judgments of BEIR folders among the files.

A folder of the batch that holds corpus.jsonl and queries.jsonl or qrels is a BEIR folder (see `retrieval.readers.beir`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from retrieval.readers.base import Collector, ReadReport, Refusal, Unusable
from retrieval.readers.beir import query_of, read_judgments
from retrieval.readers.jsonl import collect
from retrieval.readers.settings import Fields, Reading
from retrieval.readers.spans import SUFFIX
from retrieval.types import Document, Judgment, Query

Read = Callable[[int, Reading], ReadReport]
"""Reads the file of a batch with that index."""

Lines = Callable[[int], Iterable[bytes]]
"""The lines of the file of a batch with that index. Raises Unusable where it cannot be had."""


@dataclass(frozen=True)
class BeirFiles:
    """The indexes of the files of a BEIR folder in a batch: its corpus, its queries and its judgments."""

    folder: str
    corpus: int
    queries: tuple[int, ...]
    judged: tuple[int, ...]


@dataclass
class Batch:
    """What was read so far."""

    documents: Collector[Document] = field(default_factory=Collector)
    queries: Collector[Query] = field(default_factory=Collector)
    judgments: dict[str, tuple[Judgment, ...]] = field(default_factory=dict)
    files: int = 0

    def merge(self, part: ReadReport, name: str) -> dict[str, Document]:
        """Add the report of one file; the documents of it that were kept, by id."""
        self.files += part.files
        self.documents.rows += part.rows
        self.documents.duplicates += part.duplicates
        self.documents.refused.extend(part.refused)
        for document, where in zip(part.documents, part.places, strict=True):
            self.documents.add(document, where)
        kept = {document.id: document for document in part.documents if self.documents.items[document.id] is document}
        if part.queries:
            queries = self.add_queries(part.queries, name)
            self.add_judgments(part.judgments, queries, kept, name)
        return kept

    def add_queries(self, queries: Iterable[Query], name: str) -> dict[str, Query]:
        """Add the queries of an archive; those that were kept, by id."""
        found = list(queries)
        for query in found:
            self.queries.add(query, f"{name} query {query.id}")
        return {query.id: query for query in found if self.queries.items[query.id] is query}

    def add_judgments(
        self,
        judgments: Mapping[str, tuple[Judgment, ...]],
        queries: Mapping[str, Query],
        documents: Mapping[str, Document],
        name: str,
    ) -> None:
        """Add the judgments by split whose query and document were kept; a split that is taken gets the name before its own."""
        lost = 0
        for split, found in judgments.items():
            sound = tuple(item for item in found if item.query_id in queries and item.document_id in documents)
            lost += len(found) - len(sound)
            self.judgments[f"{name}/{split}" if split in self.judgments else split] = sound
        if lost:
            self.documents.refuse(name, f"judges {lost:,} times what was refused above; those judgments are left out")

    def report(self) -> ReadReport:
        """Everything, frozen."""
        documents = self.documents
        return ReadReport(
            tuple(documents.items.values()),
            (*documents.refused, *self.queries.refused),
            documents.duplicates + self.queries.duplicates,
            documents.rows + self.queries.rows,
            tuple(documents.places.values()),
            tuple(self.queries.items.values()),
            self.judgments,
            self.files,
        )


def read_batch(names: Sequence[str], read: Read, lines: Lines, reading: Reading) -> ReadReport:
    """One report for the files `names`, in their order; queries and judgments of BEIR folders are read last."""
    batch = Batch()
    sets = beir_files(names)
    apart = {at for found in sets for at in (*found.queries, *found.judged)}
    corpora = {found.corpus for found in sets}
    fixed = replace(reading, fields=Fields())
    kept: dict[int, dict[str, Document]] = {}
    for at in [at for at in range(len(names)) if at not in apart]:
        documents = batch.merge(read(at, fixed if at in corpora else reading), names[at])
        if at in corpora:
            kept[at] = documents
    for found in sets:
        read_companions(batch, found, names, lines, kept[found.corpus])
    return batch.report()


def read_companions(
    batch: Batch, found: BeirFiles, names: Sequence[str], lines: Lines, documents: Mapping[str, Document]
) -> None:
    """Add the queries and judgments of one BEIR folder."""
    before = set(batch.queries.items)
    batch.files += len(found.queries) + len(found.judged)
    for at in found.queries:
        collect(batch.queries, guarded(batch, names[at], lines, at), names[at], lambda row, _: query_of(row))
    queries = {id: query for id, query in batch.queries.items.items() if id not in before}
    refused: list[Refusal] = []
    judged = ((names[at], guarded(batch, names[at], lines, at)) for at in found.judged)
    batch.add_judgments(read_judgments(judged, queries, documents, refused), queries, documents, found.folder)
    batch.documents.refused.extend(refused)


def guarded(batch: Batch, name: str, lines: Lines, at: int) -> Iterable[bytes]:
    """The lines of a file; none and a refusal where it cannot be had."""
    try:
        return lines(at)
    except Unusable as refusal:
        batch.documents.refuse(name, str(refusal))
        return ()


def beir_files(names: Sequence[str]) -> list[BeirFiles]:
    """The BEIR folders among `names`, in order; the first of equal names counts."""
    first: dict[PurePosixPath, int] = {}
    for at, name in enumerate(names):
        first.setdefault(PurePosixPath(name), at)
    found = []
    for path, at in first.items():
        if path.name == "corpus.jsonl":
            folder = path.parent
            queries = tuple(first[query] for query in (folder / "queries.jsonl",) if query in first)
            judged = tuple(first[file] for file in sorted(first, key=spans_last) if is_judged(file, folder))
            if queries or judged:
                found.append(BeirFiles(folder.name or "batch", at, queries, judged))
    return found


def is_judged(path: PurePosixPath, folder: PurePosixPath) -> bool:
    """Whether a file holds judgments of the BEIR folder `folder`."""
    return path.parent == folder / "qrels" and path.name.endswith((".tsv", SUFFIX))


def spans_last(path: PurePosixPath) -> tuple[bool, str]:
    """Sorts files of judged spans after qrels, each by name."""
    return path.name.endswith(SUFFIX), str(path)
