"""A variant for each class of query instead of one for all: what each class would choose, and what that would gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.statistics import SAME
from retrieval.tuning.folds import Floats, Ints, Mask, best, splits

ENOUGH = 10  # queries that a class needs to choose for itself


@dataclass(frozen=True, slots=True, eq=False)
class Routing:
    """`single` is the choice of all choosing queries, `choices` that of each class that has enough of them.

    `single_scores` and `routed_scores` (q,) are each query's, under what other queries chose: one variant for all, and one for
    its class; to be compared query by query.
    """

    single: int
    choices: Mapping[str, int]
    single_scores: Floats
    routed_scores: Floats


def routing(
    scores: Floats, distances: Floats, folds: Ints, classes: Sequence[str], choosing: Mask | None = None, enough: int = ENOUGH
) -> Routing:
    """Choose per class within the folds that choose, as `cross_validated` does for all queries; `scores` are (v, q).

    A class with fewer than `enough` choosing queries, and queries without a class (""), go with the choice of all.
    """
    choosing = np.ones(len(folds), np.bool_) if choosing is None else choosing
    members = {name: np.array([own == name for own in classes]) for name in sorted(set(classes) - {""})}
    large = {name: own for name, own in members.items() if np.count_nonzero(own & choosing) >= enough}
    single_scores, routed_scores = np.empty(len(folds)), np.empty(len(folds))
    for train, test in splits(folds, choosing):
        single = best(scores[:, train], distances)
        choices = {name: best(scores[:, train & own], distances) for name, own in large.items()}
        single_scores[test] = routed_scores[test] = scores[single, test]
        for name, own in large.items():
            routed_scores[test & own] = scores[choices[name], test & own]
    return Routing(single, choices, single_scores, routed_scores)


def gains(scores: Floats, reference: Floats) -> tuple[Ints, Ints]:
    """The places of the queries that gain and of those that lose against `reference`, both (q,); the largest change first."""
    delta = scores - reference
    order = np.argsort(-np.abs(delta), kind="stable")
    return order[delta[order] > SAME], order[delta[order] < -SAME]
