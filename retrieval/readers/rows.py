"""Documents from rows of named fields, as tables and JSON objects give them: the usual names, or those of `Fields`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from retrieval.readers.base import (
    Collector,
    Unusable,
    document_of,
    id_of,
    kind,
    metadata_of,
    put,
    sound,
    structure_of,
    text_of,
    title_of,
    within,
)
from retrieval.readers.languages import SYNTAXES
from retrieval.readers.settings import Fields, Reading
from retrieval.types import PLAIN, Document, Structure

USUAL = Fields()
SHOWN = 30  # names in a refusal
GAP = "\n\n"


@dataclass
class Rows:
    """Makes documents of rows, and remembers which names there were, to tell a chosen field that no row has."""

    reading: Reading
    names: dict[str, None] = field(default_factory=dict)

    def document(self, row: Mapping[str, object], fallback: str | None) -> Document:
        """The document of a row; `fallback` is the id where it has none. Raises Unusable with the reason."""
        fields = self.reading.fields
        if fields == USUAL:
            document = document_of(row, fallback)
        else:
            flat = flat_names(row)
            self.names.update(dict.fromkeys(flat))
            document = chosen(row, flat, fallback, fields)
        within(document.text, self.reading.limits)
        return with_syntax(document, row, fields)

    def refuse_missing(self, collector: Collector[Document], name: str) -> None:
        """Note the chosen title and metadata fields of which no row had any; those of id and text are refused row by row."""
        fields = self.reading.fields
        optional = [wanted for wanted in (fields.title, *(fields.metadata or ())) if wanted]
        for missing in [wanted for wanted in optional if wanted not in self.names] if collector.items else []:
            collector.refuse(name, absent(missing, self.names))


def chosen(row: Mapping[str, object], flat: Mapping[str, object], fallback: str | None, fields: Fields) -> Document:
    """The document of a row by the chosen names; the usual ones stand in for those that are not chosen."""
    id = as_text(fields.id, value_of(flat, fields.id)) if fields.id else id_of(row, fallback)
    text = joined(flat, fields.text) if fields.text else text_of(row)
    title = as_text(fields.title, flat.get(fields.title)) if fields.title else title_of(row)
    if not id.strip():
        raise Unusable(f'has an empty "{fields.id}" for its id; fill it or choose another field')
    structure = PLAIN if fields.text else structure_of(row, len(text))
    others = {name: value for name, value in row.items() if name not in {fields.id, fields.title, *fields.text}}
    return Document(id, text, title, chosen_metadata(others, flat, fields), structure)


def chosen_metadata(others: Mapping[str, object], flat: Mapping[str, object], fields: Fields) -> dict[str, str]:
    """The chosen metadata under the names that were chosen; where none were, every other scalar field."""
    if fields.metadata is None:
        return metadata_of(others)
    found: dict[str, str] = {}
    for name in fields.metadata:
        put(found, name, flat.get(name))
    return found


def flat_names(row: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Every value of a row by its name; those of objects inside it by dotted names ("author.name") as well."""
    found: dict[str, object] = {}
    for name, value in row.items():
        found.setdefault(prefix + name, value)
        if isinstance(value, dict):
            for inner, part in flat_names(value, f"{prefix}{name}.").items():
                found.setdefault(inner, part)
    return found


def value_of(flat: Mapping[str, object], name: str) -> object:
    """The value of a chosen field. Raises Unusable with the known names where it is not there."""
    if flat.get(name) is None:
        raise Unusable(absent(name, flat))
    return flat[name]


def joined(flat: Mapping[str, object], names: tuple[str, ...]) -> str:
    """The texts of the chosen fields with blank lines between; those that are not there are left out unless none is."""
    parts = [as_text(name, flat[name]) for name in names if flat.get(name) is not None]
    if not parts:
        raise Unusable(absent(names[0], flat))
    return GAP.join(part for part in parts if part)


def as_text(name: str, value: object) -> str:
    """A chosen value as a text: numbers as JSON writes them, a list of texts with blank lines between, "" for null."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = GAP.join(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        raise Unusable(f'gives "{name}" as {kind(value)}; choose a field that holds a text')
    return sound(name, str(value))


def absent(name: str, known: Iterable[str]) -> str:
    """Why a chosen field cannot be used, with the names that could."""
    names = list(known)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f'has no field "{name}"; choose one of {", ".join(names[:SHOWN])}{more}'


def with_syntax(document: Document, row: Mapping[str, object], fields: Fields) -> Document:
    """The document with the syntax that its row names ("syntax": "markdown"), else with the one that was chosen."""
    named = row.get("syntax")
    if isinstance(named, str) and named in SYNTAXES and document.structure == PLAIN:
        metadata = {name: value for name, value in document.metadata.items() if name != "syntax"}
        return replace(document, structure=Structure(named), metadata=metadata)
    if fields.syntax != PLAIN.syntax and document.structure == PLAIN:
        return replace(document, structure=Structure(fields.syntax))
    return document
