"""A comparison as an experiment that can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from retrieval.comparing.comparison import Comparison
from retrieval.comparing.runs import Run
from retrieval.experiments.records import Experiment, Mean, version_of
from retrieval.experiments.records import Run as KeptRun
from retrieval.judging.records import QuerySet
from retrieval.types import Corpus, Judgment


def experiment(
    comparison: Comparison,
    name: str,
    note: str,
    corpus: Corpus,
    query_set: QuerySet,
    judgments: Iterable[Judgment],
    settings: Mapping[str, Any],
) -> Experiment:
    """Every run with its means, scores and times; `settings` says what else is needed to run it again, as plain values."""
    own = {
        "metrics": list(comparison.metrics),
        "baseline": comparison.baseline,
        "level": comparison.level,
        "condensed": comparison.condensed,
    }
    return Experiment(
        name=name,
        kind="evaluation",
        corpus=corpus.lineage,
        corpus_name=corpus.name,
        corpus_fingerprint=corpus.fingerprint,
        query_set=query_set.key,
        query_set_name=query_set.name,
        judgments_version=version_of(judgments),
        runs=tuple(_run(comparison, run) for run in comparison.runs),
        settings={**settings, **own},
        note=note,
    )


def _run(comparison: Comparison, run: Run) -> KeptRun:
    ids = [query.id for query in comparison.queries]
    estimates = {metric: comparison.estimate(run.name, metric) for metric in comparison.metrics}
    times = {percent: run.milliseconds(percent) for percent in (50, 95)}
    p50, p95 = ({} if time is None else {"total": time} for time in times.values())
    return KeptRun(
        name=run.name,
        kind=_kind(run),
        means={metric: Mean(one.mean, one.low, one.high) for metric, one in estimates.items()},
        scores={metric: dict(zip(ids, comparison.scores[run.name][metric].tolist(), strict=True)) for metric in estimates},
        pipeline=run.pipeline.to_toml() if run.pipeline else "",
        fingerprint=run.pipeline.fingerprint() if run.pipeline else "",
        stage=run.stage,
        p50_ms=p50,
        p95_ms=p95,
    )


def _kind(run: Run) -> str:
    """One of `retrieval.experiments.RUN_KINDS`; the stages of a pipeline stand under their own names."""
    if run.pipeline is None:
        return "imported"
    return "stage" if run.name == run.stage else "pipeline"
