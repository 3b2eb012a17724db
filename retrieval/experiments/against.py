"""A against B: two runs of experiments on the queries that both have, and what to know before comparing them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput
from retrieval.experiments.records import Experiment, Run
from retrieval.pipeline import EVIDENCE

if TYPE_CHECKING:
    from retrieval.statistics import Difference

COMPARABLE = ("level", "condensed", "gain")  # settings of an experiment that change what a score means


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """A setting by its path, as in "chunker.size", before and after; None where a pipeline has no such setting."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Moved:
    """A query whose score is another; `delta` is after minus before."""

    query: str
    before: float
    after: float
    delta: float


@dataclass(frozen=True, eq=False)
class Against:
    """A run A ("before") and a run B ("after") by `metric` on their common `queries`, scores (queries,) in their order.

    `settings` are those in which the pipelines differ, () where one is not known. `warnings` are sentences.
    """

    metric: str
    queries: tuple[str, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    settings: tuple[ChangedSetting, ...]
    warnings: tuple[str, ...]

    @property
    def difference(self) -> Difference:
        """B against A, paired by query."""
        from retrieval.statistics import differences

        return differences({"A": self.before, "B": self.after}, "A")["B"]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The queries whose score is another, the largest change first, equal ones by id."""
        found = zip(self.queries, self.before.tolist(), self.after.tolist(), (self.after - self.before).tolist(), strict=True)
        return tuple(sorted((Moved(*row) for row in found if row[3]), key=lambda row: (-abs(row.delta), row.query)))


def compare_experiments(a: Experiment, b: Experiment, run_a: str, run_b: str, metric: str) -> Against:
    """The run `run_b` of the experiment `b` against the run `run_a` of `a`.

    Raises BadInput where a run or its scores by the metric are not there, or no query is common.
    """
    one, other = a.run(run_a), b.run(run_b)
    before, after = _scores(a, one, metric), _scores(b, other, metric)
    common = tuple(query for query in before if query in after)
    if not common:
        raise BadInput(f"{run_a!r} and {run_b!r} have no query in common; compare runs on one query set")
    arrays = [np.array([scores[query] for query in common], np.float64) for scores in (before, after)]
    said = (*_of_data(a, b), *_of_queries(len(before) - len(common), len(after) - len(common)), *_of_settings(a, b, one, other))
    return Against(metric, common, arrays[0], arrays[1], _changed(one, other), said)


def _scores(experiment: Experiment, run: Run, metric: str) -> Mapping[str, float]:
    if metric not in run.scores:
        have = ", ".join(run.scores) or "means only"
        raise BadInput(f"the run {run.name!r} of {experiment.name!r} has no scores by {metric}, it has {have}; choose another")
    return run.scores[metric]


def _of_data(a: Experiment, b: Experiment) -> Iterator[str]:
    if a.corpus != b.corpus:
        yield f"A is on the corpus {a.corpus_name}, B on {b.corpus_name}; their scores say nothing about each other."
    elif a.corpus_fingerprint != b.corpus_fingerprint:
        yield "The documents of the corpus changed in between; run A again to compare on the same ones."
    if a.query_set != b.query_set:
        yield f"A is on the query set {a.query_set_name}, B on {b.query_set_name}; only queries with the same id are compared."
    elif a.judgments_version != b.judgments_version:
        yield "The judgments changed in between, so equal rankings may have other scores; run A again to compare on equal ones."


def _of_queries(only_a: int, only_b: int) -> Iterator[str]:
    for name, count in (("A", only_a), ("B", only_b)):
        if count:
            yield f"{count:,} {'query is' if count == 1 else 'queries are'} only in {name} and left out."


def _of_settings(a: Experiment, b: Experiment, one: Run, other: Run) -> Iterator[str]:
    for name in COMPARABLE:
        before, after = a.settings.get(name), b.settings.get(name)
        if before != after:
            yield f"The setting {name} is {_shown(before)} in A and {_shown(after)} in B; equal rankings may have other scores."
    for letter, run in (("A", one), ("B", other)):
        if not run.pipeline:
            yield f"The settings of {run.name} (in {letter}) are not known: its rankings were imported."


def _shown(value: Any) -> str:
    return "not stated" if value is None else str(value)


def _changed(one: Run, other: Run) -> tuple[ChangedSetting, ...]:
    if not one.pipeline or not other.pipeline:
        return ()
    before, after = (_flat(run) for run in (one, other))
    paths = sorted(before.keys() | after.keys())
    rows = ((path, before.get(path), after.get(path)) for path in paths)
    return tuple(ChangedSetting(*row) for row in rows if row[1] != row[2])


def _flat(run: Run) -> dict[str, Any]:
    """All settings of a run by path; of the text itself, so that a pipeline of another version of the library is compared too."""
    try:
        values = tomllib.loads(run.pipeline)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"the pipeline of the run {run.name!r} is not TOML ({error}); compare another run") from error
    values.pop(EVIDENCE, None)
    return {"stage": run.stage} | dict(_leaves(values, ""))


def _leaves(values: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
