"""What the section Fusion is about at this moment: a query set, a metric, a method and a weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.tune.searching import EQUAL, Tuned
from retrieval import RRF, Pipeline, kind_of, tuning


@dataclass(frozen=True, eq=False)
class Live:
    """`at` is the place of the weight in the curve."""

    tuned: Tuned
    metric: str
    fusion: Any
    weight: float

    @property
    def curve(self) -> tuning.Curve:
        """The metric of every query under every weight."""
        return self.tuned.curve(self.fusion, self.metric)

    @property
    def overview(self) -> tuning.Overview:
        """The curve with its intervals and its choice."""
        return self.tuned.overview(self.fusion, self.metric)

    @property
    def at(self) -> int:
        """Where the curve is now."""
        return self.curve.at(self.weight)

    @property
    def now(self) -> NDArray[np.float64]:
        """The metric of every query at this weight, (q,)."""
        return self.curve.scores[self.at]

    @property
    def reference(self) -> NDArray[np.float64]:
        """The metric of every query under equal-weight RRF, (q,)."""
        return self.tuned.reference(self.metric)

    @property
    def is_reference(self) -> bool:
        """Whether this is equal-weight RRF itself."""
        return self.weight == EQUAL and self.fusion == RRF()

    @property
    def pipeline(self) -> Pipeline:
        """The first stage, fused as it is now."""
        return self.tuned.pipeline.with_(fusion=self.fusion, weight=self.weight)

    @property
    def method(self) -> str:
        """The method in words: "RRF with k 60", "min-max"."""
        return method_name(self.fusion)


def method_name(fusion: Any) -> str:
    """A method in words: "RRF with k 60", "min-max"."""
    return f"RRF with k {fusion.k}" if isinstance(fusion, RRF) else kind_of("fusion", fusion)
