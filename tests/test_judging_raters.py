"""Raters against one another: the figures by hand on four places."""

import numpy as np
import pytest

from retrieval.judging.agreement import confusion, krippendorff_alpha, reading
from retrieval.judging.raters import compare_raters
from retrieval.judging.verdicts import Verdict

GRADES = {"Anna": [0, 1, 3, 2], "Ben": [0, 2, 3, None], "Cleo": [None, 1, 1, 2]}
WORDS = [
    Verdict("q", f"d{at}", grade, grade is None and rater == "Ben", rater=rater)
    for rater, given in GRADES.items()
    for at, grade in enumerate(given)
    if grade is not None or rater == "Ben"
]


def test_all_figures_at_once():
    found = compare_raters(iter(WORDS))
    assert found.by_rater == {"Anna": 4, "Ben": 4, "Cleo": 3}  # Ben's fourth word is "can't tell"
    assert found.alpha == krippendorff_alpha(WORDS)
    assert {pair: kappa.places for pair, kappa in found.kappas.items()} == {
        ("Anna", "Ben"): 3,
        ("Anna", "Cleo"): 3,
        ("Ben", "Cleo"): 2,
    }
    assert [(item.document_id, item.difference) for item in found.disagreements] == [("d2", 2), ("d1", 1)]


def test_nobody_to_compare():
    found = compare_raters([])
    assert (found.by_rater, found.disagreements, found.alpha.value) == ({}, (), None)


def test_grades_that_met():
    expected = np.zeros((4, 4), int)
    expected[0, 0] = expected[1, 2] = expected[3, 3] = 1  # Anna's grade first
    assert confusion(WORDS, "Anna", "Ben").tolist() == expected.tolist()
    assert confusion(WORDS, "Ben", "Anna").tolist() == expected.T.tolist()


def test_the_last_word_meets():
    counts = confusion([*WORDS, Verdict("q", "d0", 3, rater="Anna")], "Anna", "Ben")
    assert (counts[0, 0], counts[3, 0], counts.sum()) == (0, 1, 3)


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (1.0, "reliable"),
        (0.8, "reliable"),
        (0.799, "tentative"),
        (0.667, "tentative"),
        (0.666, "not reliable"),
        (-0.2, "not reliable"),
    ],
)
def test_bounds_of_krippendorff(alpha, words):
    assert reading(alpha) == words
