"""`playground evaluate`: pipelines and runs of other systems scored side by side on judged queries, and a gate on the scores."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from retrieval import evaluation
from retrieval.chunking import CHUNKERS
from retrieval.cli import scoreboard
from retrieval.cli.chunkers import chunker_of
from retrieval.cli.common import AsJson, Folder, pipeline_of, progress_line, read_folder
from retrieval.cli.gating import gate
from retrieval.cli.judgments import chosen, opened
from retrieval.cli.measuring import Asked, measured, read_rankings
from retrieval.comparing import (
    FINAL,
    about,
    bound_of,
    changed,
    compare,
    imported_run,
    notes,
    read_report,
    report,
)
from retrieval.errors import BadInput
from retrieval.judging import PORTIONS, JudgmentStore, portion_of, without_synthetic
from retrieval.judging.holding import ALL
from retrieval.metrics import DEFAULT_METRICS, parse
from retrieval.pipeline import Pipeline
from retrieval.readers import Collection
from retrieval.types import STAGES, Judgment, Query

BETWEEN = re.compile(r"[,\s]+(?![^()]*\))")  # not within the brackets of a metric's parameters
FINEST = "finest"
LEVELS = (FINEST, "documents")

Pipelines = Annotated[
    list[Path] | None,
    typer.Option(
        "--pipeline",
        help="A pipeline file (TOML) as the app saves it, without it the default; give the option several times to compare.",
    ),
]
Chunkers = Annotated[
    list[str] | None,
    typer.Option(
        "--chunker",
        help=f"{', '.join(CHUNKERS)}: a chunker in place of the pipeline's, with settings as in "
        '"fixed size:size=100,overlap=10"; give the option several times to compare chunkers.',
    ),
]
RunFiles = Annotated[
    list[Path] | None,
    typer.Option("--run-file", help="A TREC run of another system, scored on the same queries; may be given several times."),
]
QuerySetName = Annotated[str, typer.Option(help="A query set judged in the app, by name or key, instead of a split.")]
Bounds = Annotated[
    list[str] | None,
    typer.Option("--fail-under", help="Exit with status 1 where a mean is lower, as in nDCG@10=0.70; may be given again."),
]
Baseline = Annotated[
    Path | None,
    typer.Option(help="An earlier --report: exit with status 1 where a metric, but for Judged, is lower beyond noise."),
]


def evaluate(
    folder: Folder,
    split: Annotated[str, typer.Option(help="Which qrels/<split>.tsv and qrels/<split>.spans.jsonl to use.")] = "test",
    pipeline: Pipelines = None,
    chunker: Chunkers = None,
    run_file: RunFiles = None,
    metrics: Annotated[str, typer.Option(help="Names of ir-measures, separated by commas or spaces.")] = "",
    query_set: QuerySetName = "",
    portion: Annotated[str, typer.Option(help=f"Which queries of a set: {', '.join(PORTIONS)}.")] = ALL,
    synthetic: Annotated[bool, typer.Option(help="With the known-item queries that nobody ever asked.")] = True,
    level: Annotated[str, typer.Option(help="finest: passages where spans are judged; documents: always documents.")] = FINEST,
    condensed: Annotated[bool, typer.Option("--condensed", help="Score without the results that have no judgment.")] = False,
    sample: Annotated[int | None, typer.Option(min=1, help="Evaluate this many queries, drawn with a fixed seed.")] = None,
    repetitions: Annotated[int, typer.Option(min=1, help="How often each query is timed.")] = 1,
    fresh: Annotated[bool, typer.Option("--fresh", help="Search again what an earlier evaluation kept.")] = False,
    report_file: Annotated[Path | None, typer.Option("--report", help="Write everything measured into this JSON file.")] = None,
    fail_under: Bounds = None,
    baseline: Baseline = None,
    stage: Annotated[str, typer.Option(help=f"Which stage --fail-under and --baseline look at: {', '.join(STAGES)}.")] = FINAL,
    as_json: AsJson = False,
) -> None:
    """Score every stage on the judged queries of a corpus, on passages where spans are judged, else on documents."""
    bounds = [bound_of(text) for text in fail_under or ()]
    named = tuple(filter(None, BETWEEN.split(metrics))) or DEFAULT_METRICS
    names = tuple(dict.fromkeys([*named, *(bound.metric for bound in bounds)]))
    parse(names)
    check_one_of("level", level, LEVELS)
    check_one_of("stage", stage, STAGES)
    earlier = read_report(baseline) if baseline else None
    settings = variants(pipeline or (), chunker or ())
    with progress_line() as progress:
        corpus, collection = read_folder(folder)
        every, judgments = in_query_set(folder, query_set) if query_set else in_split(folder, collection, split)
        judged = {judgment.query_id for judgment in judgments}
        wanted = portion_of(every if synthetic else without_synthetic(every), portion)
        queries = [query for query in wanted if query.id in judged]
        asked = Asked(corpus, evaluation.sample(queries, sample), judgments, level == FINEST, repetitions, fresh)
        others = {str(file): read_rankings(file, corpus) for file in run_file or ()}
        found = [measured(name, one, asked, progress) for name, one in settings.items()]
    judgeable = found[0].judgeable
    imported = (imported_run(name, rankings, judgeable) for name, rankings in others.items())
    runs = [*(run for one in found for run in one.runs), *imported]
    watched = [one.run(stage).name for one in found]
    comparison = compare(runs, asked.queries, judgeable, names, watched[0], condensed)
    rests_on = about(corpus, query_set or split, judgments) | {"repetitions": repetitions}
    if report_file:
        write(report_file, json.dumps(report(comparison, rests_on), allow_nan=False))
    said = [
        *notes(comparison, every, judgments, {document.id for document in corpus.documents}),
        *(sentence for one in found for sentence in one.traces.notes),
        *(changed(rests_on, earlier) if earlier else ()),
    ]
    scoreboard.show(comparison, found, watched, said, as_json)
    if bounds or earlier:
        gate(comparison, watched, bounds, earlier, as_json)


def variants(files: Sequence[Path], chunkers: Sequence[str]) -> dict[str, Pipeline]:
    """Every pipeline file under every chunker, named by what was given several times; "" is the only one's name."""
    found = {}
    for file in files or (None,):
        base = pipeline_of(file)
        for text in chunkers or ("",):
            name = " · ".join([str(file)] * (len(files) > 1) + [text] * (len(chunkers) > 1))
            found[name] = base.with_(chunker=chunker_of(text)) if text else base
    return found


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


def check_one_of(what: str, value: str, known: Sequence[str]) -> None:
    """Raise BadInput unless a value is one of those that are known."""
    if value not in known:
        raise BadInput(f"the {what} {value!r} is not known; choose {', '.join(known[:-1])} or {known[-1]}")


def write(file: Path, text: str) -> None:
    """Write a file. Raises BadInput where it cannot be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file} cannot be written ({error.strerror}); choose another place") from None
