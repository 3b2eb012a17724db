"""What every reader shares: the report, the collector that keeps ids unique, and the rules for ids, texts and encodings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Generic, Protocol, TypeVar

from retrieval.readers.encodings import encoding_of
from retrieval.readers.settings import Limits
from retrieval.readers.transfer import STRUCTURE_FIELDS, structure_from_dict
from retrieval.types import PLAIN, Document, Judgment, Query, Structure

ID_FIELDS = ("_id", "id", "doc_id")
TITLE_FIELDS = ("title",)
TEXT_FIELDS = ("text", "body", "content")
KNOWN_FIELDS = frozenset({*ID_FIELDS, *TITLE_FIELDS, *TEXT_FIELDS})


class HasId(Protocol):
    """A document or a query."""

    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=HasId)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row or a file that was not taken: where it is ("corpus.jsonl line 12") and why, a clause that follows the place."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where} {self.reason}"


@dataclass(frozen=True)
class ReadReport:
    """What came out of one or more files. `rows` counts what was found: lines, table rows or whole files, the refused included.

    `duplicates` of the `refused` had an id that was taken, `copies` the content of an earlier document. `places` says where each
    document stood, in the documents' order. Queries and, by split, judgments come from BEIR folders among the files; `files`
    counts the files of the batch, those in archives one by one.
    """

    documents: tuple[Document, ...] = ()
    refused: tuple[Refusal, ...] = ()
    duplicates: int = 0
    rows: int = 0
    places: tuple[str, ...] = field(default=(), repr=False)
    queries: tuple[Query, ...] = ()
    judgments: Mapping[str, tuple[Judgment, ...]] = field(default_factory=dict)
    files: int = 1
    copies: int = 0

    @property
    def wordless(self) -> int:
        """Documents without a word in their text: legal, but found by their title at most."""
        return sum(not document.text.strip() for document in self.documents)


class Collector(Generic[Item]):
    """Documents or queries by id while files are read; the first of equal ids is kept."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.places: dict[str, str] = {}
        self.refused: list[Refusal] = []
        self.duplicates = 0
        self.rows = 0

    def add(self, item: Item, where: str) -> None:
        """Keep `item` unless its id is taken."""
        if item.id in self.items:
            self.duplicates += 1
            taken = f'repeats the id "{item.id}" of {self.places[item.id]}'
            self.refuse(where, f"{taken}; the first is kept, give the later one its own id")
        else:
            self.items[item.id] = item
            self.places[item.id] = where

    def refuse(self, where: str, reason: str) -> None:
        """Note what was not taken."""
        self.refused.append(Refusal(where, reason))


def report(collector: Collector[Document]) -> ReadReport:
    """What was collected, frozen."""
    documents, places = tuple(collector.items.values()), tuple(collector.places.values())
    return ReadReport(documents, tuple(collector.refused), collector.duplicates, collector.rows, places)


def refused(name: str, reason: str) -> ReadReport:
    """The report of a file that is not taken at all."""
    return ReadReport(refused=(Refusal(name, reason),), rows=1)


class Unusable(Exception):
    """Why one row or file is refused; never leaves the readers."""


def decode(data: bytes) -> str:
    """The text of a file in the encoding that its marks or its bytes show. Raises Unusable where there is none, or a NUL."""
    encoding = encoding_of(data)
    if not encoding:
        sound("text", "\0" if b"\0" in data else "")
        raise Unusable("is no text in a known encoding; save it as UTF-8")
    try:
        return sound("text", data.decode(encoding))
    except UnicodeDecodeError:
        raise Unusable(f"is no valid {encoding.removesuffix('-sig').upper()}; save it as UTF-8") from None


def sound(name: str, value: object) -> str:
    """`value` if it is a text that can be stored; Unusable for a non-string, a NUL or half a surrogate pair."""
    if not isinstance(value, str):
        raise Unusable(f"gives its {name} as {kind(value)}, not as a text; put it in quotes")
    if "\0" in value:
        raise Unusable(f"holds a NUL character in its {name}; remove it or convert the file to text")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise Unusable(f"holds half a surrogate pair in its {name}, which is no valid text; repair the character") from None
    return value


def within(text: str, limits: Limits) -> str:
    """`text` if it is no longer than a document may be; Unusable with both numbers where it is."""
    if len(text) > limits.characters:
        sizes = f"has {len(text):,} characters, the limit is {limits.characters:,}"
        raise Unusable(f"{sizes}; split it or raise the limit characters")
    return text


def kind(value: object) -> str:
    """The JSON name of a value's type, with its article."""
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "no text")


def first_of(row: Mapping[str, object], names: Iterable[str]) -> object:
    """The value of the first of `names` that the row has a value for, or None."""
    return next((row[name] for name in names if row.get(name) is not None), None)


def id_of(row: Mapping[str, object], fallback: str | None) -> str:
    """The row's id: a text, or a whole number as text. `fallback` where there is none; Unusable where that is None too."""
    value = first_of(row, ID_FIELDS)
    if type(value) is int:
        return str(value)
    id = "" if value is None else sound("id", value)
    if id.strip():
        return id
    if fallback is None:
        raise Unusable(f"has no id; give it one in the field {ID_FIELDS[0]}")
    return fallback


def document_of(row: Mapping[str, object], fallback: str | None) -> Document:
    """The document of a row of named fields; other scalar fields become metadata. Raises Unusable with the reason."""
    id, text, title = id_of(row, fallback), text_of(row), title_of(row)
    return Document(id, text, title, metadata_of(row), structure_of(row, len(text)))


def text_of(row: Mapping[str, object]) -> str:
    """The row's text by its usual names. Raises Unusable where there is none."""
    text = first_of(row, TEXT_FIELDS)
    if text is None:
        raise Unusable(f"has no text; give it one in a field named {', '.join(TEXT_FIELDS[:-1])} or {TEXT_FIELDS[-1]}")
    return sound("text", text)


def title_of(row: Mapping[str, object]) -> str:
    """The row's title by its usual name, "" where there is none."""
    title = first_of(row, TITLE_FIELDS)
    return "" if title is None else sound("title", title)


def structure_of(row: Mapping[str, object], length: int) -> Structure:
    """The structure that a row gives in the object "structure". Raises Unusable where it does not fit a text of `length`."""
    given = row.get("structure")
    if not isinstance(given, dict) or not given or not STRUCTURE_FIELDS.issuperset(given):
        return PLAIN
    try:
        found = structure_from_dict(given, length)
    except ValueError as error:
        raise Unusable(f"{error}; correct the structure or remove it") from None
    for words in (found.syntax, *(heading.title for heading in found.headings)):
        sound("structure", words)
    return found


def metadata_of(row: Mapping[str, object]) -> dict[str, str]:
    """The other scalar fields as texts, those of a "metadata" object among them. Lists, nulls and other objects are left out."""
    found: dict[str, str] = {}
    for name, value in row.items():
        if name in KNOWN_FIELDS:
            continue
        if name == "metadata" and isinstance(value, dict):
            flatten(value, "", found)
        else:
            put(found, name, value)
    return found


def flatten(fields: Mapping[str, object], prefix: str, found: dict[str, str]) -> None:
    """Put the scalars of `fields` into `found`; objects inside it get dotted names ("author.name")."""
    for name, value in fields.items():
        if isinstance(value, dict):
            flatten(value, f"{prefix}{name}.", found)
        else:
            put(found, prefix + name, value)


def put(found: dict[str, str], name: str, value: object) -> None:
    """Put a scalar into `found` as JSON writes it, unless the name is taken."""
    if isinstance(value, bool):
        found.setdefault(name, str(value).lower())
    elif isinstance(value, str | int | float):
        found.setdefault(sound("field name", name), sound(name, str(value)))


def file_id(name: str) -> str:
    """An id from a file name: all of it, white space made "_"."""
    return re.sub(r"\s+", "_", name.strip())


def file_stem(name: str) -> str:
    """The id of a file without its suffix; with a row number after it, the id of a row that has none."""
    return str(PurePosixPath(file_id(name)).with_suffix(""))
