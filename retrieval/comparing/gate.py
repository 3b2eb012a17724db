"""A gate for continuous integration: a score must not be below a bound, nor clearly below that of an earlier report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.comparing.comparison import Comparison
from retrieval.comparing.files import VERSION
from retrieval.errors import BadInput
from retrieval.experiments.plain import of_plain
from retrieval.statistics import SAME, differences

ANEW = "write a new one with playground evaluate --report"
ROUNDING = 1e-6  # ends of intervals come from 32-bit numbers: one that is zero may lie a little below it
SCORING = ("level", "condensed")  # what a score means, beside its metric


@dataclass(frozen=True, slots=True)
class Bound:
    """The least that a metric's mean may be."""

    metric: str
    least: float


def bound_of(text: str) -> Bound:
    """`nDCG@10=0.70` as a bound. Raises BadInput where it is none."""
    metric, sign, number = text.rpartition("=")
    try:
        least = float(number)
    except ValueError:
        least = float("nan")
    if not sign or not metric.strip() or not isfinite(least):
        raise BadInput(f"{text!r} is no bound; write a metric, = and a number, as in nDCG@10=0.70")
    return Bound(metric.strip(), least)


def below(comparison: Comparison, run: str, bounds: Sequence[Bound]) -> str:
    """One line on the first bound that a run misses, "" where it keeps all of them; a mean that rounding parts from it does."""
    for bound in bounds:
        mean = float(comparison.scores[run][bound.metric].mean())
        if mean < bound.least - SAME:
            return f"{bound.metric} of {run} is {mean:.6f}, below {bound.least}"
    return ""


def worse(comparison: Comparison, run: str, earlier: Mapping[str, Any], metrics: Sequence[str]) -> str:
    """One line on the first metric that is worse than in an earlier report beyond noise, "" where there is none.

    The queries that both have are paired; worse is a 95 % interval of the difference that lies below zero as a whole, or, where
    a single query is left, a lower score. Raises BadInput where the report has no such run, metric or query, or was scored on
    something else.
    """
    before = next((one["metrics"] for one in earlier["runs"] if one["name"] == run), None)
    if before is None:
        raise BadInput(f"the baseline has no run {run!r}, it has {_listed(one['name'] for one in earlier['runs'])}; {ANEW}")
    _check_scoring(comparison, earlier)
    for metric in metrics:
        if metric not in before:
            raise BadInput(f"the baseline has no {metric}, it has {_listed(before)}; choose one of these or {ANEW}")
        if line := _worse(comparison, run, metric, before[metric]["by_query"]):
            return line
    return ""


def changed(about: Mapping[str, Any], earlier: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences on what another score than in an earlier report may come from beside the pipeline; `about` is that of today."""
    kinds = {"corpus_fingerprint": "documents of the corpus", "judgments_version": "judgments"}
    return tuple(
        f"The {what} are not those of the baseline: equal pipelines may have other scores."
        for name, what in kinds.items()
        if about.get(name) != earlier.get(name)
    )


def read_report(path: Path) -> dict[str, Any]:
    """A report that `playground evaluate --report` wrote. Raises BadInput where it cannot be read or is none."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        _check_form(found)
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"the baseline {path} cannot be read as a report ({error}); {ANEW}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"the baseline {path} is no report; {ANEW}") from error
    return found


def _worse(comparison: Comparison, run: str, metric: str, before: Mapping[str, float]) -> str:
    places = [at for at, query in enumerate(comparison.queries) if query.id in before]
    if not places:
        raise BadInput(f"the baseline has none of these queries; give a report on the same query set or {ANEW}")
    now = comparison.scores[run][metric][places]
    then = np.array([before[comparison.queries[at].id] for at in places], np.float64)
    found = differences({"then": then, "now": now}, "then")["now"]
    if found.mean >= 0 or (found.high is not None and found.high >= -ROUNDING):
        return ""
    interval = "" if found.low is None else f" [{found.low:+.4f}, {found.high:+.4f}]"
    pairs = f"{len(places):,} {'query' if len(places) == 1 else 'queries'}"
    return f"{metric} of {run} is {found.mean:+.4f}{interval} against the baseline, on {pairs}"


def _check_scoring(comparison: Comparison, earlier: Mapping[str, Any]) -> None:
    for name in SCORING:
        if (before := earlier[name]) != (now := getattr(comparison, name)):
            raise BadInput(f"the baseline was scored with {name} {before}, this with {name} {now}; {ANEW}")


def _check_form(found: dict[str, Any]) -> None:
    """Raise where something lacks that a comparison with a report looks at."""
    if found["version"] != VERSION:
        raise ValueError(f"its form is {found['version']!r:.20}, this one reads {VERSION}")
    if lacking := sorted({"runs", *SCORING} - found.keys()):
        raise ValueError(f"it lacks {lacking[0]!r}")
    for run in found["runs"]:
        for metric, values in run["metrics"].items():
            of_plain(Mapping[str, float], values["by_query"], f"{metric} of {run['name']}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
