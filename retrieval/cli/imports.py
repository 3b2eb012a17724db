"""What an import would do, in lines for the terminal: refusals to standard error, the rest to standard output."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from retrieval.errors import BadInput
from retrieval.judging.files import CONFLICTS, UNKNOWN_DOCUMENTS, UNKNOWN_QUERIES, Conflict, Preview, Resolution, format_of
from retrieval.types import GRADES

SHOWN = 20


def told(file: str, found: Preview, resolution: Resolution) -> None:
    """Print the preview. Raises BadInput where the file has no row that could be used."""
    for refusal in found.refused[:SHOWN]:
        typer.echo(f"Refused: {refusal}", err=True)
    if len(found.refused) > SHOWN:
        typer.echo(f"Refused: {len(found.refused) - SHOWN:,} more", err=True)
    if not (found.said or found.new or found.changed or found.unchanged):
        why = f"{found.refused[0]}" if found.refused else "choose another file or format"
        raise BadInput(f"{file} holds nothing that can be used as {format_of(found.format).label}: {why}")
    for line in lines(file, found, resolution):
        typer.echo(line)


def lines(file: str, found: Preview, resolution: Resolution) -> list[str]:
    """One line for the rows, and one for every kind of row that asks for a decision."""
    grades = ", ".join(f"{count:,} {GRADES[grade]}" for grade, count in found.grades.items())
    told = [f"{file}, read as {format_of(found.format).label}: {found.rows:,} rows, {len(found.refused):,} refused"]
    told += [f"Grades that may enter: {grades}"] if grades else []
    told += [f"Advice: {found.advice}"] if found.advice else []
    told += [f"Nothing new in {found.unchanged:,} rows"] if found.unchanged else []
    if found.duplicates:
        other = sum(not one.same for one in found.duplicates)
        told.append(f"Duplicates: {len(found.duplicates):,}, {other:,} of them with another grade; the first row counts")
    if found.conflicts or found.changed:
        what = [*map(in_words, found.conflicts), *(f"the query {before.id}" for before, _ in found.changed)]
        told.append(f"Conflicts: {listed(what)}. {CONFLICTS[resolution.conflicts]}")
    unknown = [*(query.id for query in found.new), *found.unknown_queries]
    if unknown:
        told.append(f"Unknown queries: {listed(unknown)}. {UNKNOWN_QUERIES[resolution.queries]}")
    if found.unknown_documents:
        told.append(f"Unknown documents: {listed(found.unknown_documents)}. {UNKNOWN_DOCUMENTS[resolution.documents]}")
    return told


def in_words(conflict: Conflict) -> str:
    """A conflict in words."""
    query, document, start, end = conflict.place
    span = "" if start is None else f" characters {start} to {end}"
    return f"line {conflict.line}: {query} {document}{span} has {conflict.old} here, {conflict.new} in the file"


def listed(items: Iterable[str]) -> str:
    """How many there are, and the first of them."""
    all = [item[:80] for item in items]
    more = f" and {len(all) - SHOWN:,} more" if len(all) > SHOWN else ""
    return f"{len(all):,} ({', '.join(all[:SHOWN])}{more})"
