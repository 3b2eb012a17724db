"""The same library from a terminal: `playground search`, `playground evaluate`, `playground app`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from retrieval.errors import BadInput, PlaygroundError

app = typer.Typer(
    help="See and measure dense, sparse, fused and reranked rankings of a corpus.", no_args_is_help=True, add_completion=False
)

Folder = Annotated[str, typer.Argument(help="A BEIR folder, or the name of a sample corpus.")]
PipelineFile = Annotated[
    Path | None, typer.Option("--pipeline", help="A pipeline file (TOML) as the app saves it; the default pipeline without it.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output; progress goes to standard error.")
]


def main() -> None:
    """Entry point of the `playground` command: an expected failure is one sentence and exit status 1."""
    try:
        app()
    except PlaygroundError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from None


@app.command()
def search(
    folder: Folder,
    query: Annotated[str, typer.Argument(help="What to search for.")],
    pipeline: PipelineFile = None,
    as_json: AsJson = False,
) -> None:
    """Search a corpus and print the ranking after each stage with its time."""
    with _progress() as progress:
        engine = _open(folder, pipeline, progress)[0]
        trace = engine.search(query)
    if as_json:
        typer.echo(json.dumps(_trace_to_dict(trace)))
        return
    _print_trace(engine, trace)


@app.command()
def evaluate(
    folder: Folder,
    split: Annotated[str, typer.Option(help="Which qrels/<split>.tsv to use.")] = "test",
    pipeline: PipelineFile = None,
    metrics: Annotated[str, typer.Option(help="Names of ir-measures, separated by commas or spaces.")] = "",
    sample: Annotated[int | None, typer.Option(min=1, help="Evaluate this many queries, drawn with a fixed seed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score every stage on the judged queries of a corpus."""
    from retrieval import evaluation
    from retrieval.metrics import DEFAULT_METRICS, parse

    names = tuple(metrics.replace(",", " ").split()) or DEFAULT_METRICS
    parse(names)
    with _progress() as progress:
        engine, collection = _open(folder, pipeline, progress)
        judgments = collection.judgments.get(split)
        if judgments is None:
            raise BadInput(f"{folder} has no split {split!r}; it has {', '.join(collection.judgments) or 'none'}")
        judged = {judgment.query_id for judgment in judgments}
        queries = evaluation.sample([query for query in collection.queries if query.id in judged], sample)
        report = evaluation.evaluate(engine, queries, judgments, names, progress=progress)
    if as_json:
        typer.echo(json.dumps(_report_to_dict(engine, report)))
        return
    _print_report(report, names)


@app.command("app")
def open_app(
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 8501,
    headless: Annotated[bool, typer.Option(help="Do not open a browser window.")] = False,
    corpora: Annotated[Path | None, typer.Option(help="A folder of BEIR folders to offer beside the samples.")] = None,
) -> None:
    """Open the playground in a web browser."""
    if corpora is not None:
        os.environ["PLAYGROUND_CORPORA"] = str(corpora.resolve())
    os.environ.setdefault("PLAYGROUND_HOME", str(Path("workspace").resolve()))
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-m", "streamlit", "run", str(root / "app.py"), "--server.port", str(port)]
    raise SystemExit(subprocess.call([*command, "--server.headless", str(headless).lower()], cwd=root))


def _open(folder: str, pipeline_file: Path | None, progress: Callable[[str, float], None]) -> tuple[Any, Any]:
    """The engine over a folder, and the folder's collection."""
    from retrieval.corpora import read_collection
    from retrieval.engine import Engine
    from retrieval.pipeline import Pipeline, read_pipeline
    from retrieval.types import Corpus
    from retrieval.workspace import Workspace

    pipeline = read_pipeline(pipeline_file) if pipeline_file else Pipeline()
    collection = read_collection(folder)
    for refusal in collection.refused:
        typer.echo(f"Refused: {refusal.where}: {refusal.reason}", err=True)
    corpus = Corpus(Path(folder).name, collection.documents)
    return Engine.open(corpus, pipeline, Workspace(), progress), collection


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A progress line on standard error, only where a person watches it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Opening", total=1.0)
        yield lambda sentence, share: bar.update(task, description=sentence, completed=share)


def _trace_to_dict(trace: Any) -> dict[str, Any]:
    stages = {
        name: [{"id": id, "score": score} for id, score in zip(ranking.ids, ranking.scores, strict=True)]
        for name, ranking in trace.rankings.items()
    }
    return {
        "query": trace.query,
        "stages": stages,
        "ms": {name: value * 1000 for name, value in trace.seconds.items()},
        "notes": list(trace.notes),
    }


def _report_to_dict(engine: Any, report: Any) -> dict[str, Any]:
    counts = {"documents": len(engine.corpus.documents), "chunks": len(engine.indexes.chunks), "queries": len(report.queries)}
    return counts | {"stages": report.to_dict(), "pipeline": engine.pipeline.to_dict()}


def _print_trace(engine: Any, trace: Any) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("rank", *(f"{name}, {trace.stage_seconds(name) * 1000:.1f} ms" for name in trace.rankings))
    for rank in range(engine.pipeline.results):
        cells = [_cell(engine, ranking, rank) for ranking in trace.rankings.values()]
        if any(cells):
            table.add_row(str(rank + 1), *(escape(cell) for cell in cells))
    Console().print(table)
    for note in trace.notes:
        typer.echo(note)


def _cell(engine: Any, ranking: Any, at: int) -> str:
    if at >= len(ranking):
        return ""
    return f"{ranking.ids[at]}  {ranking.scores[at]:.4f}\n{engine.chunk(ranking.ids[at]).title[:60]}"


def _print_report(report: Any, names: tuple[str, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("stage", *names, "p50 ms", "p95 ms", "unjudged")
    for name, stage in report.to_dict().items():
        numbers = [f"{stage[metric]:.4f}" for metric in names] + [f"{stage[key]:.1f}" for key in ("p50_ms", "p95_ms")]
        table.add_row(name, *numbers, f"{stage['unjudged']:.0%}")
    Console().print(table)
    typer.echo(f"{len(report.queries)} queries")
