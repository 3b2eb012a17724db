"""Plain text and Markdown: one file is one document, its name the id. Text stays as it is, Markdown with its marks."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from retrieval.readers.base import Collector, ReadReport, Unusable, decode, file_id, report
from retrieval.types import Document

_UNDERLINE = re.compile(r" {0,3}=+[ \t]*$")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


def read_text(name: str, data: bytes) -> ReadReport:
    """A text file in UTF-8, UTF-16 with a byte order mark, or Windows-1252; the title is the file's stem."""
    return _read(name, data, markdown=False)


def read_markdown(name: str, data: bytes) -> ReadReport:
    """A Markdown file, encoded as for `read_text`; the title is its first heading of level 1, else the file's stem."""
    return _read(name, data, markdown=True)


def _read(name: str, data: bytes, markdown: bool) -> ReadReport:
    collector: Collector[Document] = Collector()
    collector.rows = 1
    try:
        text = decode(data)
        title = (first_heading(text) if markdown else "") or PurePosixPath(name).stem
        collector.add(Document(file_id(name), text, title), name)
    except Unusable as refusal:
        collector.refuse(name, str(refusal))
    return report(collector)


def first_heading(markdown: str) -> str:
    """The first heading of level 1, underlined ones included and code blocks left out, or "" where there is none."""
    fence = previous = ""
    for line in markdown.splitlines():
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif title := marked_heading(line):
            return title
        elif previous.strip() and _UNDERLINE.match(line):
            return previous.strip()
        previous = "" if fence or mark else line
    return ""


def marked_heading(line: str) -> str:
    """The text of a heading such as "# Title #", or "" where the line is none of level 1."""
    mark = line.lstrip(" ")
    if len(line) - len(mark) > 3 or not mark.startswith(("# ", "#\t")):
        return ""
    title = mark[1:].strip()
    open_end = title.rstrip("#")
    return title if open_end and not open_end.endswith((" ", "\t")) else open_end.strip()
