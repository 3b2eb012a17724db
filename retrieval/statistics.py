"""How sure a mean over queries is, and a difference between two.

The queries are taken as a sample of all that might be asked. Intervals are those of the percentile bootstrap over queries (Efron
and Tibshirani, 1993), p-values those of the paired randomisation test (Smucker, Allan and Carterette, 2007), corrected for the
number of comparisons by Holm's method (1979). Every draw has a fixed seed: the same values give the same answer, and curves over
the same queries share their resamples, so that they can be compared point by point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput

Floats = NDArray[np.float64]

RESAMPLES = 2_000
FLIPS = 10_000
LEVEL = 0.05
POWER = 0.80
SAME = 1e-9  # scores closer than this are equal: what is left is rounding
ROUNDED = 1e-6  # ends of intervals closer to zero than this are zero: resamples are averaged in 32 bits
SEED = 0
BLOCK = 250


class Spread(Protocol):
    """A mean with both ends of its interval, None where there is none."""

    @property
    def mean(self) -> float: ...

    @property
    def low(self) -> float | None: ...

    @property
    def high(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `queries` queries with its 95 % interval; `low` and `high` are None where there is one query only."""

    mean: float
    low: float | None
    high: float | None
    queries: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What is gained over a baseline on the same queries: the mean of the paired differences with its 95 % interval.

    `p` is that of the randomisation test, two-sided; `p_holm` is corrected for the number of comparisons. `improved`, `equal`
    and `worse` count queries. `detectable` is the smallest true difference that so many queries show (`detectable`). With one
    query there is only `mean`: the interval, both p-values and `detectable` are None.
    """

    mean: float
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    improved: int
    equal: int
    worse: int
    detectable: float | None

    @property
    def within_noise(self) -> bool:
        """Whether the interval spans zero; one query is never more than noise."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high


def interval(one: Spread, sign: str = "", digits: int = 3) -> str:
    """A mean with its interval in words, "0.712 [0.655, 0.766]", and the mean alone where there is none.

    `sign` "+" puts a plus before what is above zero; `digits` are those of the mean, its ends have three.
    """
    return f"{_number(one.mean, sign, digits)} {bounds(one, sign)}".rstrip()


def bounds(one: Spread, sign: str = "") -> str:
    """The interval alone, "[0.655, 0.766]", "" where there is none."""
    return "" if one.low is None or one.high is None else f"[{_number(one.low, sign)}, {_number(one.high, sign)}]"


def significance(gain: Estimate | Difference) -> str:
    """What a gain amounts to, in words: "better" or "worse" where its interval leaves out zero, else "within noise".

    "perhaps" stands before them where the randomisation test, corrected, does not agree with the interval. "no query differs" and
    "one query only" are all that can be said in these cases.
    """
    if gain.low is None or gain.high is None:
        return "one query only"
    if gain.low == gain.high == 0:
        return "no query differs"
    if gain.low <= 0 <= gain.high:
        return "within noise"
    word = "better" if gain.mean > 0 else "worse"
    p = gain.p_holm if isinstance(gain, Difference) else None
    return word if p is None or p <= LEVEL else f"perhaps {word}"


def estimate(values: Floats) -> Estimate:
    """The mean of `values` (q,) over the queries. Raises BadInput without a query or for a value that is not finite."""
    mean, low, high = bands(values)
    return Estimate(float(mean), _known(low), _known(high), len(values))


def bands(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Means of `values` (..., q) over the queries, and both ends of their 95 % intervals, each (...); NaN for one query.

    Raises BadInput without a query or for a value that is not finite.
    """
    _check(values)
    means = np.asarray(values.mean(axis=-1), dtype=np.float64)
    queries = values.shape[-1]
    if queries < 2:
        return means, np.full_like(means, np.nan), np.full_like(means, np.nan)
    centred = (values - means[..., None]).reshape(-1, queries).astype(np.float32).T / np.float32(queries)
    draws = _draws(queries)
    blocks = [draws[start : start + BLOCK].astype(np.float32) @ centred for start in range(0, RESAMPLES, BLOCK)]
    low, high = np.quantile(np.concatenate(blocks), (LEVEL / 2, 1 - LEVEL / 2), axis=0).reshape(2, *means.shape)
    return means, means + low, means + high


def differences(scores: Mapping[str, Floats], baseline: str) -> dict[str, Difference]:
    """Each of `scores` (q,) but the baseline against it, query by query, in their order.

    Raises BadInput for an unknown baseline, for scores on different numbers of queries, without a query, or for a score that is
    not finite.
    """
    if baseline not in scores:
        raise BadInput(f"the baseline {baseline!r} is not among the scores ({', '.join(scores) or 'none'}); name one of them")
    sizes = {name: len(values) for name, values in scores.items()}
    if len(set(sizes.values())) > 1:
        counts = ", ".join(f"{name}: {size:,}" for name, size in sizes.items())
        raise BadInput(f"a comparison is made query by query, but the numbers of queries differ ({counts}); score the same ones")
    names = [name for name in scores if name != baseline]
    if not names:
        return {}
    deltas = np.stack([scores[name] - scores[baseline] for name in names])
    deltas[np.abs(deltas) < SAME] = 0.0
    _, lows, highs = (np.where(np.abs(ends) < ROUNDED, 0.0, ends) for ends in bands(deltas))
    p = randomisation(deltas)
    rows = zip(names, deltas, lows, highs, p, holm(p), strict=True)
    return {name: _difference(own, *map(_known, uncertain)) for name, own, *uncertain in rows}


def randomisation(deltas: Floats) -> Floats:
    """The two-sided p-value of each row of paired differences (c, q), (c,): how often random signs give as large a mean.

    All patterns of signs are tried where there are no more than `FLIPS` (Smucker, Allan and Carterette, 2007), else as many
    random ones, among which what was seen is counted (Phipson and Smyth, 2010). NaN with one query.
    """
    queries = deltas.shape[1]
    if queries < 2:
        return np.full(len(deltas), np.nan)
    exact = 2**queries <= FLIPS
    tried = 2**queries if exact else FLIPS
    total = deltas.sum(axis=1)
    seen = np.abs(total) - SAME * np.abs(deltas).sum(axis=1)
    count = np.zeros(len(deltas), np.int64)
    random = np.random.default_rng(SEED)
    for start in range(0, tried, BLOCK):
        size = min(BLOCK, tried - start)
        flips = _patterns(start, size, queries) if exact else _coins(random, size, queries)
        sums = total - 2 * (flips.astype(np.float64) @ deltas.T)
        count += (np.abs(sums) >= seen).sum(axis=0)
    return count / tried if exact else (count + 1) / (tried + 1)


def holm(p: Floats) -> Floats:
    """p-values (c,) corrected for making all c comparisons: the i-th smallest times c - i + 1, never falling (Holm, 1979)."""
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(steps, 1.0)
    return corrected


def detectable(deltas: Floats) -> float | None:
    """The smallest true difference that so many queries show at 5 % with a power of 80 %, from paired differences (q,).

    (z(1 - 0.05 / 2) + z(0.8)) · s / √q, about 2.8 · s / √q, where s is the standard deviation of the differences (Webber,
    Moffat and Zobel, 2008). None with one query, or where the differences do not vary: they tell nothing then.
    """
    if len(deltas) < 2 or np.ptp(deltas) < SAME:
        return None
    normal = NormalDist()
    return float((normal.inv_cdf(1 - LEVEL / 2) + normal.inv_cdf(POWER)) * deltas.std(ddof=1) / np.sqrt(len(deltas)))


def _difference(deltas: Floats, low: float | None, high: float | None, p: float | None, p_holm: float | None) -> Difference:
    improved, worse = int((deltas > 0).sum()), int((deltas < 0).sum())
    equal = len(deltas) - improved - worse
    return Difference(float(deltas.mean()), low, high, p, p_holm, improved, equal, worse, detectable(deltas))


def _known(value: np.floating | Floats) -> float | None:
    """A number, None where it is NaN: what one query does not tell."""
    return None if np.isnan(value) else float(value)


def _number(value: float, sign: str = "", digits: int = 3) -> str:
    """So many decimals; what is only a rounding error has no minus."""
    return f"{round(value, digits) + 0.0:{sign}.{digits}f}"


def _check(values: Floats) -> None:
    if not values.shape[-1]:
        raise BadInput("there is no query to average over; choose queries that are judged")
    if not np.isfinite(values).all():
        raise BadInput("a score is not a finite number; leave it out or look at what made it")


@lru_cache(maxsize=8)
def _draws(queries: int) -> NDArray[np.uint8]:
    """How often each query is drawn in each resample, (RESAMPLES, queries); more than 255 times is beyond all chance."""
    random = np.random.default_rng(SEED)
    draws = np.empty((RESAMPLES, queries), np.uint8)
    for row in draws:
        row[:] = np.bincount(random.integers(queries, size=queries), minlength=queries)
    return draws


def _patterns(start: int, size: int, queries: int) -> NDArray[np.integer]:
    """The patterns of bits of `size` numbers from `start` on, (size, queries)."""
    return np.arange(start, start + size)[:, None] >> np.arange(queries) & 1


def _coins(random: np.random.Generator, size: int, queries: int) -> NDArray[np.integer]:
    """Random bits, (size, queries)."""
    return np.unpackbits(random.integers(0, 256, (size, -(-queries // 8)), np.uint8), axis=1, count=queries)
