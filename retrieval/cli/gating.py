"""The gate of `playground evaluate`: whether scores are good enough, as an exit status and a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from retrieval.comparing import Bound, Comparison, below, judged_at, worse


def gate(
    comparison: Comparison, runs: Sequence[str], bounds: Sequence[Bound], earlier: Mapping[str, Any] | None, as_json: bool
) -> None:
    """Say in one line whether the runs pass; where one does not, the line is on standard error and the exit status 1."""
    quality = [metric for metric in comparison.metrics if judged_at(metric) != metric] or comparison.metrics
    for run in runs:
        line = below(comparison, run, bounds) or (worse(comparison, run, earlier, quality) if earlier else "")
        if line:
            typer.echo(f"Failed: {line}", err=True)
            raise typer.Exit(1)
    kept = [f"{bound.metric} is at least {bound.least}" for bound in bounds]
    kept += [f"{', '.join(quality)} not lower than in the baseline beyond noise"] if earlier else []
    typer.echo(f"Passed: {'; '.join(kept)} ({', '.join(runs)})", err=as_json)
