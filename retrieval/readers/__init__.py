"""Readers: bytes to Documents, one file a format. A new format is one function and one line in the table.

Nothing that a reader is given makes it fail: what cannot be used is refused with its place and the reason, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from retrieval.readers.base import Collector, ReadReport, Refusal, report
from retrieval.readers.beir import Collection, read_beir
from retrieval.readers.jsonl import read_jsonl
from retrieval.readers.plain import read_markdown, read_text
from retrieval.readers.table import read_table
from retrieval.types import Document

Reader = Callable[[str, bytes], ReadReport]

READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_table,
    ".tsv": read_table,
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
}

__all__ = [
    "READERS",
    "Collection",
    "ReadReport",
    "Reader",
    "Refusal",
    "read_beir",
    "read_files",
    "read_jsonl",
    "read_markdown",
    "read_table",
    "read_text",
]


def read_files(items: Iterable[tuple[str, bytes]]) -> ReadReport:
    """One report for a batch of (file name, content); ids are unique over the whole batch, the first one is kept.

    A file of an unknown suffix is refused with the suffixes that are known.
    """
    batch: Collector[Document] = Collector()
    for name, data in items:
        suffix = PurePosixPath(name).suffix.lower()
        if suffix in READERS:
            merge(batch, READERS[suffix](name, data))
        else:
            batch.rows += 1
            batch.refuse(name, f'has the unknown suffix "{suffix}"; convert it to one of {", ".join(READERS)}')
    return report(batch)


def merge(batch: Collector[Document], part: ReadReport) -> None:
    """Add the report of one file to a batch."""
    batch.rows += part.rows
    batch.duplicates += part.duplicates
    batch.refused.extend(part.refused)
    for document, where in zip(part.documents, part.places, strict=True):
        batch.add(document, where)
