"""Which format a file is in, by its content first and then by its name. A person may always choose otherwise."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from retrieval.judging.files import beir, query_tables, ratings, trec
from retrieval.judging.files.tables import places
from retrieval.readers.base import Unusable, decode
from retrieval.readers.table import SEPARATORS

BEGINNING = 64 * 1024  # bytes
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}(?:\.0*)?")
_TOPIC = re.compile(r"<(?:\w+:)?(topics?|top)[\s>]", re.IGNORECASE)


def guess(name: str, data: bytes) -> str:
    """The name of a format in `FORMATS`, "" where nothing tells. Never raises."""
    head = beginning(data)
    lines = [line for line in head.splitlines() if line.strip()]
    suffix = PurePosixPath(name).suffix.lower()
    if not lines:
        return ""
    if lines[0].lstrip().startswith("{"):
        return "jsonl"
    if lines[0].lstrip().startswith("<"):
        return of_topics(head)
    return of_header(lines[0]) or of_rows(lines) or ("tsv-queries" if suffix == ".tsv" and len(lines[0].split("\t")) <= 2 else "")


def beginning(data: bytes) -> str:
    """The text of the first 64 KiB, up to the end of a line; "" where it is no text."""
    part = data[:BEGINNING]
    if len(data) > BEGINNING and b"\0" not in part:
        part = part[: part.rfind(b"\n") + 1] or part
    try:
        return decode(part)
    except Unusable:
        return ""


def of_topics(head: str) -> str:
    """Which kind of topics a text with tags holds, "" where it is none."""
    found = _TOPIC.search(head)
    if found is None:
        return ""
    return "topics" if found[1].lower() == "top" and not head.lstrip().startswith("<?xml") else "topics-xml"


def of_header(line: str) -> str:
    """The format whose columns a header names, "" where it names those of none."""
    if beir.is_header(line) and line.strip().lower() == beir.HEADER:
        return "beir"
    for separator in SEPARATORS:
        header = [cell.strip().strip('"').lower() for cell in line.split(separator)]
        rated, asked = places(header, ratings.COLUMNS), places(header, query_tables.COLUMNS)
        if {"document", "grade"} <= rated.keys() and {"id", "text"} & rated.keys():
            return "csv"
        if "text" in asked and (len(header) > 1 or separator == SEPARATORS[-1]):
            return "tsv-queries" if separator == "\t" else "csv-queries"
    return ""


def of_rows(lines: list[str]) -> str:
    """The format that the first rows without a header are in, "" where they are in none."""
    rows = lines[1:21] if beir.is_header(lines[0]) else lines[:20]
    for name, cells, width in (
        ("trec", [line.split() for line in rows], trec.FIELDS),
        ("beir", [line.split("\t") for line in rows], beir.FIELDS),
    ):
        fitting = sum(len(row) == width and _WHOLE.fullmatch(row[-1].strip()) is not None for row in cells)
        if 2 * fitting > len(rows):
            return name
    return ""
