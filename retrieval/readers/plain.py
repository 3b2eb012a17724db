"""Plain text, Markdown and source code: one file is one document, its name the id. The text stays as it is, marks and all.

YAML front matter of a Markdown file is cut off; its scalars become metadata.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from retrieval.readers.base import Collector, ReadReport, Unusable, decode, file_id, report, sound, within
from retrieval.readers.languages import LANGUAGES
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.readers.signatures import refuse_binary
from retrieval.types import Document, Structure

_UNDERLINE = re.compile(r" {0,3}=+[ \t]*$")
LONGEST_FRONT = 32 * 1024  # characters of front matter that are parsed
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


def read_text(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A text file in an encoding that `retrieval.readers.encodings` tells; the title is the file's stem."""
    return _read(name, data, reading, lambda text: Document(file_id(name), text, PurePosixPath(name).stem))


def read_markdown(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A Markdown file; the title is that of its front matter, else its first heading of level 1, else the file's stem."""

    def make(text: str) -> Document:
        front, body = front_matter(text)
        title = front.pop("title", "") or first_heading(body) or PurePosixPath(name).stem
        return Document(file_id(name), body, title, front, Structure("markdown"))

    return _read(name, data, reading, make)


def read_code(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A file of source code in one of `LANGUAGES`; the title is the file's name."""
    path = PurePosixPath(name)
    structure = Structure(LANGUAGES.get(path.suffix.lower(), "text"))
    return _read(name, data, reading, lambda text: Document(file_id(name), text, path.name, structure=structure))


def _read(name: str, data: bytes, reading: Reading, make: Callable[[str], Document]) -> ReadReport:
    collector: Collector[Document] = Collector()
    collector.rows = 1
    try:
        refuse_binary(data, "a text")
        collector.add(make(within(decode(data), reading.limits)), name)
    except Unusable as refusal:
        collector.refuse(name, str(refusal))
    return report(collector)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The scalars of the YAML between two lines of "---" at the top, and the text after it; all of the text where there is none.

    Values stay as they are written: `on` is no truth value, 12:30 no number. Lists of scalars are joined by commas.
    """
    found = _FRONT.match(text[:LONGEST_FRONT])
    fields = yaml_fields(found[1]) if found else None
    if found is None or fields is None:
        return {}, text
    scalars = {name: scalar(value) for name, value in fields.items()}
    return {sound("field name", name): sound(name, value) for name, value in scalars.items() if value}, text[found.end() :]


def yaml_fields(source: str) -> dict[str, object] | None:
    """The fields of a YAML mapping, all scalars as texts; None where `source` is none."""
    import yaml

    try:
        value = yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return {name: part for name, part in value.items() if isinstance(name, str)} if isinstance(value, dict) else None


def scalar(value: object) -> str:
    """A scalar, or scalars with commas between, "" for everything else."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else ""


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
