"""One file, one document: what the readers of documents with a layout share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from retrieval.readers.base import Collector, ReadReport, Unusable, file_id, report, within
from retrieval.readers.plain import first_heading
from retrieval.readers.settings import Limits, Reading
from retrieval.types import PLAIN, Document, Structure

Notes = Callable[[str, str], None]
"""Notes a part that was left out: where it is and why, as `Collector.refuse`."""

Parse = Callable[[str, bytes, Reading, Notes], Document]
"""Name and content of a file to its document. Raises Unusable; other errors mean that the file is broken."""

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")


def read_whole(name: str, data: bytes, reading: Reading, kind: str, parse: Parse) -> ReadReport:
    """The document that `parse` makes of a file, or the refusal. `kind` names the format, as "a PDF".

    Whatever the parser of a damaged file raises becomes a refusal with its words.
    """
    collector: Collector[Document] = Collector()
    collector.rows = 1
    try:
        document = parse(name, data, reading, collector.refuse)
        within(document.text, reading.limits)
        collector.add(document, name)
    except Unusable as refusal:
        collector.refuse(name, str(refusal))
    except RecursionError:
        collector.refuse(name, "is nested too deeply; simplify it or save it as text")
    except MemoryError:
        collector.refuse(name, "needs more memory than there is; split it")
    except Exception as error:  # parsers raise anything for damaged files
        words = " ".join(clean(str(error)).split()) or type(error).__name__
        collector.refuse(name, f"cannot be read as {kind} ({words:.200}); open it in its program and save it again")
    return report(collector)


def counted(characters: int, limits: Limits) -> None:
    """Raise Unusable where a document that is not yet written has more characters than allowed."""
    if characters > limits.characters:
        raise Unusable(
            f"has {characters:,} characters, the limit is {limits.characters:,}; split it or raise the limit characters"
        )


def clean(text: str) -> str:
    """`text` without what cannot be stored, of the same length: control characters become spaces, half pairs U+FFFD."""
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
    return _HALVES.sub("\ufffd", text) if _HALVES.search(text) else text


def document_from(
    name: str, text: str, title: str = "", metadata: Mapping[str, str] | None = None, structure: Structure = PLAIN
) -> Document:
    """The document of a file. The title is `title`, else the first Markdown heading of level 1, else the file's stem.

    Metadata without words is left out.
    """
    text = clean(text)
    heading = first_heading(text) if structure.syntax == "markdown" else ""
    known = {key: line(value) for key, value in (metadata or {}).items() if line(value)}
    return Document(file_id(name), text, line(title) or heading or PurePosixPath(name).stem, known, structure)


def line(text: object) -> str:
    """A value as one line of text, "" for None."""
    return "" if text is None else " ".join(clean(str(text)).split())
