"""The knee by hand and against kneed, and the smallest count that is within noise of the best."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kneed import KneeLocator

from retrieval.errors import BadInput
from retrieval.tuning.knee import knee, smallest_within_noise

COUNTS = (10, 20, 50)


def test_the_knee_by_hand():
    # brought to 0 … 1, y - x is 0, 0.35, 0.3, 0.15, 0: from the peak it falls below 0.35 - 1/4
    assert knee([0, 1, 2, 3, 4], [0.0, 6.0, 8.0, 9.0, 10.0]) == 1
    # x is 0, 1/18, 4/18, 9/18, 1 of the way: y - x is 0, 0.44, 0.58, 0.4, 0
    assert knee([10, 20, 50, 100, 190], [0.70, 0.75, 0.78, 0.79, 0.80]) == 2


def test_the_example_of_the_paper():
    x = np.linspace(0.0, 1.0, 10)
    assert x[knee(x, -1 / (x + 0.1) + 5)] == pytest.approx(0.22, abs=0.01)


def test_of_two_knees_the_first_is_taken():
    # y - x is 0, 0.3, 0.2, 0.1, 0.4, 0.3, 0.2, 0.1, 0: the step of x is 1/8, and 0.3 falls by 0.2 before the next peak
    x = np.arange(9) / 8
    assert knee(x, x + np.array([0, 0.3, 0.2, 0.1, 0.4, 0.3, 0.2, 0.1, 0])) == 1
    # where it falls by 0.1 only, the first peak is none
    assert knee(x, x + np.array([0, 0.3, 0.25, 0.2, 0.4, 0.3, 0.2, 0.1, 0])) == 4


def test_sensitivity_asks_for_a_deeper_fall():
    # the peak is 0.35, the step 1/4: 0.35 - 1.5 / 4 is below 0, where y - x ends
    assert knee([0, 1, 2, 3, 4], [0, 6, 8, 9, 10], sensitivity=1.3) == 1
    assert knee([0, 1, 2, 3, 4], [0, 6, 8, 9, 10], sensitivity=1.5) is None


@pytest.mark.parametrize(
    "y",
    [[1, 1, 1, 1, 1], [0, 1, 2, 3, 4], [0, 1, 3, 6, 10], [5, 4, 3, 2, 1], [0, 0.3, 0.55, 0.78, 1.0], [0, 1], [1], []],
    ids=["flat", "straight", "rising faster", "falling", "hardly bent", "two points", "one point", "no point"],
)
def test_no_knee(y):
    assert knee(range(len(y)), y) is None


def test_a_dip_behind_the_best_changes_nothing():
    assert knee([0, 1, 2, 3, 4], [0.0, 6.0, 8.0, 7.0, 10.0]) == knee([0, 1, 2, 3, 4], [0.0, 6.0, 8.0, 8.0, 10.0]) == 1


@settings(max_examples=500)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 1000)), min_size=3, max_size=15))
def test_curves_that_rise_have_the_knee_that_kneed_finds(steps):
    x, y = np.cumsum([(0, 0), *steps], axis=0).T
    excess = y / y[-1] - x / x[-1]
    assume(excess[1] > 0)  # else it falls from the start, which kneed takes for a peak
    assume(np.abs(np.diff(excess)).min() > 1e-9)  # of a level peak, rounding decides where it is
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that there is none
        expected = KneeLocator(x, y, curve="concave", direction="increasing").knee
    found = knee(x, y)
    assert (None if found is None else x[found]) == expected


def test_a_count_within_noise_of_the_best_is_enough():
    best = np.linspace(0.2, 0.9, 40)
    scores = np.array([best - 0.1, best + np.tile([0.2, -0.21], 20), best])  # worse by 0.1 on every query; by 0.005 on average
    assert smallest_within_noise(scores, COUNTS) == 1
    assert smallest_within_noise(scores[::-1], COUNTS) == 0  # the best is the smallest
    assert smallest_within_noise(scores[[0, 0, 2]], COUNTS) == 2


def test_the_smallest_is_meant_whatever_the_order_of_the_counts():
    scores = np.tile(np.linspace(0.2, 0.9, 40), (3, 1))
    assert smallest_within_noise(scores, (50, 10, 20)) == 1


def test_one_query_tells_no_count_from_another():
    assert smallest_within_noise(np.array([[0.1], [0.5], [0.9]]), COUNTS) == 0


def test_without_a_query_nothing_is_within_noise():
    with pytest.raises(BadInput, match="there is no query to average over"):
        smallest_within_noise(np.zeros((3, 0)), COUNTS)
