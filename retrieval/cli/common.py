"""What the commands share: their arguments, a folder opened, and the progress line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from retrieval.corpora import open_both, stored
from retrieval.embedding import duration
from retrieval.jobs import Job
from retrieval.pipeline import Pipeline, read_pipeline
from retrieval.readers import Collection
from retrieval.types import Corpus, Progress

Folder = Annotated[str, typer.Argument(help="A BEIR folder, or the name or key of a corpus.")]
PipelineFile = Annotated[
    Path | None, typer.Option("--pipeline", help="A pipeline file (TOML) as the app saves it; the default pipeline without it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value on standard output; progress goes to standard error.")]


def pipeline_of(file: Path | None) -> Pipeline:
    """The pipeline of a file, or the default one."""
    return read_pipeline(file) if file else Pipeline()


def read_folder(folder: str) -> tuple[Corpus, Collection]:
    """A corpus by key, name or path and its collection; what was refused goes to standard error."""
    corpus, collection = open_both(folder, stored())
    for refusal in collection.refused:
        typer.echo(f"Refused: {refusal.where}: {refusal.reason}", err=True)
    return corpus, collection


@contextmanager
def progress_line() -> Iterator[Progress]:
    """A progress line on standard error, only where a person watches it."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task, job = bar.add_task("Opening", total=1.0), Job("", "running")

        def told(sentence: str, share: float) -> None:
            nonlocal job
            job = job.went_on(sentence, share)
            left = "" if job.seconds_left is None else f" · {duration(job.seconds_left)} left"
            bar.update(task, description=f"{sentence}{left}", completed=share)

        yield told
