"""Choosing among variants: what is recommended, and how good it is on queries that had no say in it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import BadInput
from retrieval.statistics import estimate
from retrieval.tuning.choice import BY_FOLDS, ON_HELD_OUT, Rule, choose

NAMES = ("a", "b", "c")
FOLDS = np.array([0, 0, 1, 1, 2, 2])
CLEAR = np.array([[0.2] * 6, [0.6] * 6, [0.5, 0.7] * 3])  # means 0.2, 0.6, 0.6; b and c differ by noise only
STEP = np.array([[0.1, 0.5, 0.8, 0.81, 0.82, 0.83]]).T + np.tile([0.0, 0.05], 3)  # a curve whose knee is its third point


def test_the_best_is_taken_where_it_is_clearly_better_than_what_is_in_use():
    choice = choose(NAMES[:2], CLEAR[:2], FOLDS, Rule(incumbent=0))
    assert (choice.best, choice.recommended) == (1, 1)
    assert choice.gain.mean == pytest.approx(0.4)  # b is the best of each training part, so every query is tested under it
    assert choice.held_out.mean == pytest.approx(0.6)


def test_what_is_in_use_stays_where_the_gain_is_chance():
    scores = np.array([[0.5] * 6, [0.4, 0.4, 0.5, 0.5, 0.7, 0.9]])  # mean 0.567, by the last two queries alone
    choice = choose(NAMES[:2], scores, FOLDS, Rule(incumbent=0))
    assert (choice.best, choice.recommended) == (1, 0)
    # queries 1 and 2 are tested under b (0.65 of the others), 3 and 4 too (0.6), 5 and 6 under a (b has 0.45 without them)
    assert choice.gain.mean == pytest.approx((-0.1 - 0.1 + 0 + 0 + 0 + 0) / 6)


def test_without_an_incumbent_the_best_is_taken():
    choice = choose(NAMES, CLEAR, FOLDS, Rule())
    assert (choice.best, choice.recommended, choice.gain) == (1, 1, None)  # b and c are equal, the first one counts


def test_of_equally_good_variants_the_incumbent_or_the_nearest_to_the_default_is_best():
    assert choose(NAMES, CLEAR, FOLDS, Rule(incumbent=2)).best == 2
    assert choose(NAMES, CLEAR, FOLDS, Rule(distances=np.array([0.0, 2.0, 1.0]))).best == 2


def test_the_cheapest_within_noise_of_the_best_is_recommended():
    def recommended(*costs):
        return choose(NAMES, CLEAR, FOLDS, Rule(costs=np.array(costs, float))).recommended

    assert recommended(1, 9, 5) == 2  # a is cheaper, and clearly worse
    assert recommended(1, 3, 5) == 1
    assert choose(NAMES, CLEAR, FOLDS, Rule(0, np.array([1.0, 9.0, 5.0]))).recommended == 2  # also where a is in use


def test_what_is_taken_for_its_cost_is_clearly_better_than_the_incumbent():
    sure, unsure = [0.6] * 6, [0.1, 1.1, 0.1, 1.1, 0.1, 1.0]  # both within noise of one another
    scores = np.array([[0.5] * 6, sure, unsure])
    costs = np.array([0.0, 9.0, 5.0])
    assert choose(NAMES, scores, FOLDS, Rule(0, costs)).recommended == 1
    assert choose(NAMES[1:], scores[1:], FOLDS, Rule(costs=costs[1:])).recommended == 1  # of these two the cheaper


def test_on_a_curve_nothing_before_the_knee_is_recommended():
    scores = np.zeros(STEP.shape)
    scores[:, 5] = STEP.sum(axis=1)  # the same means by one query alone, so that all differences are noise
    costs = np.arange(1.0, 7.0)
    assert choose("123456", scores, FOLDS, Rule(costs=costs)).recommended == 0
    bent = choose("123456", scores, FOLDS, Rule(costs=costs, bend=True))
    assert (bent.rule.knee(scores), bent.recommended) == (2, 2)


def test_a_larger_point_than_the_knee_is_recommended_where_it_is_clearly_better():
    choice = choose("123456", STEP, FOLDS, Rule(costs=np.arange(1.0, 7.0), bend=True))
    assert choice.rule.knee(STEP) == 2
    assert choice.recommended == 5  # the differences to it are the same for every query, so none is noise


def test_cross_validation_applies_the_rule_anew_on_each_training_part():
    scores = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    choice = choose(NAMES[:2], scores, np.array([0, 0, 1, 1]), Rule())
    # the last two queries choose b, which scores 0 on the first two; these choose a, which scores 0 on the last two
    assert (choice.held_out.mean, choice.held_out_by) == (0.0, BY_FOLDS)
    assert choice.estimate(0).mean == 0.5


def test_the_held_out_share_tests_the_choice():
    scores = np.array([[0.2, 0.3, 0.9, 0.8], [0.6, 0.7, 0.1, 0.2]])
    held_out = np.array([False, False, True, True])
    choice = choose(NAMES[:2], scores, np.array([0, 1, 0, 1]), Rule(), held_out)
    assert choice.recommended == 1
    assert (choice.held_out.mean, choice.held_out.queries) == (pytest.approx(0.15), 2)
    assert choice.held_out_by == ON_HELD_OUT
    assert choice.tested(0).mean == pytest.approx(0.85)
    assert choice.estimate(1).queries == 2


def test_a_variant_that_is_not_recommended_is_tested_on_a_held_out_share_alone():
    choice = choose(NAMES, CLEAR, FOLDS, Rule())
    assert choice.tested(choice.recommended) == choice.held_out
    assert choice.tested(0) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([Rule(0), Rule(costs=np.array([1.0, 2.0, 3.0])), Rule()]))
def test_what_is_held_out_has_no_say(seed, rule):
    random = np.random.default_rng(seed)
    scores, other = random.random((2, 3, 12))
    held_out = np.arange(12) >= 8
    other[:, ~held_out] = scores[:, ~held_out]
    folds = np.arange(12) % 4
    one, two = (choose(NAMES, own, folds, rule, held_out) for own in (scores, other))
    assert (one.best, one.recommended, one.gain) == (two.best, two.recommended, two.gain)
    assert one.held_out == estimate(scores[one.recommended, held_out])


def test_one_query_chooses_nothing_new_and_tests_nothing():
    choice = choose(NAMES[:2], np.array([[0.1], [0.9]]), np.array([0]), Rule(incumbent=0))
    assert (choice.best, choice.recommended, choice.held_out) == (1, 0, None)


def test_two_queries_choose_nothing_new_either():
    choice = choose(NAMES[:2], np.array([[0.1, 0.2], [0.9, 0.1]]), np.array([0, 1]), Rule(incumbent=0))
    assert (choice.best, choice.recommended, choice.held_out.queries) == (1, 0, 2)


def test_nothing_to_choose_from_and_nothing_to_choose_by_are_a_sentence_each():
    with pytest.raises(BadInput, match="nothing to choose from"):
        choose((), np.zeros((0, 3)), np.zeros(3, np.int64), Rule())
    with pytest.raises(BadInput, match="nothing to choose from"):
        choose(("a",), np.zeros((1, 0)), np.zeros(0, np.int64), Rule())
    with pytest.raises(BadInput, match="Every judged query is held out"):
        choose(("a",), np.zeros((1, 2)), np.zeros(2, np.int64), Rule(), np.array([True, True]))
