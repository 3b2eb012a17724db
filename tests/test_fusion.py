"""Numbers to check by hand. Dense: a 0.9, b 0.5, c 0.1. Sparse: b 12, d 6. Weights 0.5 and 0.5."""

from __future__ import annotations

import math

import numpy as np
import pytest

from retrieval.errors import BadSetting
from retrieval.fusion import (
    RRF,
    CombMNZ,
    DistributionSum,
    MinMaxSum,
    TheoreticalMinMaxSum,
    ZScoreSum,
    distribution,
    min_max,
    reciprocal_ranks,
    theoretical_min_max,
    z_score,
)
from retrieval.types import Ranking

DENSE = Ranking(("a", "b", "c"), (0.9, 0.5, 0.1))
SPARSE = Ranking(("b", "d"), (12.0, 6.0))
HALVES = (0.5, 0.5)
DEVIATION = math.sqrt((0.4**2 + 0.4**2) / 3)  # of 0.9, 0.5, 0.1 around 0.5, population


def close(fused: Ranking, expected: dict[str, float]) -> None:
    assert fused.ids == tuple(expected)
    assert fused.scores == pytest.approx(tuple(expected.values()))


def test_rrf():
    fused = RRF(k=60).fuse([DENSE, SPARSE], HALVES)
    close(fused, {"b": 0.5 / 62 + 0.5 / 61, "a": 0.5 / 61, "d": 0.5 / 62, "c": 0.5 / 63})


def test_min_max_sum():
    # dense: a 1, b (0.5 - 0.1) / 0.8 = 0.5, c 0; sparse: b 1, d 0
    close(MinMaxSum().fuse([DENSE, SPARSE], HALVES), {"b": 0.75, "a": 0.5, "c": 0.0, "d": 0.0})


def test_theoretical_min_max_sum():
    # dense over -1: a 1.9 / 1.9, b 1.5 / 1.9, c 1.1 / 1.9; sparse over 0: b 12 / 12, d 6 / 12
    expected = {"b": 0.5 * 1.5 / 1.9 + 0.5, "a": 0.5, "c": 0.5 * 1.1 / 1.9, "d": 0.25}
    close(TheoreticalMinMaxSum().fuse([DENSE, SPARSE], HALVES), expected)


def test_z_score_sum():
    # dense: a 0.4 / deviation, b 0, c and the missing d -0.4 / deviation
    # sparse, mean 9, deviation 3: b 1, d and the missing a and c -1
    last = 0.4 / DEVIATION
    close(
        ZScoreSum().fuse([DENSE, SPARSE], HALVES),
        {"b": 0.5, "a": 0.5 * last - 0.5, "c": -0.5 * last - 0.5, "d": -0.5 * last - 0.5},
    )


def test_distribution_sum():
    # dense, mean 0.5, sample deviation 0.4, from -0.7 to 1.7: a 1.6 / 2.4, b 1.2 / 2.4, c 0.8 / 2.4
    # sparse, mean 9, sample deviation the root of 18: 0.5 plus or minus 3 / 6 deviations
    step = 3 / (6 * math.sqrt(18))
    expected = {"b": 0.25 + 0.5 * (0.5 + step), "a": 0.8 / 2.4, "d": 0.5 * (0.5 - step), "c": 0.4 / 2.4}
    close(DistributionSum().fuse([DENSE, SPARSE], HALVES), expected)


def test_comb_mnz():
    # as the min-max sum, but b is in both rankings and counts twice
    close(CombMNZ().fuse([DENSE, SPARSE], HALVES), {"b": 1.5, "a": 0.5, "c": 0.0, "d": 0.0})


def test_the_normalisers_alone():
    scores = np.array([5.0, 3.0, 1.0])
    assert min_max(scores).tolist() == [1.0, 0.5, 0.0]
    assert theoretical_min_max(scores, 0.0).tolist() == pytest.approx([1.0, 0.6, 0.2])
    assert z_score(scores).tolist() == pytest.approx([math.sqrt(1.5), 0.0, -math.sqrt(1.5)])  # deviation: root of 8 / 3
    assert distribution(scores).tolist() == pytest.approx([8 / 12, 6 / 12, 4 / 12])  # sample deviation 2, from -3 to 9
    assert reciprocal_ranks(3, 1).tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 4])


@pytest.mark.parametrize("scores", [[0.1], [0.1, 0.1, 0.1], [0.0, 0.0], [-2.0]])
def test_equal_scores_are_never_divided_by_their_spread(scores):
    scores = np.array(scores)
    assert set(min_max(scores)) == {1.0}
    assert set(z_score(scores)) == {0.0}
    assert set(distribution(scores)) == {0.5}
    assert set(theoretical_min_max(scores, scores[0])) == {0.0}


@pytest.mark.parametrize("method", [RRF(), MinMaxSum(), TheoreticalMinMaxSum(), ZScoreSum(), DistributionSum(), CombMNZ()])
def test_a_lone_hit_beats_a_document_that_only_comes_last_in_the_other_ranking(method):
    fused = method.fuse([DENSE, Ranking(("x",), (7.0,))], HALVES)
    assert fused.ids.index("x") < fused.ids.index("c")


def test_a_lone_hit_is_worth_one_standard_deviation():
    fused = ZScoreSum().fuse([DENSE, Ranking(("c",), (7.0,))], (1.0, 1.0))
    last = 0.4 / DEVIATION
    assert fused.score_of("c") == pytest.approx(-last + 0)
    assert fused.score_of("b") == pytest.approx(0 - 1)


def test_distribution_keeps_the_lead_of_an_outlier():
    scores = np.array([100.0] + [1.0] * 50)
    assert distribution(scores)[0] > 1


@pytest.mark.parametrize(
    ("method", "found", "missing"),
    [
        (RRF(), "0.50 / (60 + 2) = 0.00806", "0.50 × 0 (not found) = 0"),
        (MinMaxSum(), "0.50 × (0.5 − 0.1) / (0.9 − 0.1) = 0.25", "0.50 × 0 (not found) = 0"),
        (TheoreticalMinMaxSum(), "0.50 × (0.5 − (−1)) / (0.9 − (−1)) = 0.395", "0.50 × 0 (not found) = 0"),
        (ZScoreSum(), "0.50 × (0.5 − 0.5) / 0.327 = 0", "0.50 × −1 (not found) = −0.5"),
        (DistributionSum(), "0.50 × (0.5 − (−0.7)) / 2.4 = 0.25", "0.50 × 0 (not found) = 0"),
        (CombMNZ(), "2 × 0.50 × (0.5 − 0.1) / (0.9 − 0.1) = 0.5", "0.50 × 0 (not found) = 0"),
    ],
)
def test_the_formula_can_be_read(method, found, missing):
    assert method.explain([DENSE, SPARSE], HALVES, "b")[0].formula == found
    assert method.explain([DENSE, SPARSE], HALVES, "a")[1].formula == missing


@pytest.mark.parametrize(
    ("method", "formula"),
    [
        (MinMaxSum(), "1.00 × 1 (all scores equal) = 1"),
        (TheoreticalMinMaxSum((7.0,)), "1.00 × 0 (no score above the floor) = 0"),
        (ZScoreSum(), "1.00 × 0 (all scores equal) = 0"),
        (DistributionSum(), "1.00 × 0.5 (all scores equal) = 0.5"),
    ],
)
def test_the_formula_of_equal_scores(method, formula):
    assert method.explain([Ranking(("x",), (7.0,))], [1.0], "x")[0].formula == formula


def test_a_term_holds_rank_raw_score_and_value():
    dense, sparse = CombMNZ().explain([DENSE, SPARSE], (0.25, 0.75), "b")
    assert (dense.weight, dense.rank, dense.score, dense.normalised, dense.multiplier) == (0.25, 2, 0.5, 0.5, 2)
    assert dense.contribution == pytest.approx(2 * 0.25 * 0.5)
    assert (sparse.rank, sparse.score, sparse.contribution) == (1, 12.0, pytest.approx(2 * 0.75 * 1))
    assert RRF().explain([DENSE, SPARSE], HALVES, "b")[0].normalised is None


def test_weights_that_two_decimals_would_round_keep_three_digits():
    assert RRF().explain([DENSE], [1 / 3], "a")[0].formula == "0.333 / (60 + 1) = 0.00546"


def test_rounding_errors_are_not_shown():
    thirds = Ranking(("a", "b", "c"), (0.3, 0.2, 0.1))  # the computed mean is not exactly 0.2
    assert ZScoreSum().explain([thirds], [1.0], "b")[0].formula == "1.00 × (0.2 − 0.2) / 0.0816 = 0"


def test_floors_must_fit():
    with pytest.raises(BadSetting, match="2 floors do not fit 1 rankings; give the lowest possible score"):
        TheoreticalMinMaxSum().fuse([DENSE], [1.0])
    with pytest.raises(BadSetting, match="must be finite"):
        TheoreticalMinMaxSum((math.nan, 0.0))


def test_scores_below_the_floor_take_it_down():
    negative = Ranking(("x", "y"), (-1.0, -3.0))  # Okapi in a tiny corpus
    fused = TheoreticalMinMaxSum().fuse([DENSE, negative], (0.0, 1.0))
    assert dict(zip(fused.ids, fused.scores, strict=True)) == {"x": 1.0, "y": 0.0}


def test_a_cosine_that_rounding_put_below_minus_one_is_no_error():
    fused = TheoreticalMinMaxSum().fuse([Ranking(("a", "b"), (1.0, -1.0000001)), SPARSE], HALVES)
    assert fused.score_of("b") == pytest.approx(0.5)


@pytest.mark.parametrize("k", [-1, math.nan, math.inf])
def test_rrf_k_must_be_a_number_of_at_least_0(k):
    with pytest.raises(BadSetting, match=f"RRF k {k} must be at least 0"):
        RRF(k=k)
