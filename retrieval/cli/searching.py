"""`playground search`: one query through every stage."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from retrieval.cli.common import AsJson, Folder, PipelineFile, pipeline_of, progress_line, read_folder
from retrieval.engine import Engine
from retrieval.types import Ranking, Trace
from retrieval.workspace import Workspace


def search(
    folder: Folder,
    query: Annotated[str, typer.Argument(help="What to search for.")],
    pipeline: PipelineFile = None,
    as_json: AsJson = False,
) -> None:
    """Search a corpus and print the ranking after each stage with its time."""
    with progress_line() as progress:
        chosen = pipeline_of(pipeline)
        corpus, _ = read_folder(folder)
        engine = Engine.open(corpus, chosen, Workspace(), progress)
        trace = engine.search(query)
    if as_json:
        typer.echo(json.dumps(trace_to_dict(trace)))
        return
    print_trace(engine, trace)


def trace_to_dict(trace: Trace) -> dict[str, Any]:
    """{"query", "stages": {stage: [{"id", "score"}]}, "ms": {step: milliseconds}, "notes"}."""
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


def print_trace(engine: Engine, trace: Trace) -> None:
    """The rankings side by side, and the notes below."""
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


def _cell(engine: Engine, ranking: Ranking, at: int) -> str:
    if at >= len(ranking):
        return ""
    return f"{ranking.ids[at]}  {ranking.scores[at]:.4f}\n{engine.chunk(ranking.ids[at]).title[:60]}"
