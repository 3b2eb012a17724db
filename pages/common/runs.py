"""Runs of other systems, uploaded as TREC runs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pages.common import cached
from retrieval import judging

ENDINGS = ["txt", "run", "trec", "tsv"]
LINES = "A line a result: query, Q0, document, rank, score, tag."


@dataclass(frozen=True)
class UploadedRun:
    """A run of another system: an id of this upload, the name that it goes by, and what was read."""

    id: str
    name: str
    run: judging.Run


def read_upload(file: Any, corpus: str, queries: Collection[str] | None = None) -> UploadedRun:
    """Read an uploaded file; lines on documents that the corpus has not, or on other queries than these, are refused."""
    documents = cached.corpus(corpus)
    known = cached.rows(documents.fingerprint, documents)
    name = file.name.rsplit(".", 1)[0]
    return UploadedRun(f"run {file.file_id}", name, judging.read_run(file.name, file.getvalue(), queries, known))
