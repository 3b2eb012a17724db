"""An outside opinion: ranx, on random runs without ties. It has no weights for RRF and CombMNZ, so those are 1."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from retrieval.fusion import RRF, CombMNZ, MinMaxSum
from retrieval.types import Ranking

pytest.importorskip("ranx")


def random_ranking(rng, size: int) -> Ranking:
    chosen = rng.choice(300, size, replace=False)
    return Ranking.of((f"d{n:03d}" for n in chosen), rng.permutation(size) * 0.37 + rng.uniform(0, 0.3))


def by_ranx(pairs, norm, method, params=None) -> list[dict[str, float]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ranx import Run, fuse

        runs = [
            Run({f"q{at}": dict(zip(pair[side].ids, pair[side].scores, strict=True)) for at, pair in enumerate(pairs)})
            for side in (0, 1)
        ]
        fused = fuse(runs=runs, norm=norm, method=method, params=params).to_dict()
    return [fused[f"q{at}"] for at in range(len(pairs))]


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(3)
    return [(random_ranking(rng, 100), random_ranking(rng, int(rng.integers(2, 100)))) for _ in range(20)]


@pytest.mark.parametrize(
    ("ours", "weights", "norm", "name", "params"),
    [
        (RRF(k=60), (1.0, 1.0), None, "rrf", {"k": 60}),
        (MinMaxSum(), (0.3, 0.7), "min-max", "wsum", {"weights": (0.3, 0.7)}),
        (CombMNZ(), (1.0, 1.0), "min-max", "mnz", None),
    ],
    ids=["rrf", "min-max", "mnz"],
)
def test_ranx_agrees(pairs, ours, weights, norm, name, params):
    for pair, theirs in zip(pairs, by_ranx(pairs, norm, name, params), strict=True):
        fused = ours.fuse(pair, weights)
        assert set(fused.ids) == set(theirs)
        assert fused.scores == pytest.approx([theirs[id] for id in fused.ids], abs=1e-9)
