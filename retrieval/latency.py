"""How long a query takes, over repetitions: p50 and p95 of every step, warm-up excluded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.engine import Engine
from retrieval.errors import require
from retrieval.pipeline import Pipeline
from retrieval.types import Progress, unheard

WARM_UP = 2


@dataclass(frozen=True)
class Latency:
    """Milliseconds of each step over `repetitions` runs of one query; "total" is the critical path."""

    repetitions: int
    p50: Mapping[str, float]
    p95: Mapping[str, float]


def measure_latency(
    engine: Engine,
    query: str,
    pipeline: Pipeline,
    repetitions: int,
    progress: Progress = unheard,
) -> Latency:
    """Search `repetitions` times with nothing remembered, after a warm-up of two."""
    require(repetitions >= 1, f"repetitions {repetitions} must be at least 1")
    for _ in range(WARM_UP):
        engine.search(query, pipeline)
    runs = []
    for done in range(1, repetitions + 1):
        trace = engine.search(query, pipeline)
        runs.append({**trace.seconds, "total": trace.total})
        progress(f"Run {done} of {repetitions}", done / repetitions)
    columns = {step: np.array([run[step] for run in runs]) * 1000.0 for step in runs[0]}
    p50 = {step: float(np.percentile(values, 50)) for step, values in columns.items()}
    return Latency(repetitions, p50, {step: float(np.percentile(values, 95)) for step, values in columns.items()})
