"""HTML pages as Markdown: headings, lists, tables and code are kept, what a reader of the page does not see is dropped."""

from __future__ import annotations

import codecs
import re
from typing import Any

from retrieval.readers.base import ReadReport, decode, sound
from retrieval.readers.markup import markdown_of, parse_html
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.readers.signatures import refuse_binary
from retrieval.readers.whole import Notes, document_from, line, read_whole
from retrieval.types import Document, Structure

META = ("author", "description", "keywords", "date")
MARKDOWN = Structure("markdown")
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHARSET = re.compile(rb"""<(?:meta[^>]{1,300}?charset|\?xml[^>]{1,300}?encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


def read_html(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A page as one Markdown document. The title is the page's, else its first heading of level 1, else the file's stem.

    The encoding is that of a byte order mark, else the one that the page names, else that of any text file. The language that
    the page declares is the metadata "language".
    """
    return read_whole(name, data, reading, "an HTML page", _parse)


def _parse(name: str, data: bytes, reading: Reading, notes: Notes) -> Document:
    refuse_binary(data, "an HTML page")
    root = parse_html(decode_html(data))
    if root is None:
        return document_from(name, "")
    return document_from(name, markdown_of(root), line(root.findtext(".//title")), metadata_of(root), MARKDOWN)


def decode_html(data: bytes) -> str:
    """The text of a page. Raises Unusable where no encoding fits."""
    named = None if data.startswith(MARKS) else _CHARSET.search(data[:4096])
    if named:
        try:
            encoding = codecs.lookup(named[1].decode("ascii"))
            if encoding.name.startswith("utf-16"):  # the name was read as ASCII, so it cannot be true
                return decode(data)
            return sound("text", data.decode("cp1252" if encoding.name == "iso8859-1" else encoding.name))
        except (LookupError, UnicodeError):
            pass
    return decode(data)


def metadata_of(root: Any) -> dict[str, str]:
    """What the page says of itself: its language and the usual `meta` fields."""
    found = {"language": root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""}
    for element in root.iter("meta"):
        field = (element.get("name") or "").lower()
        if field in META:
            found.setdefault(field, element.get("content") or "")
    return found
