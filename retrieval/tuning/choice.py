"""One thing chosen among variants: the best, what is recommended, and how good that is on queries it was not chosen on.

The best variant by a handful of queries is often the luckiest one. So the recommendation is the cheapest variant that is within
noise of the best; where costs say nothing, what is in use stays unless it is clearly worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput
from retrieval.statistics import Difference, Estimate, differences, estimate

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

ON_HELD_OUT = "held-out queries"
BY_FOLDS = "cross-validation"


@dataclass(frozen=True, eq=False)
class Choice:
    """Variants `names` with `scores` (variants, queries) of one metric, of which one is in use (`current`, None for none).

    `choosing` are the places of the queries that the choice looked at; `best` and `recommended` are variants. `held_out` is the
    recommendation's score on queries that had no say in it, `held_out_by` how these were got: a share held out for good, or
    `folds`-fold cross-validation by query in which the whole rule is applied anew on each training part.
    """

    names: tuple[str, ...]
    scores: Floats
    costs: Floats | None
    current: int | None
    choosing: Places
    best: int
    recommended: int
    held_out: Estimate | None
    held_out_by: str

    def estimate(self, variant: int) -> Estimate:
        """A variant's mean over the choosing queries with its interval."""
        return estimate(self.scores[variant, self.choosing])

    def against(self, variant: int, other: int) -> Difference:
        """`variant` minus `other` over the choosing queries."""
        return paired(self.scores[:, self.choosing], variant, other)


def choose(
    names: Sequence[str],
    scores: Floats,
    folds: Places,
    costs: Sequence[float] | None = None,
    current: int | None = None,
    held_out: NDArray[np.bool_] | None = None,
) -> Choice:
    """Choose among variants by `scores` (variants, queries).

    `costs` (variants,) are what should be small. `held_out` (queries,) marks those that the choice must not look at; where
    there is none, `folds` (queries,) give each query its part for cross-validation. Raises BadInput without a variant or query.
    """
    if not len(names) or not scores.shape[1]:
        raise BadInput("There is nothing to choose from; give at least one variant and one judged query.")
    price = None if costs is None else np.asarray(costs, np.float64)
    frozen = np.zeros(scores.shape[1], np.bool_) if held_out is None else held_out
    choosing = np.flatnonzero(~frozen)
    if not len(choosing):
        raise BadInput("Every judged query is held out, so none is left to choose by; judge some that are not.")
    recommended = recommend(scores[:, choosing], price, current)
    if frozen.any():
        kept, by = estimate(scores[recommended, np.flatnonzero(frozen)]), ON_HELD_OUT
    else:
        kept, by = _across_folds(scores, folds, price, current), BY_FOLDS
    best = int(np.argmax(scores[:, choosing].mean(axis=1)))
    return Choice(tuple(names), scores, price, current, choosing, best, recommended, kept, by)


def recommend(scores: Floats, costs: Floats | None, current: int | None) -> int:
    """The variant to take by `scores` (variants, queries): see the module's first lines."""
    best = int(np.argmax(scores.mean(axis=1)))
    level = [at for at in range(len(scores)) if at == best or paired(scores, at, best).within_noise]
    if costs is not None:
        return min(level, key=lambda at: (costs[at], at != current, -scores[at].mean()))
    return current if current in level and current is not None else best


def paired(scores: Floats, one: int, other: int) -> Difference:
    """Variant `one` minus variant `other`."""
    if one == other:
        return differences({"one": scores[one], "other": scores[one]}, "other")["one"]
    return differences({"one": scores[one], "other": scores[other]}, "other")["one"]


def _across_folds(scores: Floats, folds: Places, costs: Floats | None, current: int | None) -> Estimate | None:
    """What the rule scores on each fold when it chooses on the others; None with fewer than two folds."""
    parts = np.unique(folds)
    if len(parts) < 2:
        return None
    kept = np.empty(scores.shape[1])
    for part in parts:
        test = folds == part
        kept[test] = scores[recommend(scores[:, ~test], costs, current), test]
    return estimate(kept)
