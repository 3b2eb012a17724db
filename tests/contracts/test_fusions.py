"""What every fusion of the table must do."""

from __future__ import annotations

import math

import pytest

from retrieval.errors import BadInput, BadSetting
from retrieval.fusion import FUSIONS
from retrieval.types import Ranking

DENSE = Ranking(("a", "b", "c", "d"), (0.9, 0.7, 0.2, 0.1))
SPARSE = Ranking(("b", "e", "a"), (12.0, 6.0, 1.0))
EMPTY = Ranking()


@pytest.fixture(params=FUSIONS.values(), ids=FUSIONS)
def method(request):
    return request.param()


def test_the_union_is_ranked_by_score_then_id(method):
    fused = method.fuse([DENSE, SPARSE], [0.5, 0.5])
    assert set(fused.ids) == {"a", "b", "c", "d", "e"}
    assert Ranking.of(fused.ids, fused.scores) == fused


def test_equal_scores_are_ordered_by_id(method):
    fused = method.fuse([Ranking(("b", "c"), (2.0, 1.0)), Ranking(("a", "c"), (2.0, 1.0))], [0.5, 0.5])
    assert fused.ids.index("a") < fused.ids.index("b")


def test_one_ranking_alone_keeps_its_order(method):
    assert method.fuse([DENSE, EMPTY], [1.0, 1.0]).ids == DENSE.ids


def test_two_empty_rankings_give_an_empty_one(method):
    assert method.fuse([EMPTY, EMPTY], [0.5, 0.5]) == EMPTY


def test_a_lone_result_stays(method):
    fused = method.fuse([Ranking(("a",), (0.4,)), EMPTY], [0.5, 0.5])
    assert fused.ids == ("a",)
    assert math.isfinite(fused.scores[0])


def test_all_scores_equal(method):
    fused = method.fuse([Ranking(("a", "b", "c"), (0.1, 0.1, 0.1)), Ranking(("a",), (0.1,))], [0.5, 0.5])
    assert fused.ids == ("a", "b", "c")
    assert all(map(math.isfinite, fused.scores))


def test_a_ranking_of_weight_0_takes_no_part(method):
    assert method.fuse([DENSE, SPARSE], [1.0, 0.0]) == method.fuse([DENSE, EMPTY], [1.0, 1.0])
    dense, sparse = method.explain([DENSE, SPARSE], [1.0, 0.0], "a")
    assert (sparse.contribution, sparse.rank, sparse.formula) == (0.0, 3, "weight 0: takes no part")
    assert dense.multiplier == 1


@pytest.mark.parametrize("weights", [(0.5, 0.5), (0.3, 0.7), (2.0, 1.0), (1.0, 0.0)])
def test_the_contributions_sum_to_the_fused_score(method, weights):
    fused = method.fuse([DENSE, SPARSE], weights)
    for id, score in zip(fused.ids, fused.scores, strict=True):
        terms = method.explain([DENSE, SPARSE], weights, id)
        assert [term.weight for term in terms] == list(weights)
        assert sum(term.contribution for term in terms) == pytest.approx(score)


def test_an_empty_ranking_adds_nothing(method):
    _, empty = method.explain([DENSE, EMPTY], [0.5, 0.5], "a")
    assert (empty.contribution, empty.rank, empty.score, empty.formula) == (0.0, None, None, "empty ranking: adds 0")


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0.0, 0.0], "all weights are 0, so no ranking takes part; raise at least one"),
        ([0.5, -0.1], "weight -0.1 of ranking 2 must be a finite number of at least 0"),
        ([math.nan, 0.5], "weight nan of ranking 1"),
        ([math.inf, 0.5], "weight inf of ranking 1"),
        ([0.5], "1 weights do not fit 2 rankings; give one weight for each"),
        ([0.2, 0.3, 0.5], "3 weights do not fit 2 rankings"),
    ],
)
def test_bad_weights_are_refused(method, weights, message):
    with pytest.raises(BadSetting, match=message):
        method.fuse([DENSE, SPARSE], weights)
    with pytest.raises(BadSetting, match=message):
        method.explain([DENSE, SPARSE], weights, "a")


def test_no_ranking_at_all_is_refused(method):
    with pytest.raises(BadSetting, match="there is no ranking to fuse"):
        method.fuse([], [])


def test_an_id_that_is_not_in_the_fused_ranking_is_explained_too(method):
    dense, sparse = method.explain([DENSE, SPARSE], [1.0, 0.0], "e")
    assert "(not found)" in dense.formula
    assert (sparse.rank, sparse.contribution, sparse.formula) == (2, 0.0, "weight 0: takes no part")
    assert all(term.rank is None for term in method.explain([DENSE, SPARSE], [0.5, 0.5], "nowhere"))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_scores_must_be_finite(method, bad):
    with pytest.raises(BadInput, match="ranking 2 holds a score that is not a finite number"):
        method.fuse([DENSE, Ranking(("x", "y"), (bad, 1.0))], [0.5, 0.5])


def test_a_fusion_is_a_frozen_value(method):
    assert method == type(method)()
    assert hash(method) == hash(type(method)())
