"""The same library from a terminal: `playground search`, `build`, `evaluate`, `judgments` and `app`; one file a command."""

from __future__ import annotations

import os
import sys

import typer

from retrieval.cli.building import build
from retrieval.cli.evaluating import evaluate
from retrieval.cli.judgments import judgments
from retrieval.cli.searching import search
from retrieval.cli.serving import open_app
from retrieval.errors import PlaygroundError

app = typer.Typer(
    help="See and measure dense, sparse, fused and reranked rankings of a corpus.", no_args_is_help=True, add_completion=False
)
app.command()(search)
app.command()(build)
app.command()(evaluate)
app.add_typer(judgments, name="judgments")
app.command("app")(open_app)


def main() -> None:
    """Entry point of the `playground` command: an expected failure is one sentence and exit status 1."""
    if not sys.stderr.isatty():  # nobody watches the bars of models that load, they would bury that sentence
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        app()
    except PlaygroundError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from None
