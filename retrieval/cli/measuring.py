"""What `playground evaluate` measures: pipelines over a corpus, and runs of other systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import typer

from retrieval.cli.imports import SHOWN
from retrieval.cli.judgments import content
from retrieval.comparing import Run, stage_run
from retrieval.engine import Engine
from retrieval.errors import BadInput
from retrieval.judgeable import Judgeable
from retrieval.judging import read_run
from retrieval.pipeline import Pipeline
from retrieval.tracing import Traces, TraceStore, trace
from retrieval.types import STAGES, Corpus, Judgment, Progress, Query, Ranking
from retrieval.workspace import Workspace


@dataclass(frozen=True)
class Asked:
    """On what everything is measured: judged `queries`, scored on `passages` where there are any, each timed `repetitions` times.

    `fresh`: nothing is taken from an earlier evaluation.
    """

    corpus: Corpus
    queries: Sequence[Query]
    judgments: Sequence[Judgment]
    passages: bool
    repetitions: int
    fresh: bool


@dataclass(frozen=True)
class Evaluated:
    """What a pipeline did, under the name that it was asked for by; `chunks` have `characters` on average."""

    name: str
    traces: Traces
    judgeable: Judgeable
    runs: tuple[Run, ...]
    documents: int
    chunks: int
    characters: float

    def run(self, stage: str) -> Run:
        """The run of one stage."""
        return self.runs[STAGES.index(stage)]


def measured(name: str, pipeline: Pipeline, asked: Asked, progress: Progress) -> Evaluated:
    """Build what a pipeline needs and search every query, but for what an earlier evaluation kept."""

    def named(sentence: str, share: float) -> None:
        progress(f"{name}: {sentence}" if name else sentence, share)

    workspace = Workspace()
    engine = Engine.open(asked.corpus, pipeline, workspace, named)
    store = TraceStore(workspace.home)
    traces = trace(engine, asked.queries, store, repetitions=asked.repetitions, progress=named, fresh=asked.fresh)
    told_refused(f"query {query}: {reason}" for query, reason in traces.refused.items())
    judgeable = Judgeable.of(asked.judgments, engine.indexes.chunks, engine.document_of, asked.passages)
    runs = tuple(stage_run(f"{name} · {stage}" if name else stage, traces, judgeable, stage) for stage in STAGES)
    lengths = [chunk.end - chunk.start for chunk in engine.indexes.chunks]
    characters = float(np.mean(lengths)) if lengths else 0.0
    return Evaluated(name, traces, judgeable, runs, len(asked.corpus.documents), len(lengths), characters)


def read_rankings(file: Path, corpus: Corpus) -> Mapping[str, Ranking]:
    """The rankings of documents in a TREC run, by query id; what was refused of it goes to standard error.

    Raises BadInput where the file cannot be read or holds nothing that can be used.
    """
    found = read_run(str(file), content(file), None, {document.id for document in corpus.documents})
    told_refused(map(str, found.refused))
    if not found.rankings:
        raise BadInput(f"{file} holds no result that can be used; give a TREC run over this corpus")
    return found.rankings


def told_refused(reasons: Iterable[str]) -> None:
    """Print why things were refused, the first of them, to standard error."""
    lines = list(reasons)
    for line in lines[:SHOWN]:
        typer.echo(f"Refused: {line}", err=True)
    if len(lines) > SHOWN:
        typer.echo(f"Refused: {len(lines) - SHOWN:,} more", err=True)
