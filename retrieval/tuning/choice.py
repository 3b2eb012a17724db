"""One thing chosen among variants: the best, what is recommended, and how good that is on queries it was not chosen on.

The best variant by a handful of queries is often the luckiest one. So where variants have costs, the cheapest one is recommended
that is within noise of the best: on a curve none before its knee, else one that is clearly better than the incumbent, if any is.
Where they have none, the incumbent stays unless another one, chosen on other queries than it is tested on, is clearly better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.errors import BadInput
from retrieval.statistics import SAME, Difference, Estimate, differences, estimate
from retrieval.tuning.folds import Floats, Ints, Mask, best, cross_validated
from retrieval.tuning.knee import knee, smallest_within_noise

ON_HELD_OUT = "held-out queries"
BY_FOLDS = "cross-validation"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """How a variant is recommended.

    `incumbent` is the variant that the others are held against, None for none; `costs` (v,) are what should be small, None where
    they say nothing. With `bend` the variants are the points of one curve, in the order of their costs. Of equally good variants
    the one with the smallest of `distances` (v,) is the best; without them the incumbent, then the first.
    """

    incumbent: int | None = None
    costs: Floats | None = None
    bend: bool = False
    distances: Floats | None = None

    def best(self, scores: Floats) -> int:
        """The variant with the largest mean of `scores` (v, q)."""
        return best(scores, self._distances(scores))

    def recommended(self, scores: Floats, folds: Ints) -> int:
        """The variant to take by `scores` (v, q); `folds` (q,) are those within which a gain is tested."""
        if self.costs is not None and self.bend:
            return max(smallest_within_noise(scores, self.costs.tolist()), self.knee(scores) or 0)
        if self.costs is not None:
            worth = self._worthwhile(scores)
            return worth[smallest_within_noise(scores[worth], self.costs[worth].tolist())]
        top = self.best(scores)
        gain = self.gain(scores, folds)
        return top if self.incumbent is None or gain is None or (gain.low is not None and gain.low > 0) else self.incumbent

    def knee(self, scores: Floats) -> int | None:
        """Where the curve of the means over the costs has its knee; None where there is none, or no curve."""
        return knee(self.costs, scores.mean(axis=1)) if self.bend and self.costs is not None else None

    def gain(self, scores: Floats, folds: Ints) -> Estimate | None:
        """What the best variant gains over the incumbent on queries that did not choose it; None without an incumbent."""
        if self.incumbent is None:
            return None
        gained = cross_validated(scores, self._distances(scores), folds).scores - scores[self.incumbent]
        return estimate(np.where(np.abs(gained) < SAME, 0.0, gained))

    def _worthwhile(self, scores: Floats) -> list[int]:
        """The incumbent and what is clearly better; everything where there is no incumbent."""
        if self.incumbent is None:
            return list(range(len(scores)))
        against = differences({str(at): own for at, own in enumerate(scores)}, str(self.incumbent))
        better = (int(at) for at, gain in against.items() if gain.low is not None and gain.low > 0)
        return sorted((self.incumbent, *better))

    def _distances(self, scores: Floats) -> Floats:
        own = np.arange(len(scores)) != self.incumbent
        return own.astype(np.float64) if self.distances is None else self.distances


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Variants `names` with `scores` (v, q) of one metric, and what a rule makes of them.

    `choosing` are the places of the queries that it looked at; `best` and `recommended` are variants, `gain` is what the best
    gains over the incumbent on queries that did not choose it, None where the rule has no incumbent. `held_out` is the
    recommendation's score on queries that had no say in it; `held_out_by` says how these were got: a share held out for good, or
    cross-validation by query in which the whole rule is applied anew on each training part. None where one query is all.
    """

    names: tuple[str, ...]
    scores: Floats
    rule: Rule
    choosing: Ints
    best: int
    recommended: int
    gain: Estimate | None
    held_out: Estimate | None
    held_out_by: str

    def estimate(self, variant: int) -> Estimate:
        """A variant's mean over the choosing queries with its interval."""
        return estimate(self.scores[variant, self.choosing])

    def tested(self, variant: int) -> Estimate | None:
        """A variant on queries that had no say; None where they are known for the recommendation alone, or not at all."""
        if variant == self.recommended:
            return self.held_out
        frozen = np.delete(np.arange(self.scores.shape[1]), self.choosing)
        return estimate(self.scores[variant, frozen]) if len(frozen) else None

    def against(self, variant: int, other: int) -> Difference:
        """`variant` minus `other` over the choosing queries."""
        own, base = self.scores[variant, self.choosing], self.scores[other, self.choosing]
        return differences({"one": own, "other": base}, "other")["one"]


def choose(names: Sequence[str], scores: Floats, folds: Ints, rule: Rule, held_out: Mask | None = None) -> Choice:
    """Choose among variants by `scores` (v, q) and a rule.

    `held_out` (q,) marks the queries that the choice must not look at; `folds` (q,) give each query its part for
    cross-validation. Raises BadInput without a variant or query.
    """
    if not scores.size:
        raise BadInput("There is nothing to choose from; give at least one variant and one judged query.")
    frozen = np.zeros(scores.shape[1], np.bool_) if held_out is None else held_out
    choosing = np.flatnonzero(~frozen)
    if not len(choosing):
        raise BadInput("Every judged query is held out, so none is left to choose by; judge some that are not.")
    seen, parts = scores[:, choosing], folds[choosing]
    recommended = rule.recommended(seen, parts)
    kept = estimate(scores[recommended, frozen]) if frozen.any() else _across_folds(seen, parts, rule)
    return Choice(
        names=tuple(names),
        scores=scores,
        rule=rule,
        choosing=choosing,
        best=rule.best(seen),
        recommended=recommended,
        gain=rule.gain(seen, parts),
        held_out=kept,
        held_out_by=ON_HELD_OUT if frozen.any() else BY_FOLDS,
    )


def _across_folds(scores: Floats, folds: Ints, rule: Rule) -> Estimate | None:
    """What the rule scores on each fold when it chooses on the others; None with fewer than two folds."""
    parts = np.unique(folds)
    if len(parts) < 2:
        return None
    kept = np.empty(scores.shape[1])
    for part in parts:
        test = folds == part
        kept[test] = scores[rule.recommended(scores[:, ~test], folds[~test]), test]
    return estimate(kept)
