"""`playground build`: the index of a corpus, made in the foreground and seen by every page that looks at the corpus."""

from __future__ import annotations

from typing import Annotated

import typer

from retrieval.building import build as build_index
from retrieval.cli.chunkers import chunker_of
from retrieval.cli.common import Folder, PipelineFile, pipeline_of, progress_line
from retrieval.workspace import default_home


def build(
    folder: Folder,
    pipeline: PipelineFile = None,
    chunker: Annotated[
        str | None, typer.Option(help='A chunker in place of the pipeline\'s, as in "fixed size:size=100,overlap=10".')
    ] = None,
) -> None:
    """Build the index of a corpus and put it to use; what an earlier build embedded is not embedded again."""
    settings = pipeline_of(pipeline)
    settings = settings.with_(chunker=chunker_of(chunker)) if chunker else settings
    with progress_line() as progress:
        corpus = build_index(folder, settings, default_home(), progress)
    typer.echo(f"Built the index of {corpus.name}: {len(corpus.documents):,} documents")
