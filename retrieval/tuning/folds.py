"""Choosing a variant, and what the choice is worth on queries that had no say in it: K-fold cross-validation by query.

A best score is partly luck: the queries that chose a variant flatter it (Stone, "Cross-Validatory Choice and Assessment of
Statistical Predictions", 1974). PyTerrier's GridSearchCV does the same for retrieval pipelines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import require
from retrieval.statistics import SAME

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class CrossValidation:
    """`scores` (q,): each query under the variant that other queries chose. `chosen`: the variant of each fold.

    `overall` is the choice of all choosing queries; it scores those that were to have no say at all.
    """

    overall: int
    chosen: tuple[int, ...]
    scores: Floats


def balanced_folds(classes: Sequence[str], count: int = 5, seed: int = SEED) -> Ints:
    """The fold of each query, (q,), 0 to `count` - 1, by chance with a fixed seed.

    The sizes of the folds differ by at most one, within every class and overall. With fewer queries than `count` some folds stay
    empty. Raises BadSetting for fewer than two folds.
    """
    require(count >= 2, f"{count} folds cannot be told apart; use at least 2, so that some queries choose and others test")
    shuffled = np.random.default_rng(seed).permutation(len(classes))
    by_class = sorted(shuffled.tolist(), key=lambda query: classes[query])
    dealt = np.zeros(len(classes), np.int64)
    dealt[by_class] = np.arange(len(classes)) % count
    return dealt


def best(scores: Floats, distances: Floats) -> int:
    """The variant with the largest mean of `scores` (v, q); of equal ones the nearest to the default, then the first.

    `distances` (v,) are from the default. Without queries, q = 0, nothing speaks against the default.
    """
    means = scores.sum(axis=1) / max(scores.shape[1], 1)
    level = np.flatnonzero(means >= means.max() - SAME)
    return int(level[distances[level].argmin()])


def cross_validated(scores: Floats, distances: Floats, folds: Ints, choosing: Mask | None = None) -> CrossValidation:
    """Score every query of each fold under the variant that is best on all other folds; `scores` are (v, q).

    Where `choosing` (q,) is false, a query is held out for good: it has no say, and is scored under the choice of all others.
    """
    choosing = np.ones(len(folds), np.bool_) if choosing is None else choosing
    held_out = np.empty(len(folds))
    chosen = []
    for train, test in splits(folds, choosing):
        chosen.append(best(scores[:, train], distances))
        held_out[test] = scores[chosen[-1], test]
    return CrossValidation(chosen[-1], tuple(chosen[:-1]), held_out)


def splits(folds: Ints, choosing: Mask) -> Iterator[tuple[Mask, Mask]]:
    """Which queries choose and which are scored: for each fold in turn, then for those that are held out for good."""
    for fold in np.unique(folds[choosing]):
        yield choosing & (folds != fold), choosing & (folds == fold)
    yield choosing, ~choosing
