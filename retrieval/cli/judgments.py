"""`playground judgments`: query sets and what was judged in them, out into files, in from files, and in numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from retrieval.cli.common import AsJson, Folder, read_folder
from retrieval.cli.imports import told
from retrieval.errors import BadInput, PlaygroundError
from retrieval.judging import JudgmentStore, QuerySet, QuerySets
from retrieval.judging import files as formats
from retrieval.judging.sources import IMPORTED
from retrieval.types import GRADES, Corpus

NAME = "Judgments"

QuerySetName = Annotated[
    str, typer.Option("--query-set", help="A query set of the corpus by name or key; may be left out where there is one.")
]

judgments = typer.Typer(help="Query sets and their judgments: into a file, from a file, in numbers.", no_args_is_help=True)


@judgments.command("export")
def export(
    folder: Folder,
    query_set: QuerySetName = "",
    format: Annotated[str, typer.Option(help=f"One of {', '.join(formats.FORMATS)}.")] = formats.COMPLETE,
    output: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
) -> None:
    """Write a query set into a file: the judgments that count, or with the format jsonl everything."""
    formats.format_of(format)
    _, sets, records = opened(folder)
    record, store = chosen(folder, records, query_set), JudgmentStore()
    labels = formats.Labels(sets.queries(record.key), store.judgments(record.key), store.history(record.key))
    data = formats.export(format, labels)
    if note := formats.left_out(format, labels):
        typer.echo(f"Note: {note}", err=True)
    if output is None:
        typer.echo(data, nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{output} cannot be written ({error.strerror}); choose another place") from None
    typer.echo(f"Wrote {record.name} to {output} as {formats.format_of(format).label}")


@judgments.command("import")
def bring_in(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="The file with judgments or queries.")],
    query_set: Annotated[
        str, typer.Option("--query-set", help="A query set of the corpus by name or key; one that is not there yet is made.")
    ] = "",
    format: Annotated[str, typer.Option(help=f"One of {', '.join(formats.FORMATS)}; guessed without it.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done and store nothing.")] = False,
    conflicts: Annotated[str, typer.Option(help="Where the file has another grade or text: keep or take.")] = "keep",
    unknown_queries: Annotated[str, typer.Option(help="Queries that are new: text adds those with a text, all, skip.")] = "text",
    unknown_documents: Annotated[str, typer.Option(help="Judgments of documents not in the corpus: skip or keep.")] = "skip",
    scale: Annotated[str, typer.Option(help='What the grades mean: "as is", clip, binary, or steps as in "1=2,4=3".')] = "as is",
    rater: Annotated[str, typer.Option(help="Who judged, where the file does not say.")] = IMPORTED,
) -> None:
    """Read queries and judgments from a file into a query set, all of it or nothing."""
    resolution = formats.Resolution(conflicts, unknown_queries, unknown_documents)
    data, chosen_scale = content(file), formats.scale_of(scale)
    name = format or formats.guess(file.name, data)
    if not name:
        raise BadInput(f"{file} is in no format that can be told; choose one with --format: {', '.join(formats.FORMATS)}")
    formats.format_of(name)
    corpus, sets, records = opened(folder)
    record, store = target(folder, records, query_set), JudgmentStore()
    here = (sets.queries(record.key), store.judgments(record.key), store.history(record.key)) if record else ((), (), ())
    documents = {document.id for document in corpus.documents}
    found = formats.preview(data, name, here[0], documents, *here[1:], chosen_scale, rater)
    told(str(file), found, resolution)
    if not dry_run:
        stored(sets, store, corpus, record, query_set or NAME, found.resolved(resolution))


@judgments.command("stats")
def stats(folder: Folder, query_set: QuerySetName = "", as_json: AsJson = False) -> None:
    """Say how much of each query set of a corpus is judged, by whom and how."""
    _, _, records = opened(folder)
    store = JudgmentStore()
    wanted = (chosen(folder, records, query_set),) if query_set else records
    numbers = [{"name": one.name, "key": one.key, "rule": one.rule, **asdict(store.stats(one.key))} for one in wanted]
    if as_json:
        typer.echo(json.dumps(numbers))
        return
    for one in numbers:
        typer.echo("\n".join(in_words(one)))
    if not numbers:
        typer.echo(f"{folder} has no query set")


def opened(folder: str) -> tuple[Corpus, QuerySets, Sequence[QuerySet]]:
    """A corpus and its query sets; what came with it is in sets of its own."""
    corpus, collection = read_folder(folder)
    sets = QuerySets()
    sets.ship(corpus.lineage, collection.queries, collection.judgments)
    return corpus, sets, sets.records(corpus.lineage)


def chosen(folder: str, records: Sequence[QuerySet], name: str) -> QuerySet:
    """The set with this key or name, or the only one. Raises BadInput where there is none, or several and no name."""
    if not name and len(records) == 1:
        return records[0]
    found = next((one for field in ("key", "name") for one in records if getattr(one, field) == name), None)
    if found is None:
        known = ", ".join(one.name for one in records) or "none"
        asked = f"has no query set {name!r}" if name else f"has {len(records)} query sets, choose one with --query-set"
        raise BadInput(f"{folder} {asked}; it has {known}")
    return found


def target(folder: str, records: Sequence[QuerySet], name: str) -> QuerySet | None:
    """The set that an import goes to; None where it is to be made. Raises BadInput where there are several and no name."""
    if name or not records:
        return next((one for field in ("key", "name") for one in records if getattr(one, field) == name), None)
    return chosen(folder, records, name)


def content(file: Path) -> bytes:
    """The bytes of a file. Raises BadInput where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}); give the path of a file") from None


def stored(
    sets: QuerySets, store: JudgmentStore, corpus: Corpus, record: QuerySet | None, name: str, entering: formats.Entering
) -> None:
    """Store what enters in one transaction, and say so; a set that was made for it does not outlive a failure."""
    home = record or sets.create(corpus.lineage, name)
    try:
        store.give(home.key, entering.verdicts, (*entering.queries, *entering.changed))
    except PlaygroundError:
        if record is None:
            sets.delete(home.key)
        raise
    counts = {"judgments": entering.verdicts, "new queries": entering.queries, "changed queries": entering.changed}
    typer.echo(f"Stored in the query set {home.name}: {', '.join(f'{what} {len(of):,}' for what, of in counts.items())}")


def in_words(numbers: dict[str, Any]) -> list[str]:
    """The numbers of a set in lines."""
    grades = ", ".join(f"{count:,} {GRADES[grade]}" for grade, count in numbers["by_grade"].items()) or "none"
    raters = ", ".join(f"{rater or 'unnamed'} {count:,}" for rater, count in numbers["by_rater"].items()) or "nobody"
    return [
        f"{numbers['name']} (key {numbers['key']}, rule {numbers['rule']})",
        f"  queries {numbers['queries']:,}, judged {numbers['judged']:,}, verdicts {numbers['verdicts']:,}",
        f"  grades: {grades}; can't tell {numbers['cant_tell']:,}",
        f"  raters: {raters}; disagreements {numbers['disagreements']:,}",
    ]
