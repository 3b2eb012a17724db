"""The times and rows of traces, by numbers that can be added up in the head."""

from dataclasses import replace

import numpy as np
import pytest

from retrieval.pipeline import Pipeline
from retrieval.tracing import STEPS, Kept, Traces, milliseconds
from retrieval.types import STAGES, Query, Ranking, Trace

MILLISECONDS = (
    {"embed": 10, "dense": 1, "sparse": 4, "fused": 2, "reranked": 20},
    {"embed": 1, "dense": 1, "sparse": 9, "fused": 0, "reranked": 0},
)
FOUND = [
    Trace("pump", dict.fromkeys(STAGES, Ranking(("b", "a"), (2.0, 1.0))), {step: ms / 1000 for step, ms in times.items()})
    for times in MILLISECONDS
]


@pytest.fixture
def traces():
    """One query, two repetitions."""
    kept = Kept.of(FOUND[0], {"a": 0, "b": 1}).again(FOUND[1])
    return Traces(Pipeline(), (Query("q", "pump"),), ["a", "b"], (kept,), 2)


def test_times_of_a_stage_and_until_it(traces):
    assert STEPS == ("embed", "dense", "sparse", "fused", "reranked")
    assert traces.stage_seconds("dense") == pytest.approx(np.array([[0.011, 0.002]]))  # with the embedding of the query
    assert traces.stage_seconds("reranked") == pytest.approx(np.array([[0.020, 0.0]]))
    assert traces.until("sparse") == pytest.approx(np.array([[0.004, 0.009]]))
    assert traces.until("fused") == pytest.approx(np.array([[0.013, 0.009]]))  # the longer leg: 11 > 4, then 9 > 2
    assert traces.until("reranked") == pytest.approx(np.array([[0.033, 0.009]]))


def test_totals_are_those_of_the_searches(traces):
    assert traces.totals.tolist() == [[one.total for one in FOUND]]
    assert milliseconds(traces.totals, 50) == pytest.approx((33 + 9) / 2)
    assert milliseconds(traces.totals, 95) == pytest.approx(9 + 0.95 * (33 - 9))


def test_rows_are_those_of_the_index(traces):
    [(rows, scores)] = traces.hits("dense")
    assert (rows.tolist(), scores.tolist(), rows.dtype, scores.dtype) == ([1, 0], [2.0, 1.0], np.int64, np.float64)
    assert traces.rankings("dense") == {"q": Ranking(("b", "a"), (2.0, 1.0))}


def test_the_time_of_measuring_spans_the_queries(traces):
    early, late = (replace(traces.kept[0], measured=float(second)) for second in (0, 86_400))
    first, last = replace(traces, queries=traces.queries * 2, kept=(late, early)).measured
    assert (first.isoformat(), last.isoformat()) == ("1970-01-01T00:00:00+00:00", "1970-01-02T00:00:00+00:00")


def test_the_critical_path_goes_by_the_longer_leg(traces):
    # dense 11 and 2 ms, sparse 4 and 9, fused 2 and 0, reranked 20 and 0
    assert traces.critical(100) == pytest.approx({"dense": 11, "fused": 2, "reranked": 20})
    assert traces.critical(0) == pytest.approx({"sparse": 4, "fused": 0, "reranked": 0})
