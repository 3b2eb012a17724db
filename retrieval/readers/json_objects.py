"""JSON files: an array of objects, an object with one array of objects inside, or one object, which is one document.

Fields are those of JSON Lines, and so are the names.
"""

from __future__ import annotations

import json

from retrieval.readers.base import (
    TEXT_FIELDS,
    Collector,
    ReadReport,
    Unusable,
    decode,
    file_id,
    file_stem,
    first_of,
    kind,
    report,
)
from retrieval.readers.rows import Rows, flat_names
from retrieval.readers.settings import DEFAULT, Fields, Reading
from retrieval.types import Document


def read_json(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """The documents of a JSON file; one without an id gets the file's stem and its number, one alone the file's name."""
    collector: Collector[Document] = Collector()
    try:
        value = parsed(data)
        found = items(value, reading.fields)
        collect(collector, name, [value] if found is None else found, Rows(reading), alone=found is None)
    except Unusable as refusal:
        collector.rows += 1
        collector.refuse(name, str(refusal))
    except RecursionError:
        collector.rows += 1
        collector.refuse(name, "is nested too deeply; flatten its objects")
    return report(collector)


def collect(collector: Collector[Document], name: str, found: list[object], rows: Rows, alone: bool) -> None:
    """Add the documents of the objects of a file; one that is no object is refused."""
    for number, item in enumerate(found, start=1):
        where = name if alone else f"{name} item {number}"
        collector.rows += 1
        try:
            if not isinstance(item, dict):
                raise Unusable(f"is {kind(item)}, not an object; give every document an object of its own")
            collector.add(rows.document(item, file_id(name) if alone else f"{file_stem(name)}-{number}"), where)
        except Unusable as refusal:
            collector.refuse(where, str(refusal))
    rows.refuse_missing(collector, name)


def parsed(data: bytes) -> object:
    """The value of a JSON file. Raises Unusable with the reason."""
    text = decode(data)
    if not text.strip():
        raise Unusable("is empty; give it an array of objects")
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unusable(f"is no valid JSON ({error}); save it again, or name it .jsonl if it holds one object a line") from None


def items(value: object, fields: Fields) -> list[object] | None:
    """The array that holds the documents, or None where `value` is one document itself. Raises Unusable where neither is so."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise Unusable(f"is {kind(value)}, not an object or an array of objects; wrap it in one")
    wanted = flat_names(value).keys() & set(fields.text) if fields.text else first_of(value, TEXT_FIELDS) is not None
    arrays = [] if wanted else [name for name, part in value.items() if holds_objects(part)]
    if len(arrays) > 1:
        raise Unusable(f"holds {len(arrays)} arrays of objects ({', '.join(arrays):.200}); keep the one with the documents")
    found = value[arrays[0]] if arrays else None
    return found if isinstance(found, list) else None


def holds_objects(value: object) -> bool:
    """Whether `value` is an array with nothing but objects in it."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
