"""Latency over repetitions: nothing is remembered, the warm-up is excluded."""

import numpy as np
import pytest

from retrieval import latency
from retrieval.errors import BadSetting
from retrieval.latency import WARM_UP, measure_latency
from retrieval.types import Trace


def test_every_repetition_is_a_whole_search(spied):
    engine, spy = spied
    steps = []
    found = measure_latency(engine, "24 V relay", engine.pipeline, 5, lambda sentence, share: steps.append((sentence, share)))
    assert len(spy.calls) == WARM_UP + 5
    assert found.repetitions == 5
    assert steps[0] == ("Run 1 of 5", 0.2)
    assert steps[-1] == ("Run 5 of 5", 1.0)
    assert set(found.p50) == set(found.p95) == {"embed", "dense", "sparse", "fused", "reranked", "total"}
    for step in found.p50:
        assert 0 <= found.p50[step] <= found.p95[step]
    assert found.p50["total"] >= found.p50["embed"]


def test_percentiles_by_hand_without_the_warm_up():
    class Slowing:
        """Searches that take 1, 2, 3 ... milliseconds, all of it embedding."""

        runs = 0

        def search(self, text, pipeline):
            self.runs += 1
            return Trace(text, {}, {"embed": self.runs / 1000, "dense": 0.0, "sparse": 0.0, "fused": 0.0, "reranked": 0.0})

    found = measure_latency(Slowing(), "query", None, 5)
    times = np.arange(WARM_UP + 1, WARM_UP + 6)
    assert found.p50["total"] == pytest.approx(np.median(times))
    assert found.p95["embed"] == pytest.approx(np.percentile(times, 95))
    assert found.p50["dense"] == 0.0


def test_at_least_one_repetition(engine):
    with pytest.raises(BadSetting, match="repetitions 0 must be at least 1"):
        latency.measure_latency(engine, "relay", engine.pipeline, 0)
