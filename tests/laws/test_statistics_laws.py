"""Laws of uncertainty: how often an interval holds the truth, how often a test is wrong, and what shape and order change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.statistics import bands, detectable, differences, estimate, holm, randomisation

SIMULATIONS = 1000


@pytest.mark.parametrize("queries", [60, 300])
def test_about_95_of_100_intervals_hold_the_true_mean(queries):
    """Scores of Beta(2, 1), whose mean is 2 / 3. 1,000 simulations tell the share to ± 0.014."""
    _, lows, highs = bands(np.random.default_rng(2).beta(2, 1, (SIMULATIONS, queries)))
    held = np.mean((lows <= 2 / 3) & (highs >= 2 / 3))
    assert 0.925 <= held <= 0.97


def test_5_of_100_tests_are_wrong_where_there_is_no_difference():
    deltas = np.random.default_rng(3).laplace(0, 0.2, (SIMULATIONS, 50))
    assert 0.03 <= np.mean(randomisation(deltas) < 0.05) <= 0.07


def test_a_detectable_difference_is_found_4_times_in_5():
    random = np.random.default_rng(4)
    smallest = detectable(random.normal(0, 0.2, 100_000)) * np.sqrt(100_000 / 80)  # that of 80 queries, their spread known
    deltas = random.normal(smallest, 0.2, (SIMULATIONS, 80))
    assert 0.75 <= np.mean(randomisation(deltas) < 0.05) <= 0.85


scores = st.integers(0, 8).map(lambda eighths: eighths / 8)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 30).flatmap(lambda queries: st.lists(st.lists(scores, min_size=queries, max_size=queries), min_size=1)))
def test_bands_are_the_estimates_of_each_row(rows):
    values = np.array(rows)
    means, lows, highs = bands(values)
    for at, row in enumerate(values):
        one = estimate(row)
        assert (one.mean, one.low, one.high) == pytest.approx((means[at], lows[at], highs[at]), abs=1e-6)
        assert row.min() - 1e-6 <= one.low <= one.high <= row.max() + 1e-6


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**16), st.integers(1, 4), st.integers(1, 5), st.integers(1, 20))
def test_bands_keep_the_shape_of_the_settings(seed, first, second, queries):
    values = np.random.default_rng(seed).random((first, second, queries))
    flat = bands(values.reshape(-1, queries))
    for grid, line in zip(bands(values), flat, strict=True):
        assert grid.shape == (first, second)
        assert grid.ravel() == pytest.approx(line, abs=1e-6, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(scores, scores), min_size=2, max_size=20))
def test_turning_a_comparison_round_turns_its_sign(pairs):
    one, other = np.array(pairs).T
    there = differences({"a": one, "b": other}, "a")["b"]
    back = differences({"a": one, "b": other}, "b")["a"]
    assert (back.mean, back.low, back.high) == pytest.approx((-there.mean, -there.high, -there.low), abs=1e-6)
    assert (back.improved, back.equal, back.worse) == (there.worse, there.equal, there.improved)
    assert (back.p, back.detectable) == (there.p, there.detectable)
    assert there.improved + there.equal + there.worse == len(pairs)


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=12))
def test_holm_lies_between_no_correction_and_bonferroni(p):
    corrected = holm(np.array(p))
    assert (corrected >= np.array(p)).all()
    assert (corrected <= np.minimum(np.array(p) * len(p), 1.0) + 1e-12).all()
    assert (np.diff(corrected[np.argsort(p, kind="stable")]) >= 0).all()
