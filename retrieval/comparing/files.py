"""A comparison as files: CSV by query, TREC runs, and a JSON report that a later one can be compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from retrieval.comparing.comparison import Comparison
from retrieval.comparing.runs import Run
from retrieval.experiments.records import version_of
from retrieval.exporting import csv_table
from retrieval.judging.files.trec import trec_id
from retrieval.judging.records import now
from retrieval.statistics import Difference, Estimate
from retrieval.types import Corpus, Judgment

VERSION = 1
_TAG = re.compile(r"[\w.,:=+-]+")


def per_query_csv(comparison: Comparison) -> str:
    """A line for each query and run: id, text, class, level, run, and every metric."""
    head = ("query_id", "query", "class", "level", "run", *comparison.metrics)
    lines = [
        (
            query.id,
            query.text,
            query.category,
            comparison.levels[query.id],
            run.name,
            *(float(comparison.scores[run.name][metric][at]) for metric in comparison.metrics),
        )
        for at, query in enumerate(comparison.queries)
        for run in comparison.runs
    ]
    return csv_table([head, *lines])


def trec_run(run: Run) -> str:
    """`qid Q0 docid rank score tag` on each line. Raises BadInput where an id has white space in it."""
    tag = "-".join(_TAG.findall(run.name)) or "run"
    lines = [
        f"{trec_id('query id', query)} Q0 {trec_id('document id', id)} {rank} {float(score)!r} {tag}\n"
        for query, ranking in run.rankings.items()
        for rank, (id, score) in enumerate(zip(ranking.ids, ranking.scores, strict=True), start=1)
    ]
    return "".join(lines)


def about(corpus: Corpus, query_set: str, judgments: Iterable[Judgment]) -> dict[str, str]:
    """On what a comparison rests and when it was made (UTC, ISO 8601), for `report`; two reports tell by it what changed."""
    return {
        "corpus": corpus.name,
        "corpus_fingerprint": corpus.fingerprint,
        "query_set": query_set,
        "judgments_version": version_of(judgments),
        "created": now(),
    }


def report(comparison: Comparison, about: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that was measured, as plain values for JSON; `about` says on what and when, as the function `about` does."""
    return {
        "version": VERSION,
        **about,
        "queries": [query.id for query in comparison.queries],
        "level": comparison.level,
        "condensed": comparison.condensed,
        "baseline": comparison.baseline,
        "runs": [_run(comparison, run) for run in comparison.runs],
    }


def _run(comparison: Comparison, run: Run) -> dict[str, Any]:
    measured = {"p50_ms": run.milliseconds(50), "p95_ms": run.milliseconds(95)} if run.seconds is not None else {}
    setting = (
        {"stage": run.stage, "pipeline": run.pipeline.to_dict(), "fingerprint": run.pipeline.fingerprint()}
        if run.pipeline
        else {}
    )
    return {
        "name": run.name,
        **setting,
        **measured,
        "metrics": {metric: _metric(comparison, run.name, metric) for metric in comparison.metrics},
    }


def _metric(comparison: Comparison, run: str, metric: str) -> dict[str, Any]:
    difference = comparison.difference(run, metric)
    values = comparison.scores[run][metric].tolist()
    return {
        **_estimate(comparison.estimate(run, metric)),
        "judged": comparison.judged_share(run, metric),
        **({"against_baseline": _difference(difference)} if difference else {}),
        "by_query": dict(zip([query.id for query in comparison.queries], values, strict=True)),
    }


def _estimate(one: Estimate) -> dict[str, Any]:
    return {"mean": one.mean, "low": one.low, "high": one.high}


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "mean": one.mean,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "p_holm": one.p_holm,
        "improved": one.improved,
        "equal": one.equal,
        "worse": one.worse,
        "detectable": one.detectable,
        "within_noise": one.within_noise,
    }
