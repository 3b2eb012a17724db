"""Documents with the same content as an earlier one: found by a hash of the words, whatever the white space between them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePosixPath

from retrieval.readers.base import ReadReport, Refusal
from retrieval.types import Document


def without_copies(report: ReadReport) -> ReadReport:
    """The report without the documents whose content equals that of an earlier one; each becomes a refusal.

    Documents without words are kept, for they are counted on their own, and so are those that a judgment names.
    """
    judged = {judgment.document_id for found in report.judgments.values() for judgment in found}
    first: dict[bytes, str] = {}
    kept: list[tuple[Document, str]] = []
    refused: list[Refusal] = []
    for document, where in zip(report.documents, report.places, strict=True):
        content = digest(document, where)
        if content in first and document.id not in judged:
            refused.append(
                Refusal(where, f'has the same content as "{first[content]}"; the first is kept, remove one of the two')
            )
            continue
        kept.append((document, where))
        if content:
            first.setdefault(content, document.id)
    if not refused:
        return report
    documents, places = tuple(document for document, _ in kept), tuple(where for _, where in kept)
    return replace(report, documents=documents, places=places, refused=(*report.refused, *refused), copies=len(refused))


def digest(document: Document, where: str) -> bytes:
    """16 bytes that name the words of title and text; none where there is no word.

    A title that is only the name of the document's file is left out, so that a copy under another name is found.
    """
    path = PurePosixPath(where)
    title = "" if document.title in (path.name, path.stem) else " ".join(document.title.split())
    text = " ".join(document.text.split())
    content = f"{title}\n{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).digest() if text else b""
