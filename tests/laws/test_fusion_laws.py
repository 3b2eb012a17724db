"""Laws of fusion over arbitrary rankings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.fusion import FUSIONS, RRF, CombMNZ, DistributionSum, MinMaxSum, ZScoreSum
from retrieval.types import Ranking

IDS = [f"d{n}" for n in range(12)]
WEIGHTS = st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0, 2.0])
SOME = st.lists(st.sampled_from(IDS), unique=True)
GRID = st.integers(0, 40).map(lambda n: n / 8)  # exact in binary, with ties


@st.composite
def rankings(draw, ids=SOME) -> Ranking:
    chosen = draw(ids)
    return Ranking.of(chosen, [draw(GRID) for _ in chosen])


def some(weights: tuple[float, ...]) -> bool:
    return any(weight > 0 for weight in weights)


pairs = st.tuples(rankings(), rankings())
weights_of_two = st.tuples(WEIGHTS, WEIGHTS).filter(some)


@pytest.mark.parametrize("method", FUSIONS.values(), ids=FUSIONS)
@settings(max_examples=60, deadline=None)
@given(pair=pairs, weights=weights_of_two)
def test_the_fused_ids_are_the_union_and_the_terms_sum(method, pair, weights):
    fused = method().fuse(pair, weights)
    held = {id for ranking, weight in zip(pair, weights, strict=True) if weight for id in ranking.ids}
    assert set(fused.ids) == held
    assert Ranking.of(fused.ids, fused.scores) == fused
    for id, score in list(zip(fused.ids, fused.scores, strict=True))[:3]:
        terms = method().explain(pair, weights, id)
        assert sum(term.contribution for term in terms) == pytest.approx(score, abs=1e-12)


@pytest.mark.parametrize("method", [RRF, MinMaxSum, ZScoreSum, DistributionSum, CombMNZ])
@settings(max_examples=60, deadline=None)
@given(triple=st.tuples(rankings(), rankings(), rankings()), weights=st.tuples(WEIGHTS, WEIGHTS, WEIGHTS).filter(some))
def test_the_order_of_the_rankings_does_not_matter(method, triple, weights):
    turned = method().fuse((triple[2], triple[0], triple[1]), (weights[2], weights[0], weights[1]))
    assert method().fuse(triple, weights) == turned


@settings(max_examples=60, deadline=None)
@given(pair=pairs, weights=weights_of_two)
def test_rrf_ignores_scores(pair, weights):
    flat = [Ranking(ranking.ids, tuple(float(-rank) for rank in range(len(ranking)))) for ranking in pair]
    assert RRF().fuse(pair, weights) == RRF().fuse(flat, weights)


@pytest.mark.parametrize("method", [MinMaxSum, ZScoreSum, DistributionSum, CombMNZ])
@settings(max_examples=60, deadline=None)
@given(
    pair=st.tuples(rankings(st.permutations(IDS)), rankings(st.permutations(IDS))),
    weights=weights_of_two,
    shift=st.integers(-100, 100),
    scale=st.integers(1, 50),
)
def test_shifting_and_scaling_one_ranking_changes_nothing(method, pair, weights, shift, scale):
    moved = Ranking(pair[0].ids, tuple(scale * score + shift for score in pair[0].scores))
    before, after = method().fuse(pair, weights), method().fuse((moved, pair[1]), weights)
    for id in IDS:
        assert after.score_of(id) == pytest.approx(before.score_of(id), abs=1e-9)


@pytest.mark.parametrize("method", FUSIONS.values(), ids=FUSIONS)
@settings(max_examples=40, deadline=None)
@given(pair=pairs, weights=weights_of_two, factor=st.sampled_from([0.25, 2.0, 8.0]))
def test_only_the_ratio_of_the_weights_matters(method, pair, weights, factor):
    scaled = method().fuse(pair, [weight * factor for weight in weights])
    assert scaled.ids == method().fuse(pair, weights).ids


@pytest.mark.parametrize("method", FUSIONS.values(), ids=FUSIONS)
@settings(max_examples=40, deadline=None)
@given(ranking=rankings())
def test_fusing_one_ranking_keeps_its_order_up_to_its_own_ties(method, ranking):
    fused = method().fuse([ranking, Ranking()], [1.0, 0.0])
    assert fused.ids == ranking.ids
