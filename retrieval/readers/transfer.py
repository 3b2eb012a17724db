"""Documents as JSON objects and back: a row of corpus.jsonl that also says how the text is organised."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from retrieval.types import PLAIN, Document, Heading, Structure

STRUCTURE_FIELDS = frozenset({"syntax", "headings", "pages"})


def document_to_dict(document: Document) -> dict[str, Any]:
    """The row of a document: `_id`, `title`, `text`, and `metadata` and `structure` where it has any."""
    row: dict[str, Any] = {"_id": document.id, "title": document.title, "text": document.text}
    if document.metadata:
        row["metadata"] = dict(document.metadata)
    if document.structure != PLAIN:
        row["structure"] = structure_to_dict(document.structure)
    return row


def document_from_dict(row: Mapping[str, Any]) -> Document:
    """The document of a row that `document_to_dict` made. Only its structure is checked; raises ValueError where that is bad."""
    text = row["text"]
    structure = structure_from_dict(row["structure"], len(text)) if "structure" in row else PLAIN
    return Document(row["_id"], text, row["title"], row.get("metadata", {}), structure)


def structure_to_dict(structure: Structure) -> dict[str, Any]:
    """`{"syntax": …, "headings": [[start, level, title], …], "pages": [start, …]}`, empty lists left out."""
    found: dict[str, Any] = {"syntax": structure.syntax}
    if structure.headings:
        found["headings"] = [[heading.start, heading.level, heading.title] for heading in structure.headings]
    if structure.pages:
        found["pages"] = list(structure.pages)
    return found


def structure_from_dict(row: Mapping[str, Any], length: int) -> Structure:
    """The structure of a text of `length` characters. Raises ValueError with a clause that says what is wrong."""
    syntax, headings, pages = row.get("syntax", "text"), row.get("headings", []), row.get("pages", [])
    if not (isinstance(syntax, str) and isinstance(headings, list) and isinstance(pages, list)):
        raise ValueError("gives its structure not as a text syntax and lists of headings and pages")
    if not all(isinstance(mark, list) and [type(part) for part in mark] == [int, int, str] for mark in headings):
        raise ValueError("has headings that are not [start, level, title]")
    marks = tuple(Heading(*mark) for mark in headings)
    if any(mark.level < 1 for mark in marks):
        raise ValueError("has a heading of a level below 1")
    for starts in (pages, [mark.start for mark in marks]):
        inside = all(type(start) is int and 0 <= start <= length for start in starts)
        if not inside or any(left > right for left, right in pairwise(starts)):
            raise ValueError(f"has pages or headings that do not start in order within its {length:,} characters")
    return Structure(syntax, marks, tuple(pages))
