"""What quality costs: the front of things that nothing beats on both sides, and whether a gain is worth its milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.statistics import Difference, interval

Floats = NDArray[np.float64]


def pareto(cost: Floats, quality: Floats) -> NDArray[np.bool_]:
    """Which of n things nothing else beats, (n,): none costs no more and is no worse, and better in one of both (Pareto, 1906).

    `cost` (n,), lower is better, and `quality` (n,), higher is better. Equal ones stand or fall together; NaN is never in front.
    """
    no_dearer, no_worse = cost <= cost[:, None], quality >= quality[:, None]
    better = (cost < cost[:, None]) | (quality > quality[:, None])
    beaten = (no_dearer & no_worse & better).any(axis=1)
    return np.asarray(~beaten & ~np.isnan(cost) & ~np.isnan(quality))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a reranker is worth its time: its `gain` in `metric` over fusion alone, for `milliseconds` at p95."""

    metric: str
    gain: Difference
    milliseconds: float

    @property
    def per_millisecond(self) -> float | None:
        """What each millisecond gains; None where it takes no time."""
        return self.gain.mean / self.milliseconds if self.milliseconds > 0 else None

    @property
    def sentence(self) -> str:
        """The verdict by the 95 % interval, with the numbers that it rests on."""
        cost = f"{interval(self.gain, '+')} {self.metric} for {self.milliseconds:.1f} ms at p95"
        if self.gain.within_noise:
            return f"within noise: {cost}"
        return f"worth it: {cost}" if self.gain.mean > 0 else f"loses to fusion: {cost}"
