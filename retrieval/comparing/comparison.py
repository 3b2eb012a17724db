"""Several runs on one query set: quality with intervals, differences to a baseline, and how much of it is unjudged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.comparing.runs import Run
from retrieval.errors import BadInput
from retrieval.judgeable import Judgeable
from retrieval.metrics import DEFAULT_METRICS, condensed, cutoff_of, score_rankings
from retrieval.statistics import Difference, Estimate, differences, estimate
from retrieval.types import Query, Ranking

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparison:
    """`runs` on the judged `queries`; `scores` are by run and metric, (queries,), in the order of the queries.

    `condensed` says whether unjudged results were removed before scoring (Sakai, 2007); `judged`, the shares of judged results,
    are always those of the whole lists. `levels` says for each query id what it was scored on, "documents" or "passages".
    """

    queries: tuple[Query, ...]
    runs: tuple[Run, ...]
    metrics: tuple[str, ...]
    baseline: str
    scores: Mapping[str, Mapping[str, Floats]]
    judged: Mapping[str, Mapping[str, Floats]]
    levels: Mapping[str, str] = field(default_factory=dict)
    condensed: bool = False

    @property
    def level(self) -> str:
        """What the queries were scored on: "documents", "passages", or "documents and passages" where they differ."""
        return " and ".join(sorted(set(self.levels.values())))

    def run(self, name: str) -> Run:
        """The run called `name`."""
        return {run.name: run for run in self.runs}[name]

    def mean(self, run: str, metric: str) -> float:
        """The mean over the queries."""
        return float(self.scores[run][metric].mean())

    def estimate(self, run: str, metric: str) -> Estimate:
        """The mean over the queries with its 95 % interval."""
        return self._estimates[run, metric]

    def difference(self, run: str, metric: str) -> Difference | None:
        """A run against the baseline; None for the baseline itself."""
        return self._differences[metric].get(run)

    def judged_share(self, run: str, metric: str) -> float:
        """The mean share of judged results at the metric's cutoff."""
        return float(self.judged[run][judged_at(metric)].mean())

    @cached_property
    def _estimates(self) -> Mapping[tuple[str, str], Estimate]:
        return {(run, metric): estimate(values) for run, own in self.scores.items() for metric, values in own.items()}

    @cached_property
    def _differences(self) -> Mapping[str, Mapping[str, Difference]]:
        return {
            metric: differences({run: own[metric] for run, own in self.scores.items()}, self.baseline) for metric in self.metrics
        }


def judged_at(metric: str) -> str:
    """The metric that tells the share of judged results where `metric` looks: "nDCG@10" gives "Judged@10"."""
    cutoff = cutoff_of(metric)
    return "Judged" if cutoff is None else f"Judged@{cutoff}"


def compare(
    runs: Sequence[Run],
    queries: Sequence[Query],
    judgeable: Judgeable,
    metrics: Sequence[str] = DEFAULT_METRICS,
    baseline: str = "",
    condense: bool = False,
) -> Comparison:
    """Score all runs on the queries that are judged; the baseline is the first run where none is named.

    Of `judgeable` only the grades count here, which are the same under every chunker: runs may come from several. Raises BadInput
    without a run, with two of one name, without a metric or a judged query, or where no run is the baseline.
    """
    names = [run.name for run in runs]
    judged_queries = tuple(query for query in queries if query.id in judgeable.grades)
    _check(names, metrics, baseline, judged_queries)
    grades = {query.id: judgeable.grades[query.id] for query in judged_queries}
    shares = tuple(dict.fromkeys(judged_at(metric) for metric in metrics))
    scores, judged = {}, {}
    for run in runs:
        judged[run.name] = _arrays(run.rankings, grades, shares)
        rankings = condensed(run.rankings, grades) if condense else run.rankings
        whole = {metric: judged[run.name][metric] for metric in metrics if metric in shares}
        scores[run.name] = _arrays(rankings, grades, metrics) | whole
    levels = {query.id: judgeable.level(query.id) for query in judged_queries}
    return Comparison(judged_queries, tuple(runs), tuple(metrics), baseline or names[0], scores, judged, levels, condense)


def _check(names: Sequence[str], metrics: Sequence[str], baseline: str, judged: Sequence[Query]) -> None:
    if not metrics:
        raise BadInput("There is no metric to compare by; name one of ir-measures, such as nDCG@10.")
    if not names:
        raise BadInput("There is no run to compare; choose a stage, a pipeline or the run of another system.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(f"Two runs are called {twice[0]!r}; rename one of them.")
    if baseline and baseline not in names:
        raise BadInput(f"The baseline {baseline!r} is not among the runs {', '.join(names)}; choose one of them.")
    if not judged:
        raise BadInput(
            "None of the queries has a judgment, so there is nothing to evaluate; add judgments or choose another query set."
        )


def _arrays(
    rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]], metrics: Sequence[str]
) -> dict[str, Floats]:
    """Each metric for each judged query, (queries,), in the order of `grades`."""
    scores = score_rankings(rankings, grades, metrics)
    return {metric: np.array([scores[metric][query] for query in grades]) for metric in metrics}
