"""Agreement against numbers of the literature and a formula written out; disagreements by hand."""

from itertools import permutations

import numpy as np
import pytest

from retrieval.judging.agreement import Agreement, cohen_kappas, krippendorff_alpha, linear_kappa, ordinal_alpha
from retrieval.judging.disagreement import disagreements
from retrieval.judging.verdicts import Verdict

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C: four observers, twelve units, values 1 to 5.
EXAMPLE_C = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
# Three coders, fifteen units, values 1 to 4 (the example of Wikipedia's article on the coefficient).
THREE_CODERS = [".....34121133.3", "1.213343.......", "..21344.21133.4"]


def words(rows, lowest=1):
    """Verdicts of raters a, b, …: one row each, one character a document; '.' is no word."""
    return [
        Verdict("q", f"d{at:02}", int(value) - lowest, rater=rater)
        for rater, row in zip("abcdefgh", rows, strict=False)
        for at, value in enumerate(row)
        if value != "."
    ]


def counts(rows, values):
    """How many raters gave each value to each unit."""
    return np.array([[sum(row[at] == str(value) for row in rows) for value in values] for at in range(len(rows[0]))])


def alpha_by_hand(rows):
    """1 - observed over expected disagreement, by pairs of values, with Krippendorff's ordinal differences."""
    units = [[int(row[at]) for row in rows if row[at] != "."] for at in range(len(rows[0]))]
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]
    n = {value: values.count(value) for value in set(values)}

    def distance(one, other):
        low, high = sorted((one, other))
        return (sum(count for value, count in n.items() if low <= value <= high) - (n[low] + n[high]) / 2) ** 2

    observed = sum(distance(*pair) / (len(unit) - 1) for unit in units for pair in permutations(unit, 2)) / len(values)
    expected = sum(distance(*pair) for pair in permutations(values, 2)) / (len(values) * (len(values) - 1))
    return 1 - observed / expected


def test_alpha_of_krippendorffs_example_is_0_815():
    assert ordinal_alpha(counts(EXAMPLE_C, range(1, 6))) == pytest.approx(0.815, abs=5e-4)
    assert alpha_by_hand(EXAMPLE_C) == pytest.approx(0.815, abs=5e-4)


def test_alpha_of_three_coders():
    found = krippendorff_alpha(words(THREE_CODERS))
    assert found.value == pytest.approx(alpha_by_hand(THREE_CODERS))
    assert found.value == pytest.approx(0.807, abs=5e-4)
    assert (found.places, found.reason) == (12, "")


def test_alpha_equals_the_formula_on_random_grades():
    random = np.random.default_rng(3)
    for _ in range(20):
        rows = ["".join(random.choice(list("0123.."), 30)) for _ in range(int(random.integers(2, 6)))]
        assert krippendorff_alpha(words(rows, 0)).value == pytest.approx(alpha_by_hand(rows))


def test_alpha_is_1_where_all_agree_and_below_0_where_they_are_opposed():
    assert krippendorff_alpha(words(["0123", "0123", "0.2."], 0)).value == pytest.approx(1.0)
    assert krippendorff_alpha(words(["0303", "3030"], 0)).value < -0.5


def test_kappa_of_two_grades_is_plain_kappa():
    """50 proposals: both yes 20, both no 15, 5 and 10 apart; observed 0.7, by chance 0.5, so 0.4."""
    one, other = "3" * 25 + "0" * 25, "3" * 20 + "0" * 5 + "3" * 10 + "0" * 15
    assert cohen_kappas(words([one, other], 0)) == {("a", "b"): Agreement(pytest.approx(0.4), 50)}


def test_linear_kappa_by_hand():
    """Steps apart: 0, 1, 0, 2 of 4, mean 3/4; by chance the mean of all 16 pairs is 18/16; 1 - 0.75 / 1.125."""
    one, other = [0, 1, 2, 3], [0, 2, 2, 1]
    apart = [abs(a - b) for a in one for b in other]
    assert sum(apart) == 18
    assert linear_kappa(one, other) == pytest.approx(1 / 3)


def test_kappa_takes_every_pair_of_raters_by_name():
    rows = words(["0123.", "0122.", "33..3"], 0)
    assert {pair: found.places for pair, found in cohen_kappas(rows).items()} == {("a", "b"): 4, ("a", "c"): 2, ("b", "c"): 2}


def test_cant_tell_and_cleared_words_are_missing():
    given = words(["0123", "0123"], 0)
    changed = [
        Verdict("q", "d04", 3, rater="a"),
        Verdict("q", "d04", None, cant_tell=True, rater="b"),
        Verdict("q", "d05", 0, rater="a"),
        Verdict("q", "d05", 3, rater="b"),
        Verdict("q", "d05", None, rater="b"),
    ]
    assert krippendorff_alpha(given + changed) == krippendorff_alpha(given) == Agreement(pytest.approx(1.0), 4)
    assert cohen_kappas(given + changed) == cohen_kappas(given)


def test_the_last_word_of_a_rater_counts():
    given = words(["0123", "3210"], 0)
    assert krippendorff_alpha(given + words(["", "0123"], 0)).value == pytest.approx(1.0)


def test_spans_are_places_of_their_own():
    given = [Verdict("q", "d", grade, start=start, end=9, rater=rater) for start, grade, rater in [(0, 1, "a"), (1, 3, "b")]]
    assert krippendorff_alpha(given).places == 0


@pytest.mark.parametrize(
    ("rows", "places", "reason"),
    [
        ([], 0, "two raters"),
        (["0123"], 0, "two raters"),
        (["01..", "..23"], 0, "No two raters graded the same document"),
        (["2222", "2222"], 4, r"Every shared grade is 2 \(Relevant\)"),
        (["2", "2", "."], 1, r"Every shared grade is 2 \(Relevant\)"),
        (["20", "2.", ".."], 1, r"Every shared grade is 2 \(Relevant\)"),
    ],
)
def test_undefined_coefficients_come_with_a_sentence(rows, places, reason):
    alpha = krippendorff_alpha(words(rows, 0))
    assert (alpha.value, alpha.places) == (None, places)
    with pytest.raises(ValueError, match=reason):
        raise ValueError(alpha.reason)
    assert all(kappa.value is None and kappa.reason for kappa in cohen_kappas(words(rows, 0)).values())


def test_raters_who_never_agree_and_never_vary_have_a_kappa_of_0():
    assert cohen_kappas(words(["2222", "3333"], 0))["a", "b"].value == 0.0


def test_disagreements_are_ordered_by_their_difference():
    others = [Verdict("p", "z", 0, rater="a"), Verdict("p", "z", 2, rater="c", note="why")]
    given = words(["01230", "02030", "0.2.."], 0) + others
    found = disagreements(given)
    assert [(item.query_id, item.document_id, item.difference) for item in found] == [
        ("p", "z", 2),
        ("q", "d02", 2),
        ("q", "d01", 1),
    ]
    assert found[0].grades == {"a": 0, "c": 2}
    assert [word.note for word in found[0].words] == ["", "why"]
    assert found[1].grades == {"a": 2, "b": 0, "c": 2}


def test_agreed_taken_back_and_lonely_grades_are_no_disagreement():
    given = [
        Verdict("q", "a", 1, rater="ann"),
        Verdict("q", "a", None, cant_tell=True, rater="bob"),
        Verdict("q", "b", 1, rater="ann"),
        Verdict("q", "b", 3, rater="bob"),
        Verdict("q", "b", None, rater="bob"),
        Verdict("q", "c", 0, rater="ann"),
        Verdict("q", "c", 0, rater="bob"),
        Verdict("q", "d", 0, rater="ann"),
        Verdict("q", "d", 1, start=0, end=4, rater="bob"),
    ]
    assert disagreements(given) == ()


def test_who_cannot_tell_is_shown_beside_the_grades():
    given = [
        Verdict("q", "d", None, cant_tell=True, rater="cat", note="no idea", start=1, end=5),
        Verdict("q", "d", 3, rater="bob", start=1, end=5),
        Verdict("q", "d", 1, rater="ann", start=1, end=5),
    ]
    (found,) = disagreements(given)
    assert (found.start, found.end, found.difference) == (1, 5, 2)
    assert [word.rater for word in found.words] == ["ann", "bob", "cat"]
    assert found.grades == {"ann": 1, "bob": 3}


def test_a_whole_document_stands_before_its_spans():
    given = [
        Verdict("q", "d", grade, start=start, end=end, rater=rater)
        for start, end in [(3, 9), (None, None), (0, 9)]
        for grade, rater in [(0, "ann"), (3, "bob")]
    ]
    assert [item.start for item in disagreements(given)] == [None, 0, 3]
