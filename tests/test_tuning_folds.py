"""Choices and what they are worth on other queries, worked by hand."""

import numpy as np
import pytest

from retrieval.errors import BadSetting
from retrieval.fusion import MinMaxSum
from retrieval.tuning import balanced_folds, best, cross_validated, gains, routing, weight_curve
from tests.tuning_cases import candidates

FLAT = np.zeros(2)
# Two variants, four queries in two folds. On the last two B is best (0.85 against 0.5), so the first two score 0.2 and 0.6; on
# the first two A is best (0.5 against 0.4), so the last two score 0.6 and 0.4. On all together B is best.
SCORES = np.array([[1.0, 0.0, 0.6, 0.4], [0.2, 0.6, 0.9, 0.8]])
FOLDS = np.array([0, 0, 1, 1])


def test_each_fold_is_scored_by_the_choice_of_the_others():
    tested = cross_validated(SCORES, FLAT, FOLDS)
    assert tested.chosen == (1, 0)
    assert tested.scores.tolist() == [0.2, 0.6, 0.6, 0.4]
    assert tested.overall == 1
    assert tested.scores.mean() == pytest.approx(0.45)
    assert SCORES[tested.overall].mean() == pytest.approx(0.625)  # the flattering figure


def test_what_is_held_out_has_no_say_and_is_scored_by_the_choice_of_all_others():
    """Without the third query, whose variants are now far apart, A has 1.4 and B 1.6 in all."""
    scores = SCORES.copy()
    scores[:, 2] = (1.0, 0.1)
    choosing = np.array([True, True, False, True])
    tested = cross_validated(scores, FLAT, FOLDS, choosing)
    assert tested.overall == 1
    assert tested.chosen == (1, 0)
    assert tested.scores.tolist() == [0.2, 0.6, 0.1, 0.4]
    scores[:, 2] = (0.0, 9.0)
    assert cross_validated(scores, FLAT, FOLDS, choosing).chosen == (1, 0)


def test_of_equally_good_variants_the_nearest_to_the_default_is_chosen():
    scores = np.array([[0.5, 0.7], [0.7, 0.5], [0.6, 0.6 + 1e-12], [0.1, 0.2]])
    assert best(scores, np.array([0.3, 0.1, 0.2, 0.0])) == 1
    assert best(scores, np.array([0.3, 0.2, 0.1, 0.0])) == 2
    assert best(scores, np.array([0.2, 0.2, 0.2, 0.0])) == 0


def test_a_flat_curve_chooses_equal_weights():
    flat = candidates({"q": {"a": 1}, "r": {"b": 1}}, *[{"q": {"a": 1.0}, "r": {"b": 1.0}}] * 2)
    curve = weight_curve(flat, MinMaxSum(), "nDCG@10")
    assert curve.weights[best(curve.scores, curve.distances)] == 0.5


def test_one_query_cannot_choose_for_itself_and_gets_the_default():
    scores = np.array([[0.9], [0.1]])
    tested = cross_validated(scores, np.array([1.0, 0.0]), balanced_folds([""]))
    assert tested.scores.tolist() == [0.1]
    assert (tested.overall, tested.chosen) == (0, (1,))


def test_folds_are_the_same_every_time_and_others_with_another_seed():
    classes = ["numeric"] * 20 + ["paraphrase"] * 30
    assert balanced_folds(classes).tolist() == balanced_folds(classes).tolist()
    assert balanced_folds(classes).tolist() != balanced_folds(classes, seed=1).tolist()


def test_one_fold_is_refused():
    with pytest.raises(BadSetting, match="1 folds cannot be told apart; use at least 2"):
        balanced_folds(["a", "b"], 1)


# Queries of the class x (even places) are right under the first variant, those of y under the second, which are fewer.
CLASSES = ["x", "y"] * 10 + ["x"] * 10
APART = np.array([[float(name == "x") for name in CLASSES], [float(name == "y") for name in CLASSES]])
FIVE = balanced_folds(CLASSES)


def test_a_router_gives_each_class_what_its_other_queries_chose():
    routed = routing(APART, FLAT, FIVE, CLASSES)
    assert (routed.single, routed.choices) == (0, {"x": 0, "y": 1})
    assert routed.single_scores.mean() == pytest.approx(20 / 30)
    assert routed.routed_scores.tolist() == [1.0] * 30


def test_a_router_gains_nothing_where_luck_alone_parts_the_classes():
    """The y of either fold are right under the variant that is wrong for all y of the other fold."""
    classes = ["x"] * 20 + ["y"] * 10
    scores = np.array([[1.0] * 20 + [1.0, 0.0] * 5, [0.0] * 20 + [0.0, 1.0] * 5])
    routed = routing(scores, FLAT, np.arange(30) % 2, classes)
    assert routed.routed_scores[20:].tolist() == [0.0] * 10
    assert routed.single_scores[20:].tolist() == [1.0, 0.0] * 5


@pytest.mark.parametrize(("enough", "choices"), [(10, {"x": 0, "y": 1}), (11, {"x": 0}), (21, {})])
def test_a_small_class_goes_with_the_choice_of_all(enough, choices):
    routed = routing(APART, FLAT, FIVE, CLASSES, enough=enough)
    assert routed.choices == choices
    assert routed.routed_scores[1] == float("y" in choices)


def test_held_out_queries_do_not_make_a_class_large():
    choosing = np.array([name == "x" or at > 1 for at, name in enumerate(CLASSES)])
    assert routing(APART, FLAT, FIVE, CLASSES, choosing).choices == {"x": 0}


def test_queries_without_a_class_are_not_routed():
    classes = ["" if name == "y" else name for name in CLASSES]
    routed = routing(APART, FLAT, FIVE, classes)
    assert routed.choices == {"x": 0}
    assert routed.routed_scores.tolist() == routed.single_scores.tolist()


def test_one_query_of_a_class_of_its_own_is_no_obstacle():
    routed = routing(np.array([[0.2], [0.4]]), np.array([0.0, 1.0]), balanced_folds(["x"]), ["x"])
    assert (routed.single, routed.choices, routed.routed_scores.tolist()) == (1, {}, [0.2])


def test_gains_and_losses_are_told_the_largest_first_and_rounding_is_neither():
    reference = np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    won, lost = gains(np.array([0.6, 0.5 + 1e-13, 0.9, 0.1, 0.4, 0.5]), reference)
    assert (won.tolist(), lost.tolist()) == ([2, 0], [3, 4])
