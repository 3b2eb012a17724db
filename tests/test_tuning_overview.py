"""A sweep as it is looked at, worked by hand, and candidates from traces against the rankings that the engine fused."""

import numpy as np
import pytest

from retrieval.errors import BadInput
from retrieval.fusion import RRF, MinMaxSum
from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.statistics import estimate
from retrieval.tracing import trace
from retrieval.tuning import Band, class_means, overview, traced_candidates, weight_curve
from retrieval.types import Judgment, Query

# As in test_tuning_folds: on the last two B is best, so the first two score 0.2 and 0.6; on the first two A, so 0.6 and 0.4.
SCORES = np.array([[1.0, 0.0, 0.6, 0.4], [0.2, 0.6, 0.9, 0.8]])
REFERENCE = np.array([0.5, 0.5, 0.5, 0.5])
FOLDS = np.array([0, 0, 1, 1])
EVERY = np.ones(4, np.bool_)


def looked(choosing=EVERY, scores=SCORES):
    return overview(scores, np.zeros(2), REFERENCE, FOLDS, choosing)


def test_quality_and_gain_are_means_over_the_queries():
    found = looked()
    assert found.quality.means.tolist() == pytest.approx([0.5, 0.625])
    assert found.gain.means.tolist() == pytest.approx([0.0, 0.125])
    assert found.best == 1
    assert found.held_out is None


def test_the_tested_score_is_the_one_of_cross_validation_and_not_the_flattering_one():
    found = looked()
    assert found.tested.mean == pytest.approx((0.2 + 0.6 + 0.6 + 0.4) / 4)
    assert found.tested_gain.mean == pytest.approx(0.45 - 0.5)
    assert found.tested.mean < found.quality.means[found.best]


def test_held_out_queries_have_no_say_and_their_score_stands_beside():
    choosing = np.array([True, True, True, False])
    found = looked(choosing)
    assert found.quality.at(1).mean == pytest.approx((0.2 + 0.6 + 0.9) / 3)
    assert found.held_out.means.tolist() == [0.4, 0.8]
    scores = SCORES.copy()
    scores[:, 3] = (0.9, 0.1)
    other = looked(choosing, scores)
    assert (other.best, other.validated.chosen) == (found.best, found.validated.chosen)
    assert other.tested == found.tested


def test_a_variant_that_is_the_reference_gains_exactly_nothing():
    scores = np.stack([REFERENCE, REFERENCE + 1e-12])
    found = overview(scores, np.zeros(2), REFERENCE, FOLDS, EVERY)
    assert [(one.mean, one.low, one.high) for one in (found.gain.at(0), found.gain.at(1))] == [(0.0, 0.0, 0.0)] * 2


def test_one_variant_of_a_band_is_its_estimate():
    band = Band.of(SCORES)
    one, other = band.at(0), estimate(SCORES[0])
    assert one.queries == 4
    assert (one.mean, one.low, one.high) == pytest.approx((other.mean, other.low, other.high), abs=1e-6)


def test_one_query_has_no_interval():
    one = Band.of(np.array([[0.3], [0.4]])).at(1)
    assert (one.mean, one.low, one.high, one.queries) == (0.4, None, None, 1)


def test_without_a_query_that_chooses_there_is_nothing_to_look_at():
    with pytest.raises(BadInput, match="no query to average over"):
        looked(np.zeros(4, np.bool_))


def test_means_by_class_leave_out_what_is_held_out_and_begin_with_the_largest():
    classes = ["b", "a", "b", "c"]
    found = class_means(SCORES, classes, np.array([True, True, True, False]))
    assert list(found) == ["b", "a"]
    assert found["b"][0] == 2
    assert found["b"][1].tolist() == pytest.approx([0.8, 0.55])
    assert found["a"][1].tolist() == [0.0, 0.6]


ASKED = (Query("q0", "24 V relay"), Query("q1", "sealed pump"), Query("q2", "steel cabinet"))
JUDGED = [Judgment("q0", "d00", 3), Judgment("q0", "d11", 1), Judgment("q1", "d02", 2), Judgment("q2", "d09", 2)]


@pytest.mark.parametrize("fusion", [RRF(), MinMaxSum()])
@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_candidates_of_traces_score_as_the_rankings_that_the_engine_fuses(engine, pipeline, fusion, weight):
    traces = trace(engine, ASKED, pipeline=pipeline.with_(fusion=fusion, weight=weight))
    judgeable = Judgeable.of(JUDGED, engine.indexes.chunks, engine.document_of)
    plain = score_rankings(judgeable.rankings(traces.rankings("fused")), judgeable.grades, ["nDCG@10"])["nDCG@10"]
    curve = weight_curve(traced_candidates(traces, ASKED, judgeable), fusion, "nDCG@10", (weight,))
    assert curve.scores[0].tolist() == pytest.approx([plain[query.id] for query in ASKED], abs=1e-12)


def test_a_query_that_was_not_answered_has_no_results_and_counts_nothing(engine):
    traces = trace(engine, ASKED[1:])
    judgeable = Judgeable.of(JUDGED, engine.indexes.chunks, engine.document_of)
    curve = weight_curve(traced_candidates(traces, ASKED, judgeable), RRF(), "nDCG@10")
    assert curve.scores[:, 0].tolist() == [0.0] * len(curve.weights)
    assert curve.scores[:, 1].max() > 0


def test_candidates_without_any_answer_score_nothing(engine):
    traces = trace(engine, [])
    judgeable = Judgeable.of(JUDGED, engine.indexes.chunks, engine.document_of)
    curve = weight_curve(traced_candidates(traces, ASKED, judgeable), RRF(), "nDCG@10")
    assert not curve.scores.any()
