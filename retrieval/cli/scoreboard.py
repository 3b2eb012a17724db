"""What `playground evaluate` prints: a table for people, or one JSON value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer

from retrieval.cli.measuring import Evaluated
from retrieval.comparing import Comparison, Run, judged_at
from retrieval.statistics import interval, significance
from retrieval.tracing import milliseconds
from retrieval.types import STAGES

DEPTH = 10  # of the top whose unjudged share is told
DIGITS = 4
NARROWEST = 6  # columns of a number with so many decimals


def show(comparison: Comparison, found: Sequence[Evaluated], watched: Sequence[str], said: Sequence[str], as_json: bool) -> None:
    """Print what was found; `watched` are the runs that the pipelines are compared by, the first the baseline."""
    if as_json:
        reports = [as_dict(comparison, one, said) for one in found]
        typer.echo(json.dumps(reports if len(reports) > 1 else reports[0]))
        return
    table(comparison, found)
    for line in (*lines(comparison, found, watched), *(f"Note: {sentence}" for sentence in said)):
        typer.echo(line)
    typer.echo(f"{len(comparison.queries)} queries, judged on {comparison.level}")


def as_dict(comparison: Comparison, one: Evaluated, said: Sequence[str]) -> dict[str, Any]:
    """Sizes, what was scored, {stage: {metric: mean, …}}, the same of the runs of other systems, and the pipeline."""
    counts = {"documents": one.documents, "chunks": one.chunks, "characters": one.characters}
    scored = {"queries": len(comparison.queries), "level": comparison.level, "condensed": comparison.condensed}
    grades = one.judgeable.grades
    stages = {run.stage: scores(comparison, run, grades) | times(one, run) for run in one.runs}
    imported = {run.name: scores(comparison, run, grades) for run in imported_runs(comparison)}
    pipeline = one.traces.pipeline.to_dict()
    return counts | scored | {"stages": stages, "runs": imported, "notes": list(said), "pipeline": pipeline}


def imported_runs(comparison: Comparison) -> list[Run]:
    """Those of other systems."""
    return [run for run in comparison.runs if run.pipeline is None]


def scores(comparison: Comparison, run: Run, grades: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """{metric: mean}, the 95 % intervals and shares of judged results by metric, and the unjudged share of all top tens."""
    estimates = {metric: comparison.estimate(run.name, metric) for metric in comparison.metrics}
    return {
        **{metric: one.mean for metric, one in estimates.items()},
        "intervals": {metric: None if one.low is None else [one.low, one.high] for metric, one in estimates.items()},
        "judged": {metric: comparison.judged_share(run.name, metric) for metric in comparison.metrics},
        "queries": len(comparison.queries),
        "unjudged": unjudged(run, comparison, grades),
    }


def unjudged(run: Run, comparison: Comparison, grades: Mapping[str, Mapping[str, int]]) -> float:
    """The share of the results in all top tens that have no judgment."""
    top = [
        (query.id, id) for query in comparison.queries if query.id in run.rankings for id in run.rankings[query.id].ids[:DEPTH]
    ]
    return sum(id not in grades[query] for query, id in top) / len(top) if top else 0.0


def times(one: Evaluated, run: Run) -> dict[str, float | None]:
    """Milliseconds of a stage alone, and until its ranking is there."""
    alone = one.traces.stage_seconds(run.stage)
    own = {f"p{percent}_ms": milliseconds(alone, percent) for percent in (50, 95)}
    return own | {f"until_p{percent}_ms": run.milliseconds(percent) for percent in (50, 95)}


def table(comparison: Comparison, found: Sequence[Evaluated]) -> None:
    """The rows of a stage together, one for each pipeline, then the runs of other systems."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    several = len(found) > 1
    share = [name for name in (judged_at(comparison.metrics[0]),) if name not in comparison.metrics]
    rows = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    rows.add_column("stage", overflow="fold", min_width=max(map(len, STAGES)))
    if several:
        rows.add_column("pipeline", overflow="fold")
    for name in (*comparison.metrics, *share, "p50 ms", "p95 ms"):
        rows.add_column(name, min_width=max(len(name), NARROWEST))
    for stage in STAGES:
        for one in found:
            rows.add_row(stage, *([escape(one.name)] if several else []), *cells(comparison, one.run(stage), bool(share)))
        if several:
            rows.add_section()
    for run in imported_runs(comparison):
        rows.add_row(escape(run.name), *([""] if several else []), *cells(comparison, run, bool(share)))
    Console().print(rows)


def cells(comparison: Comparison, run: Run, share: bool) -> list[str]:
    """The numbers of a run as they are printed: means with their intervals, the judged share, milliseconds."""
    means = [comparison.estimate(run.name, metric) for metric in comparison.metrics]
    numbers = [interval(one, digits=DIGITS) for one in means]
    numbers += [f"{comparison.judged_share(run.name, comparison.metrics[0]):.0%}"] if share else []
    return [*numbers, *("–" if value is None else f"{value:.1f}" for value in map(run.milliseconds, (50, 95)))]


def lines(comparison: Comparison, found: Sequence[Evaluated], watched: Sequence[str]) -> Iterator[str]:
    """What stands below the table: the chunks, the differences to the first pipeline, and what the columns mean."""
    for evaluated in found:
        prefix = f"{evaluated.name}: " if evaluated.name else ""
        yield f"{prefix}{evaluated.chunks:,} chunks of {evaluated.characters:,.0f} characters on average"
    metric = comparison.metrics[0]
    for run in (*watched[1:], *(run.name for run in imported_runs(comparison))):
        if one := comparison.difference(run, metric):
            yield f"{run}: {metric} {interval(one, '+', DIGITS)} against {watched[0]}, {significance(one)}"
    times = found[0].traces.repetitions
    over = "once" if times == 1 else f"{times:,} times"
    yield f"In brackets: 95 % intervals. Milliseconds until the ranking is there, each query timed {over} after a warm-up"
    if moments := [moment for one in found for moment in one.traces.measured or ()]:
        yield f"Measured from {min(moments):%Y-%m-%d %H:%M} to {max(moments):%Y-%m-%d %H:%M} UTC; --fresh measures again"
