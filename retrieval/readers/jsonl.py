"""JSON Lines: one object a line with an id (`_id`, `id`, `doc_id`), a `title` and a text (`text`, `body`, `content`).

Always UTF-8, or UTF-16. A line ends with a line feed and nothing else: JSON texts may hold the other
separators of Unicode.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator

from retrieval.readers.base import Collector, Item, ReadReport, Unusable, decode, file_stem, kind, report
from retrieval.readers.encodings import encoding_of
from retrieval.readers.rows import Rows
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.types import Document


def read_jsonl(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """The documents of a JSON Lines file; one without an id gets the file's stem and its line number."""
    collector: Collector[Document] = Collector()
    rows, stem = Rows(reading), file_stem(name)
    try:
        collect(collector, utf8_lines(data), name, lambda row, number: rows.document(row, f"{stem}-{number}"))
        rows.refuse_missing(collector, name)
    except Unusable as refusal:
        collector.refuse(name, str(refusal))
    return report(collector)


def collect(
    collector: Collector[Item], lines: Iterable[bytes], name: str, make: Callable[[dict[str, object], int], Item]
) -> None:
    """Add what `make` makes of the object on every line and the line's number; refuse the line where it raises Unusable."""
    for number, line in numbered(lines):
        where = f"{name} line {number}"
        collector.rows += 1
        try:
            collector.add(make(parsed(line), number), where)
        except Unusable as refusal:
            collector.refuse(where, str(refusal))
        except RecursionError:
            collector.refuse(where, "is nested too deeply; flatten the object")


def utf8_lines(data: bytes) -> list[bytes]:
    """The lines of `data` in UTF-8; UTF-16 and UTF-32 are converted."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    wide = (marked or b"\0" in data[:4096]) and encoding_of(data).startswith(("utf-16", "utf-32"))
    return (decode(data).encode("utf-8") if wide else data).split(b"\n")


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank with their one-based numbers, without the byte order mark."""
    for number, line in enumerate(lines, start=1):
        content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if content.strip():
            yield number, content


def parsed(line: bytes) -> dict[str, object]:
    """The object on a line. Raises Unusable with the reason."""
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unusable("is not valid UTF-8; save the file as UTF-8") from None
    except ValueError as error:
        raise Unusable(f"is no valid JSON ({error}); write one object on each line") from None
    if not isinstance(value, dict):
        raise Unusable(f"is {kind(value)}, not a JSON object; write one object on each line")
    return value
