"""Where a curve of quality over cost stops paying: its knee, and the smallest count that is within noise of the best.

The knee is a property of the mean curve alone and knows nothing of uncertainty; the other one of the queries, and knows nothing
of the curve's shape. Both are worth showing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retrieval.statistics import differences

Floats = NDArray[np.float64]


def knee(x: ArrayLike, y: ArrayLike, sensitivity: float = 1.0) -> int | None:
    """The place of the knee of a curve that rises ever more slowly; None where it never rises, or never bends that way.

    Kneedle, offline (Satopää, Albrecht, Irwin and Raghavan, 2011): `x` (n,), ascending, and `y` (n,) are brought to 0 … 1, and
    y - x is followed. A peak of it within the curve is a knee where, before the next peak, the difference falls below the peak
    by more than `sensitivity` times the mean step of x, 1 / (n - 1). The first knee is taken. In place of their smoothing, y is
    the best value so far: a mean over queries that dips and recovers has no second knee, and one that only falls has none.
    """
    across, up = np.asarray(x, np.float64), np.maximum.accumulate(np.asarray(y, np.float64))
    if len(up) < 3 or up[0] == up[-1]:
        return None
    excess = _unit(up) - _unit(across)
    inner = excess[1:-1]
    peaks = 1 + np.flatnonzero((inner > excess[:-2]) & (inner >= excess[2:]))
    until_next = np.split(excess, peaks)[1:]
    step = sensitivity / (len(excess) - 1)
    return next((int(peak) for peak, part in zip(peaks, until_next, strict=True) if part.min() < part[0] - step), None)


def smallest_within_noise(scores: Floats, counts: Sequence[float]) -> int:
    """The place of the smallest of `counts` (c,) that is no worse than the best one, as far as the queries can tell.

    `scores` (c, q) are by count and query. The best count has the highest mean, the first of several; another one is within noise
    where the 95 % interval of the paired differences to it spans zero. Raises BadInput without a query.
    """
    best = int(scores.sum(axis=1).argmax())
    against = differences({str(at): own for at, own in enumerate(scores)}, str(best))
    return min((best, *(int(at) for at, difference in against.items() if difference.within_noise)), key=counts.__getitem__)


def _unit(values: Floats) -> Floats:
    """Ascending values brought to 0 … 1."""
    return np.asarray((values - values[0]) / (values[-1] - values[0]))
