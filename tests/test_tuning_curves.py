"""Weight curves worked by hand, against ranx, and what is refused."""

import math
import warnings

import numpy as np
import pytest

from retrieval.errors import BadInput, BadSetting
from retrieval.fusion import FUSIONS, RRF, MinMaxSum, TheoreticalMinMaxSum
from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.spans import Places
from retrieval.tuning import (
    NORMALISATIONS,
    RRF_KS,
    WEIGHTS,
    Candidates,
    Items,
    depth_curves,
    weight_curve,
    weight_curves,
)
from retrieval.types import Ranking
from tests.tuning_cases import DOCUMENTS, candidates

# By min-max dense gives a 1, b 0.5, c 0 and sparse c 1, d 0; so a scores w, b w / 2, c 1 - w and d 0.
GRADES = {"q": {"c": 2}}
DENSE = {"q": {"a": 0.9, "b": 0.8, "c": 0.7}}
SPARSE = {"q": {"c": 6.0, "d": 4.0}}


@pytest.fixture
def small():
    return candidates(GRADES, DENSE, SPARSE)


@pytest.mark.parametrize(
    ("weight", "rank"),
    [
        (0.0, 1),  # a and b take no part
        (0.25, 1),  # 0.75 before 0.25
        (0.5, 2),  # as much as a, which comes first by its id
        (0.6, 2),  # a 0.6, c 0.4, b 0.3
        (0.75, 3),  # a 0.75, b 0.375, c 0.25
        (1.0, 3),  # d takes no part
    ],
)
def test_a_relevant_document_falls_as_the_other_ranking_gains_weight(small, weight, rank):
    curve = weight_curve(small, MinMaxSum(), "nDCG@10", (weight,))
    assert curve.scores.tolist() == [[pytest.approx(1 / math.log2(1 + rank))]]


def test_a_curve_has_a_row_for_each_weight_and_a_column_for_each_query(small):
    curve = weight_curve(small, MinMaxSum(), "RR@10")
    assert curve.scores.shape == (101, 1)
    assert curve.weights.tolist() == [step / 100 for step in range(101)]
    assert (curve.fusion, curve.metric) == (MinMaxSum(), "RR@10")
    assert (curve.at(0.5), curve.at(0.504), curve.at(2.0)) == (50, 50, 100)
    assert curve.distances[[0, 50, 75]].tolist() == [0.5, 0.0, 0.25]


def test_many_weights_are_scored_in_blocks_with_the_same_result(small, monkeypatch):
    whole = weight_curve(small, MinMaxSum(), "nDCG@10").scores
    monkeypatch.setattr("retrieval.tuning.curves.BLOCK", 20)
    assert weight_curve(small, MinMaxSum(), "nDCG@10").scores.tolist() == whole.tolist()


@pytest.mark.parametrize("metric", ["nDCG@2", "nDCG", "P@5", "R@100", "AP", "RBP@10", "Judged@3", "Success@1"])
def test_every_metric_sees_as_much_of_the_ranking_as_it_looks_at(metric):
    """Query by query, by ids."""
    rng = np.random.default_rng(4)
    names = [f"q{n}" for n in range(8)]
    dense, sparse, grades = (
        {name: dict(zip(rng.permutation(DOCUMENTS)[:size], rng.integers(0, 4, size).tolist(), strict=True)) for name in names}
        for size in (4, 3, 4)
    )
    one_by_one = {
        name: MinMaxSum().fuse([Ranking.of(side[name], side[name].values()) for side in (dense, sparse)], (0.3, 0.7))
        for name in names
    }
    expected = score_rankings(one_by_one, grades, (metric,))[metric]
    curve = weight_curve(candidates(grades, dense, sparse), MinMaxSum(), metric, (0.3,))
    assert curve.scores[0] == pytest.approx([expected[name] for name in names], abs=1e-12)


@pytest.mark.parametrize("by_place", [False, True], ids=["documents", "places"])
def test_long_rankings_with_many_chunks_of_a_document_and_many_ties_are_scored_as_by_ids(by_place):
    rng = np.random.default_rng(6)
    ids = [f"c{number:03d}" for number in range(400)]
    document_of = {id: f"d{rng.integers(40):02d}" for id in ids}
    judged = {f"d{number:02d}[0:9]" if by_place else f"d{number:02d}": 1 + number % 3 for number in range(0, 40, 7)}
    held = {id: tuple(rng.permutation(list(judged))[:2].tolist()) for id in ids[::9]}
    judgeable = Judgeable({"q": judged}, document_of, {"q": Places(judged, held)} if by_place else {})
    rankings = [Ranking.of(rng.choice(ids, 150, replace=False).tolist(), rng.integers(0, 6, 150).tolist()) for _ in range(2)]
    hits = [[(np.array([ids.index(id) for id in own.ids]), np.array(own.scores))] for own in rankings]
    curve = weight_curve(Candidates.of(Items.of(("q",), ids, judgeable), *hits), MinMaxSum(), "nDCG", (0.0, 0.4, 0.5, 1.0))
    for weight, (score,) in zip(curve.weights, curve.scores, strict=True):
        fused = {"q": judgeable.ranking("q", MinMaxSum().fuse(rankings, (weight, 1 - weight)))}
        assert score == pytest.approx(score_rankings(fused, judgeable.grades, ("nDCG",))["nDCG"]["q"], abs=1e-12)


def test_small_multiples_are_single_curves(small):
    told = []
    curves = weight_curves(small, NORMALISATIONS, "nDCG@10", progress=lambda sentence, share: told.append((sentence, share)))
    assert [curve.fusion for curve in curves] == [kind() for name, kind in FUSIONS.items() if name != "RRF"]
    for curve in curves:
        assert curve.scores.tolist() == weight_curve(small, curve.fusion, "nDCG@10").scores.tolist()
    assert told[0] == ("1 of 5 fusions", 0.2)
    assert [fusion.k for fusion in RRF_KS if isinstance(fusion, RRF)] == [1, 5, 10, 20, 60, 100, 200]


def test_the_grid_of_weights_lacks_none():
    assert len(WEIGHTS) == 101
    assert [round(weight * 100) for weight in WEIGHTS] == list(range(101))
    assert {0.0, 0.07, 0.29, 0.5, 0.57, 0.58, 1.0} <= set(WEIGHTS)


def test_a_depth_cuts_both_rankings_before_they_are_fused(small):
    """Of the first two of either, dense has a and b, sparse c and d; min-max then gives b 0 and c still 1."""
    curves = depth_curves(small, MinMaxSum(), "nDCG@10", (1, 2, 3, 50), (0.75,))
    ranks = [1 / (2 ** (1 / curve.scores[0, 0]) - 1) for curve in curves.values()]
    assert list(curves) == [1, 2, 3, 50]
    assert ranks == pytest.approx([1 / 2, 1 / 2, 1 / 3, 1 / 3])  # c has 0.25 always: before b (0) at depth 2, after b at depth 3


def test_a_query_without_results_counts_zero():
    empty = {"q": {}, "r": {}}
    nothing = candidates({"q": {"a": 1}, "r": {}}, empty, empty)
    assert weight_curve(nothing, RRF(), "nDCG@10", (0.0, 0.5, 1.0)).scores.tolist() == [[0.0, 0.0]] * 3


def test_curves_equal_those_of_ranx():
    """On rankings without ties; ranx keeps what only a ranking of weight 0 holds, so 0 and 1 are left out."""
    pytest.importorskip("ranx")
    rng = np.random.default_rng(5)
    documents = [f"d{n:03d}" for n in range(80)]
    queries = [f"q{n:02d}" for n in range(12)]
    grades = {name: {documents[n]: int(rng.integers(1, 4)) for n in rng.choice(80, 6, replace=False)} for name in queries}
    runs = [{name: random_run(rng, documents, size) for name in queries} for size in (40, 30)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ranx import Qrels, Run, evaluate, fuse

        theirs = [
            evaluate(
                Qrels(grades),
                fuse(runs=[Run(run) for run in runs], norm="min-max", method="wsum", params={"weights": (weight, 1 - weight)}),
                "ndcg@10",
                return_mean=False,
            )
            for weight in (0.2, 0.5, 0.9)
        ]
    ours = weight_curve(by_names(documents, grades, runs), MinMaxSum(), "nDCG@10", (0.2, 0.5, 0.9))
    assert ours.scores == pytest.approx(np.array(theirs), abs=1e-9)


def random_run(rng, documents, size):
    chosen = rng.choice(documents, size, replace=False).tolist()
    return dict(zip(chosen, (rng.permutation(size) * 0.37 + rng.uniform(0, 0.3)).tolist(), strict=True))


def by_names(documents, grades, runs):
    items = Items.of(tuple(grades), documents, Judgeable(grades, {name: name for name in documents}))
    hits = []
    for run in runs:
        rankings = [Ranking.of(run[query], run[query].values()) for query in grades]
        hits.append([(np.array([documents.index(id) for id in own.ids]), np.array(own.scores)) for own in rankings])
    return Candidates.of(items, *hits)


def test_no_query_is_refused():
    with pytest.raises(BadInput, match="There is no judged query to tune on; add judgments"):
        candidates({}, {}, {})


def test_a_query_without_judgment_is_refused():
    judgeable = Judgeable({"q": {"a": 1}}, {name: name for name in DOCUMENTS})
    with pytest.raises(BadInput, match='The query "r" has no judgment; tune on judged queries only'):
        Items.of(("q", "r"), DOCUMENTS, judgeable)


def test_a_missing_ranking_is_refused(small):
    with pytest.raises(BadInput, match="ranking 2 is given for 0 queries out of 1; give one for each"):
        Candidates.of(small.items, small.dense, [])


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("side", [1, 2])
def test_a_score_that_is_no_number_is_refused(score, side):
    rankings = [DENSE, SPARSE]
    rankings[side - 1] = {"q": {"a": 1.0, "b": score}}
    with pytest.raises(BadInput, match=f'ranking {side} of the query "q" holds a score that is not a finite number'):
        candidates(GRADES, *rankings)


def test_an_empty_range_is_refused(small):
    with pytest.raises(BadSetting, match="The sweep has no weight; give at least one from 0"):
        weight_curve(small, RRF(), "nDCG@10", ())
    with pytest.raises(BadSetting, match="The sweep has no fusion; give at least one"):
        weight_curves(small, (), "nDCG@10")
    with pytest.raises(BadSetting, match="The sweep has no depth; give at least one"):
        depth_curves(small, RRF(), "nDCG@10", ())


def test_a_value_out_of_range_is_refused(small):
    with pytest.raises(BadSetting, match=r"weight -0\.5 of ranking 2 must be a finite number of at least 0"):
        weight_curve(small, RRF(), "nDCG@10", (0.5, 1.5))
    with pytest.raises(BadSetting, match="weight nan of ranking 1 must be a finite number"):
        weight_curve(small, RRF(), "nDCG@10", (math.nan,))
    with pytest.raises(BadSetting, match="the depth is 0; it must be at least 1"):
        depth_curves(small, RRF(), "nDCG@10", (0,))
    with pytest.raises(BadSetting, match="1 floors do not fit 2 rankings"):
        weight_curve(small, TheoreticalMinMaxSum((0.0,)), "nDCG@10")


def test_a_metric_that_cannot_be_swept_is_refused(small):
    with pytest.raises(BadSetting, match="infAP is computed by ir-measures alone, too slowly for a sweep; use one of nDCG, R,"):
        weight_curve(small, RRF(), "infAP")
    with pytest.raises(BadSetting, match="the metric 'nDGC@10' cannot be computed"):
        weight_curve(small, RRF(), "nDGC@10")


def test_a_sweep_stops_where_its_progress_raises(small):
    def stop(sentence, share):
        raise KeyboardInterrupt(sentence)

    with pytest.raises(KeyboardInterrupt, match="1 of 7 fusions"):
        weight_curves(small, RRF_KS, "nDCG@10", progress=stop)
    with pytest.raises(KeyboardInterrupt, match="1 of 2 depths"):
        depth_curves(small, RRF(), "nDCG@10", (1, 2), progress=stop)
