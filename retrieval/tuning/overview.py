"""A sweep as it is looked at: quality with intervals, what is gained over a reference, and the choice tested on other queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.statistics import SAME, Estimate, bands, estimate
from retrieval.tuning.folds import CrossValidation, Floats, Ints, Mask, cross_validated


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The mean of every variant over `queries` queries with its 95 % interval, each (v,); intervals of one query are NaN."""

    means: Floats
    lows: Floats
    highs: Floats
    queries: int

    @classmethod
    def of(cls, scores: Floats) -> Band:
        """`scores` are (v, q). Raises BadInput without a query."""
        return cls(*bands(scores), scores.shape[1])

    def at(self, variant: int) -> Estimate:
        """One variant's."""
        low, high = (None if np.isnan(end[variant]) else float(end[variant]) for end in (self.lows, self.highs))
        return Estimate(float(self.means[variant]), low, high, self.queries)


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """All but `held_out` is about the choosing queries.

    `quality` is that of every variant, `gain` what it gains over the reference, query by query. `validated` is the
    cross-validation, `tested` its mean: what a choice is worth on queries that had no say in it; `tested_gain` the same over the
    reference. `held_out` is the quality on the queries that are held out for good, None where there are none.
    """

    quality: Band
    gain: Band
    validated: CrossValidation
    tested: Estimate
    tested_gain: Estimate
    held_out: Band | None

    @property
    def best(self) -> int:
        """The variant that the choosing queries choose."""
        return self.validated.overall


def overview(scores: Floats, distances: Floats, reference: Floats, folds: Ints, choosing: Mask) -> Overview:
    """`scores` are (v, q), `distances` (v,) from the default as in `best`, `reference` (q,), `folds` and `choosing` (q,).

    Raises BadInput where no query may choose.
    """
    validated = cross_validated(scores, distances, folds, choosing)
    return Overview(
        quality=Band.of(scores[:, choosing]),
        gain=Band.of(_gained(scores, reference)[:, choosing]),
        validated=validated,
        tested=estimate(validated.scores[choosing]),
        tested_gain=estimate(_gained(validated.scores, reference)[choosing]),
        held_out=None if choosing.all() else Band.of(scores[:, ~choosing]),
    )


def class_means(scores: Floats, classes: Sequence[str], choosing: Mask) -> dict[str, tuple[int, Floats]]:
    """How many choosing queries each class has, and the mean of every variant over them, (v,); the largest class first."""
    members = {name: choosing & np.array([own == name for own in classes]) for name in sorted(set(classes))}
    counts = {name: int(np.count_nonzero(own)) for name, own in members.items()}
    names = sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name])
    return {name: (counts[name], scores[:, members[name]].mean(axis=1)) for name in names}


def _gained(scores: Floats, reference: Floats) -> Floats:
    """The differences, those that are only rounding made 0."""
    delta = scores - reference
    return np.where(np.abs(delta) < SAME, 0.0, delta)
