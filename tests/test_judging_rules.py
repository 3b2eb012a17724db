"""Whose grade counts, with numbers to check by hand."""

import pytest

from retrieval.errors import BadInput
from retrieval.judging.rules import RULES, adjudicator, check_rule, judgments_by, latest, median
from retrieval.judging.verdicts import Verdict
from retrieval.types import Judgment


def words(**grades):
    """The words of raters on one place in this order; "?" is can't tell."""
    return [Verdict("q", "d", None if g in ("?", None) else g, g == "?", rater=rater) for rater, g in grades.items()]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"ann": 3, "bob": 1}, 1),
        ({"ann": 3, "bob": "?"}, 3),
        ({"ann": 3, "bob": None}, 3),
        ({"ann": "?"}, None),
        ({}, None),
        ({"ann": 1, "shipped": 3}, 1),
        ({"shipped": 3, "ann": 1}, 1),
        ({"shipped": 3, "ann": "?"}, 3),
    ],
)
def test_latest(given, expected):
    assert latest(words(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"a": 3, "b": 0, "c": 1}, 1),
        ({"a": 3, "b": 0}, 0),
        ({"a": 3, "b": 2, "c": 2, "d": 0}, 2),
        ({"a": 3, "b": 2, "c": 1, "d": 0}, 1),
        ({"a": 3, "b": "?", "c": None}, 3),
        ({"a": "?"}, None),
    ],
)
def test_median_is_the_lower_middle(given, expected):
    assert median(words(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"ann": 0, "bob": 3, "cem": 3}, 0),
        ({"ann": "?", "bob": 3, "cem": 2}, 2),
        ({"bob": 3, "cem": 3}, 3),
        ({"ann": None}, None),
    ],
)
def test_the_adjudicator_decides_and_else_the_median(given, expected):
    assert adjudicator(words(**given), "ann") == expected


def test_places_are_counted_one_by_one():
    given = [
        Verdict("q", "d", 1, rater="ann"),
        Verdict("q", "d", 3, False, 0, 5, "ann"),
        Verdict("q", "e", None, True, rater="ann"),
        Verdict("q", "d", 2, rater="bob"),
        Verdict("p", "d", 0, rater="bob"),
    ]
    assert judgments_by("latest", given) == (Judgment("q", "d", 2), Judgment("q", "d", 3, 0, 5), Judgment("p", "d", 0))
    assert judgments_by("median", given)[0] == Judgment("q", "d", 1)
    assert judgments_by("adjudicator:ann", given)[0] == Judgment("q", "d", 1)


@pytest.mark.parametrize("rule", ["", "mean", "adjudicator", "adjudicator:", "latest:ann", "Median"])
def test_what_is_no_rule_is_refused(rule):
    with pytest.raises(BadInput, match=f"'{rule}' is no rule for whose grade counts; choose latest, median or adjudicator:<name"):
        check_rule(rule)


def test_every_rule_has_a_name_that_is_taken():
    assert [check_rule(f"{name}:x" if name == "adjudicator" else name) for name in RULES] == ["latest", "median", "adjudicator:x"]
    assert check_rule("adjudicator:ann: the second") == "adjudicator:ann: the second"
