"""Quality by class of query: averages hide collapses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.comparing.comparison import Comparison

FEW = 5
NO_CLASS = "no class"


@dataclass(frozen=True, eq=False)
class ClassTable:
    """Means of each run in each class; `means` is (runs, classes), `counts` (classes,) the queries of a class.

    `few` (classes,): fewer than `FEW` queries, so that the mean says little.
    """

    runs: tuple[str, ...]
    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    means: NDArray[np.float64]

    @property
    def few(self) -> NDArray[np.bool_]:
        """Which classes have too few queries."""
        return self.counts < FEW


def class_table(comparison: Comparison, metric: str) -> ClassTable:
    """The metric's means by class, the largest class first, equal ones by name."""
    members = members_of([query.category for query in comparison.queries])
    names = tuple(sorted(members, key=lambda name: (-len(members[name]), name)))
    runs = tuple(run.name for run in comparison.runs)
    means = [[comparison.scores[run][metric][members[name]].mean() for name in names] for run in runs]
    return ClassTable(
        runs, names, np.array([len(members[name]) for name in names]), np.array(means).reshape(len(runs), len(names))
    )


def members_of(categories: Sequence[str]) -> Mapping[str, NDArray[np.int64]]:
    """The places of the queries of each class; "" is `NO_CLASS`."""
    found: dict[str, list[int]] = {}
    for at, category in enumerate(categories):
        found.setdefault(category or NO_CLASS, []).append(at)
    return {name: np.array(places) for name, places in found.items()}
