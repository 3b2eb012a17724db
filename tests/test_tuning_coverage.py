"""Who found what, worked by hand."""

import numpy as np
import pytest

from retrieval.errors import BadSetting
from retrieval.judgeable import Judgeable
from retrieval.spans import Places
from retrieval.tuning import FOUND_BY, Candidates, Items, coverage
from tests.tuning_cases import candidates, found

GRADES = {"q": {"a": 3, "b": 0, "c": 1, "d": 1, "gone": 2}, "r": {"a": 1}, "s": {"f": 0}}
DENSE = {"q": {"a": 0.9, "b": 0.8, "c": 0.7}, "r": {}, "s": {"f": 0.1}}
SPARSE = {"q": {"c": 6.0, "e": 5.0, "d": 4.0}, "r": {}, "s": {}}


def told(covered):
    return {
        (covered.queries[query], name): FOUND_BY[by]
        for query, name, by in zip(covered.query_of, covered.names, covered.found_by, strict=True)
    }


def test_each_relevant_document_is_told_with_who_found_it():
    assert told(coverage(candidates(GRADES, DENSE, SPARSE), 10)) == {
        ("q", "a"): "dense only",
        ("q", "c"): "both",
        ("q", "d"): "sparse only",
        ("q", "gone"): "neither",
        ("r", "a"): "neither",
    }


def test_what_is_found_too_deep_is_not_found():
    assert told(coverage(candidates(GRADES, DENSE, SPARSE), 2)) == {
        ("q", "a"): "dense only",
        ("q", "c"): "sparse only",
        ("q", "d"): "neither",
        ("q", "gone"): "neither",
        ("r", "a"): "neither",
    }


def test_counts_are_by_query_and_by_class():
    covered = coverage(candidates(GRADES, DENSE, SPARSE), 10)
    assert covered.counts.tolist() == [[1, 1, 1, 1], [1, 0, 0, 0], [0, 0, 0, 0]]
    by_class = covered.by_class(["numeric", "numeric", ""])
    assert {name: counts.tolist() for name, counts in by_class.items()} == {"numeric": [2, 1, 1, 1], "": [0, 0, 0, 0]}


def test_relevant_may_mean_a_higher_grade():
    assert told(coverage(candidates(GRADES, DENSE, SPARSE), 10, rel=2)) == {
        ("q", "a"): "dense only",
        ("q", "gone"): "neither",
    }


def test_a_place_is_found_by_any_chunk_that_holds_it():
    """The place x is in the chunks a and b, y in b and c: dense finds a, sparse c."""
    held = {"a": ("x",), "b": ("x", "y"), "c": ("y",)}
    judgeable = Judgeable({"q": {"x": 1, "y": 1}}, dict.fromkeys("abc", "d"), {"q": Places({"x": 1, "y": 1}, held)})
    items = Items.of(("q",), "abc", judgeable)
    covered = coverage(Candidates.of(items, [found({"a": 1.0})], [found({"c": 1.0})]), 1)
    assert told(covered) == {("q", "x"): "dense only", ("q", "y"): "sparse only"}
    both = coverage(Candidates.of(items, [found({"b": 1.0})], [(np.zeros(0, np.int64), np.zeros(0))]), 1)
    assert told(both) == {("q", "x"): "dense only", ("q", "y"): "dense only"}


def test_a_depth_below_one_is_refused():
    with pytest.raises(BadSetting, match="the depth is 0; it must be at least 1"):
        coverage(candidates(GRADES, DENSE, SPARSE), 0)
