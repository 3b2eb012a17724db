"""The front by hand and by its definition, and verdicts in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.statistics import Difference, differences
from retrieval.tuning.pareto import Verdict, pareto

points = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


def difference(mean, low, high):
    return Difference(mean, low, high, p=0.5, p_holm=0.5, improved=3, equal=2, worse=1, detectable=0.01)


def test_the_front_by_hand():
    cost = np.array([1.0, 2.0, 3.0, 4.0, 2.0])
    quality = np.array([0.5, 0.7, 0.6, 0.8, 0.4])
    assert pareto(cost, quality).tolist() == [True, True, False, True, False]  # 0.7 for 2 beats 0.6 for 3 and 0.4 for 2


def test_equals_stand_together_and_the_cheaper_of_two_equally_good_ones_alone():
    assert pareto(np.array([1.0, 1.0]), np.array([0.5, 0.5])).tolist() == [True, True]
    assert pareto(np.array([1.0, 2.0]), np.array([0.5, 0.5])).tolist() == [True, False]


def test_what_has_no_number_is_not_in_front_and_beats_nothing():
    assert pareto(np.array([np.nan, 2.0, 1.0]), np.array([0.9, 0.5, np.nan])).tolist() == [False, True, False]


@given(points)
def test_in_front_is_what_nothing_beats(points):
    def beats(one, other):
        return one != other and one[0] <= other[0] and one[1] >= other[1]

    cost, quality = np.array(points, np.float64).reshape(-1, 2).T
    assert pareto(cost, quality).tolist() == [not any(beats(one, point) for one in points) for point in points]


def test_a_gain_is_worth_it_where_its_interval_is_above_zero():
    verdict = Verdict("nDCG@10", difference(0.041, 0.0301, 0.0519), 3.94)
    assert verdict.sentence == "worth it: +0.041 [+0.030, +0.052] nDCG@10 for 3.9 ms at p95"
    assert verdict.per_millisecond == pytest.approx(0.041 / 3.94)


def test_a_loss_is_said():
    verdict = Verdict("RR@10", difference(-0.02, -0.031, -0.009), 120.0)
    assert verdict.sentence == "loses to fusion: -0.020 [-0.031, -0.009] RR@10 for 120.0 ms at p95"
    assert verdict.per_millisecond < 0


def test_noise_is_said():
    verdict = Verdict("nDCG@10", difference(-0.0001, -0.004, 0.008), 3.94)
    assert verdict.sentence == "within noise: +0.000 [-0.004, +0.008] nDCG@10 for 3.9 ms at p95"


def test_one_query_is_noise_without_an_interval():
    gain = differences({"fused": np.array([0.25]), "reranked": np.array([0.75])}, "fused")["reranked"]
    assert Verdict("nDCG@10", gain, 1.0).sentence == "within noise: +0.500 nDCG@10 for 1.0 ms at p95"


def test_what_takes_no_time_has_no_quality_per_millisecond():
    assert Verdict("nDCG@10", difference(0.0, 0.0, 0.0), 0.0).per_millisecond is None
