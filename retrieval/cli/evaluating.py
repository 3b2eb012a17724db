"""`playground evaluate`: every stage scored on judged queries, under one chunker or several side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import typer

from retrieval import evaluation
from retrieval.chunking import CHUNKERS
from retrieval.cli.chunkers import chunker_of
from retrieval.cli.common import AsJson, Folder, PipelineFile, pipeline_of, progress_line, read_folder
from retrieval.cli.judgments import chosen, opened
from retrieval.engine import Engine
from retrieval.errors import BadInput
from retrieval.evaluation import Report
from retrieval.judging import JudgmentStore, without_synthetic
from retrieval.metrics import DEFAULT_METRICS, parse
from retrieval.pipeline import Pipeline
from retrieval.readers import Collection
from retrieval.types import STAGES, Corpus, Judgment, Query
from retrieval.workspace import Workspace

FINEST = "finest"
LEVELS = (FINEST, "documents")

Chunkers = Annotated[
    list[str] | None,
    typer.Option(
        "--chunker",
        help=f"{', '.join(CHUNKERS)}: a chunker in place of the pipeline's, with settings as in "
        '"fixed size:size=100,overlap=10"; give the option several times to compare chunkers.',
    ),
]

QuerySetName = Annotated[str, typer.Option(help="A query set judged in the app, by name or key, instead of a split.")]


@dataclass(frozen=True)
class Evaluated:
    """A pipeline's report under the name that it was asked for by; `chunks` have `characters` on average."""

    name: str
    pipeline: Pipeline
    report: Report
    documents: int
    chunks: int
    characters: float

    def to_dict(self) -> dict[str, Any]:
        """Sizes, what was scored, {stage: {metric: mean, …}}, and the pipeline."""
        counts = {"documents": self.documents, "chunks": self.chunks, "characters": self.characters}
        scored = {"queries": len(self.report.queries), "level": self.report.level, "stages": self.report.to_dict()}
        return counts | scored | {"pipeline": self.pipeline.to_dict()}


def evaluate(
    folder: Folder,
    split: Annotated[str, typer.Option(help="Which qrels/<split>.tsv and qrels/<split>.spans.jsonl to use.")] = "test",
    pipeline: PipelineFile = None,
    chunker: Chunkers = None,
    metrics: Annotated[str, typer.Option(help="Names of ir-measures, separated by commas or spaces.")] = "",
    query_set: QuerySetName = "",
    synthetic: Annotated[bool, typer.Option(help="With the known-item queries that nobody ever asked.")] = True,
    level: Annotated[str, typer.Option(help="finest: passages where spans are judged; documents: always documents.")] = FINEST,
    sample: Annotated[int | None, typer.Option(min=1, help="Evaluate this many queries, drawn with a fixed seed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score every stage on the judged queries of a corpus, on passages where spans are judged, else on documents."""
    names = tuple(metrics.replace(",", " ").split()) or DEFAULT_METRICS
    parse(names)
    if level not in LEVELS:
        raise BadInput(f"the level {level!r} is not known; choose {' or '.join(LEVELS)}")
    base = pipeline_of(pipeline)
    settings_by_name = {text: base.with_(chunker=chunker_of(text)) for text in chunker or ()} or {"": base}
    with progress_line() as progress:
        corpus, collection = read_folder(folder)
        asked, judgments = in_query_set(folder, query_set) if query_set else in_split(folder, collection, split)
        asked = asked if synthetic else without_synthetic(asked)
        judged = {judgment.query_id for judgment in judgments}
        queries = evaluation.sample([query for query in asked if query.id in judged], sample)
        found = [
            run(name, corpus, settings, queries, judgments, names, progress, level) for name, settings in settings_by_name.items()
        ]
    if as_json:
        reports = [one.to_dict() for one in found]
        typer.echo(json.dumps(reports if len(reports) > 1 else reports[0]))
        return
    print_reports(found, names)


def in_split(folder: str, collection: Collection, split: str) -> tuple[Sequence[Query], Sequence[Judgment]]:
    """Queries and judgments that came with a corpus. Raises BadInput where it has no such split."""
    if split not in collection.judgments:
        raise BadInput(f"{folder} has no split {split!r}; it has {', '.join(collection.judgments) or 'none'}")
    return collection.queries, collection.judgments[split]


def in_query_set(folder: str, name: str) -> tuple[Sequence[Query], Sequence[Judgment]]:
    """Queries of a set in the database, and the judgments that count. Raises BadInput where the corpus has no such set."""
    _, sets, records = opened(folder)
    found = chosen(folder, records, name)
    return sets.queries(found.key), JudgmentStore().judgments(found.key)


def run(
    name: str,
    corpus: Corpus,
    pipeline: Pipeline,
    queries: Sequence[Query],
    judgments: Sequence[Judgment],
    metrics: Sequence[str],
    progress: Callable[[str, float], None],
    level: str = FINEST,
) -> Evaluated:
    """Build what a pipeline needs and evaluate it."""

    def named(sentence: str, share: float) -> None:
        progress(f"{name}: {sentence}" if name else sentence, share)

    engine = Engine.open(corpus, pipeline, Workspace(), named)
    report = evaluation.evaluate(engine, queries, judgments, metrics, progress=named, passages=level == FINEST)
    lengths = [chunk.end - chunk.start for chunk in engine.indexes.chunks]
    return Evaluated(name, pipeline, report, len(corpus.documents), len(lengths), float(np.mean(lengths)) if lengths else 0.0)


def print_reports(found: Sequence[Evaluated], metrics: Sequence[str]) -> None:
    """One table: the rows of a stage together, one for each chunker; below it the chunks and what was scored."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    several = len(found) > 1
    table = Table("stage", *(["chunker"] if several else []), *metrics, "p50 ms", "p95 ms", "unjudged")
    for stage in STAGES:
        for one in found:
            name = [escape(one.name)] if several else []
            table.add_row(stage, *name, *cells(one.report.to_dict()[stage], metrics))
        if several:
            table.add_section()
    Console().print(table)
    for one in found:
        prefix = f"{one.name}: " if one.name else ""
        typer.echo(f"{prefix}{one.chunks:,} chunks of {one.characters:,.0f} characters on average")
    typer.echo(f"{len(found[0].report.queries)} queries, judged on {found[0].report.level}")


def cells(stage: dict[str, Any], metrics: Sequence[str]) -> list[str]:
    """The numbers of a stage as they are printed."""
    numbers = [f"{stage[metric]:.4f}" for metric in metrics] + [f"{stage[key]:.1f}" for key in ("p50_ms", "p95_ms")]
    return [*numbers, f"{stage['unjudged']:.0%}"]
