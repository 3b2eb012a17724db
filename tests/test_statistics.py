"""Intervals and p-values against SciPy, worked numbers, and what one query, two queries and no difference give."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from retrieval.errors import BadInput
from retrieval.statistics import (
    Difference,
    Estimate,
    bands,
    bounds,
    detectable,
    differences,
    estimate,
    holm,
    interval,
    randomisation,
    significance,
)

RANDOM = np.random.default_rng(5)
SKEWED = RANDOM.beta(0.5, 1.5, 60)
PAIRED = np.clip(SKEWED + RANDOM.normal(0.04, 0.15, 60), 0, 1)


def test_the_interval_is_that_of_the_percentile_bootstrap():
    theirs = stats.bootstrap((SKEWED,), np.mean, n_resamples=50_000, method="percentile", rng=1).confidence_interval
    ours = estimate(SKEWED)
    spread = theirs.high - theirs.low
    assert ours.mean == pytest.approx(SKEWED.mean(), abs=1e-12)
    assert ours.low == pytest.approx(theirs.low, abs=0.05 * spread)  # sampling error of the ends at 2,000 resamples: about 2 %
    assert ours.high == pytest.approx(theirs.high, abs=0.05 * spread)
    assert ours.queries == 60


def test_the_interval_of_a_difference_is_paired():
    theirs = stats.bootstrap(
        (PAIRED, SKEWED),
        lambda a, b, axis: a.mean(axis) - b.mean(axis),
        paired=True,
        n_resamples=50_000,
        method="percentile",
        rng=1,
    ).confidence_interval
    ours = differences({"plain": SKEWED, "new": PAIRED}, "plain")["new"]
    spread = theirs.high - theirs.low
    assert ours.mean == pytest.approx(PAIRED.mean() - SKEWED.mean())
    assert ours.low == pytest.approx(theirs.low, abs=0.05 * spread)
    assert ours.high == pytest.approx(theirs.high, abs=0.05 * spread)
    assert spread < 0.5 * (estimate(SKEWED).high - estimate(SKEWED).low)


def test_p_is_that_of_the_permutation_test_by_sign_flips():
    deltas = PAIRED - SKEWED
    theirs = stats.permutation_test((deltas,), np.mean, permutation_type="samples", n_resamples=100_000, rng=1).pvalue
    assert randomisation(deltas[None])[0] == pytest.approx(theirs, abs=4 * sqrt(theirs * (1 - theirs) / 10_000))


@pytest.mark.parametrize("queries", [2, 5, 13])
def test_p_is_exact_for_few_queries(queries):
    deltas = np.round(RANDOM.normal(0.1, 0.2, queries), 1)
    theirs = stats.permutation_test((deltas,), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
    assert randomisation(deltas[None])[0] == pytest.approx(theirs, abs=1e-12)


def test_p_by_hand():
    """Of the eight sums ±0.1 ±0.2 ±0.3 two are as far from 0 as 0.6; of ±0.1 ±0.2 −+0.3, which is 0, all are."""
    assert randomisation(np.array([[0.1, 0.2, 0.3], [0.1, 0.2, -0.3]])).tolist() == [2 / 8, 1.0]


def test_a_clear_difference_has_the_least_p_that_so_many_flips_can_tell():
    assert randomisation(np.full((1, 100), 0.3))[0] == pytest.approx(1 / 10_001)


def test_holm_by_hand():
    """0.01 × 4, 0.02 × 3, 0.03 × 2 which must not fall below the one before, 0.9 × 1."""
    assert holm(np.array([0.03, 0.01, 0.9, 0.02])) == pytest.approx([0.06, 0.04, 0.9, 0.06])
    assert holm(np.array([0.6, 0.7])).tolist() == [1.0, 1.0]
    assert holm(np.array([0.04])).tolist() == [0.04]


def test_what_can_be_detected_by_hand():
    """The differences 0, 0.2, 0.4 and 0.6 have the standard deviation √(0.2 / 3); z(0.975) + z(0.8) is 1.95996 + 0.84162."""
    assert detectable(np.array([0.0, 0.2, 0.4, 0.6])) == pytest.approx((1.95996 + 0.84162) * sqrt(0.2 / 3) / sqrt(4), abs=1e-5)
    assert detectable(np.full(9, 0.25)) is None


def test_every_comparison_is_corrected_for_all_of_them():
    scores = {"plain": SKEWED, "same": SKEWED, "new": PAIRED, "worse": np.maximum(SKEWED - 0.1, 0)}
    found = differences(scores, "plain")
    assert list(found) == ["same", "new", "worse"]
    assert [one.p_holm for one in found.values()] == pytest.approx(holm(np.array([one.p for one in found.values()])))
    assert found["worse"].p_holm == pytest.approx(3 / 10_001)
    assert found["worse"].high < 0
    assert not found["worse"].within_noise


def test_queries_are_counted_up_to_rounding():
    before, after = np.array([0.5, 0.5, 0.5, 0.0]), np.array([0.7, 0.5 + 1e-12, 0.1, 0.2])
    found = differences({"before": before, "after": after}, "before")["after"]
    assert (found.improved, found.equal, found.worse) == (2, 1, 1)


def test_one_query_has_no_interval_and_no_p():
    assert estimate(np.array([0.4])) == Estimate(0.4, None, None, 1)
    found = differences({"a": np.array([0.4]), "b": np.array([0.75])}, "a")["b"]
    assert found == Difference(pytest.approx(0.35), None, None, None, None, 1, 0, 0, None)
    assert found.within_noise
    means, lows, highs = bands(np.array([[0.4], [0.6]]))
    assert means.tolist() == [0.4, 0.6]
    assert np.isnan([lows, highs]).all()


def test_two_queries_span_both_of_them():
    """Of the resamples of two a quarter holds the first only: the ends of the interval are the two values."""
    assert estimate(np.array([0.0, 1.0])) == Estimate(0.5, 0.0, 1.0, 2)
    found = differences({"a": np.zeros(2), "b": np.array([0.25, 0.5])}, "a")["b"]
    assert (found.low, found.high, found.p) == (pytest.approx(0.25), pytest.approx(0.5), 0.5)
    assert not found.within_noise


def test_an_interval_that_ends_at_zero_spans_it():
    """Two of 62 queries lose; more than one resample in forty draws neither, so that the upper end is exactly 0."""
    lost = np.zeros(62)
    lost[:2] = -0.3, -0.1
    found = differences({"a": np.zeros(62), "b": lost}, "a")["b"]
    assert found.high == 0.0
    assert found.within_noise
    gained = differences({"a": np.zeros(2), "b": np.array([0.0, 0.92])}, "a")["b"]
    assert gained.low == 0.0
    assert gained.within_noise


def test_no_difference_at_all_is_within_noise():
    found = differences({"a": SKEWED, "b": SKEWED.copy()}, "a")["b"]
    assert found == Difference(0.0, 0.0, 0.0, 1.0, 1.0, 0, 60, 0, None)
    assert found.within_noise


def test_scores_that_do_not_vary_have_an_interval_of_no_width():
    assert estimate(np.full(50, 0.7)) == Estimate(pytest.approx(0.7), pytest.approx(0.7), pytest.approx(0.7), 50)


def test_the_same_values_give_the_same_answer():
    assert estimate(SKEWED) == estimate(SKEWED.copy())
    scores = {"plain": SKEWED, "new": PAIRED}
    assert differences(scores, "plain") == differences(dict(reversed(scores.items())), "plain")


def test_a_baseline_alone_has_nothing_to_be_compared_with():
    assert differences({"plain": SKEWED}, "plain") == {}


def test_bad_input_is_refused():
    with pytest.raises(BadInput, match=r"the baseline 'c' is not among the scores \(a, b\); name one of them"):
        differences({"a": SKEWED, "b": PAIRED}, "c")
    with pytest.raises(BadInput, match=r"the baseline 'a' is not among the scores \(none\)"):
        differences({}, "a")
    with pytest.raises(BadInput, match=r"the numbers of queries differ \(a: 60, b: 59\); score the same ones"):
        differences({"a": SKEWED, "b": PAIRED[1:]}, "a")
    with pytest.raises(BadInput, match="there is no query to average over; choose queries that are judged"):
        estimate(np.empty(0))
    with pytest.raises(BadInput, match="there is no query to average over"):
        differences({"a": np.empty(0), "b": np.empty(0)}, "a")
    for value in (np.nan, np.inf):
        with pytest.raises(BadInput, match="a score is not a finite number; leave it out or look at what made it"):
            estimate(np.array([0.5, value]))


def gain(mean, low, high, p=0.01):
    return Difference(mean, low, high, p, p, 3, 0, 1, 0.1)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (gain(0.2, 0.1, 0.3), "better"),
        (gain(-0.2, -0.3, -0.1), "worse"),
        (gain(0.2, -0.1, 0.3), "within noise"),
        (gain(0.2, 0.1, 0.3, p=0.06), "perhaps better"),
        (gain(-0.2, -0.3, -0.1, p=0.06), "perhaps worse"),
        (gain(0.2, None, None, p=None), "one query only"),
        (gain(0.0, 0.0, 0.0, p=1.0), "no query differs"),
        (Estimate(0.2, 0.1, 0.3, 9), "better"),
        (Estimate(-0.2, -0.3, 0.0, 9), "within noise"),
    ],
)
def test_what_a_gain_amounts_to_is_said_in_words(found, said):
    assert significance(found) == said


def test_a_mean_is_written_with_its_interval():
    assert interval(Estimate(0.7123, 0.65, 0.766, 9)) == "0.712 [0.650, 0.766]"
    assert interval(Estimate(0.7123, 0.65, 0.766, 9), digits=4) == "0.7123 [0.650, 0.766]"
    assert interval(Estimate(0.5, None, None, 1)) == "0.500"
    assert interval(gain(0.2, -0.0001, 0.3), "+") == "+0.200 [+0.000, +0.300]"  # what rounds to 0 has no minus
    assert bounds(gain(-0.2, -0.3, -0.1)) == "[-0.300, -0.100]"
