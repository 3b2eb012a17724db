"""Metrics against ir-measures called directly and by hand; ties by the one rule; names that cannot be computed."""

import math

import ir_measures
import numpy as np
import pytest
from ir_measures import Qrel, ScoredDoc

from retrieval.errors import BadSetting
from retrieval.metrics import DEFAULT_METRICS, grades_by_query, parse, score_rankings
from retrieval.types import Judgment, Ranking

NAMES = (*DEFAULT_METRICS, "AP@100", "P@5", "nDCG@3", "RR@3", "AP(rel=2)@5")


def test_scores_equal_those_of_ir_measures():
    random = np.random.default_rng(0)
    documents = [f"d{at:02}" for at in range(30)]
    qrels, run, rankings = [], [], {}
    for query in map(str, range(20)):
        judged = random.choice(documents, 8, replace=False)
        qrels += [Qrel(query, document, int(grade)) for document, grade in zip(judged, random.integers(0, 4, 8), strict=True)]
        found, scores = random.choice(documents, 15, replace=False), random.permutation(15) / 7
        run += [ScoredDoc(query, document, float(score)) for document, score in zip(found, scores, strict=True)]
        rankings[query] = Ranking.of(found.tolist(), scores)
    grades = grades_by_query(Judgment(*qrel[:3]) for qrel in qrels)
    ours = score_rankings(rankings, grades, NAMES)
    assert set(ours) == set(NAMES)
    for name in NAMES:
        theirs = {value.query_id: value.value for value in ir_measures.parse_measure(name).iter_calc(qrels, run)}
        assert ours[name] == pytest.approx(theirs), name
        assert len(set(theirs.values())) > 1, name


def test_ndcg_by_hand():
    """Grades 1, none, 3 in the ranking; 3, 2, 1 in the ideal list, where the missing document counts too."""
    ranking = Ranking(("a", "x", "c"), (3.0, 2.0, 1.0))
    gain = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    scores = score_rankings({"q": ranking}, {"q": {"a": 1, "b": 2, "c": 3}}, ("nDCG@10", "R@10", "RR@10", "Judged@10"))
    assert scores["nDCG@10"]["q"] == pytest.approx(gain / ideal)
    assert scores["R@10"]["q"] == pytest.approx(2 / 3)
    assert scores["RR@10"]["q"] == 1.0
    assert scores["Judged@10"]["q"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(("relevant", "expected"), [("a", 1.0), ("b", 0.5)])
def test_the_one_rule_decides_ties(relevant, expected):
    """With equal scores handed over, the library orders ids the other way round and RR is another."""
    tied = Ranking.of(["b", "a"], [1.0, 1.0])
    assert score_rankings({"q": tied}, {"q": {relevant: 1}}, ("RR@10",))["RR@10"]["q"] == expected
    run = [ScoredDoc("q", id, 1.0) for id in tied.ids]
    assert ir_measures.RR.calc_aggregate([Qrel("q", relevant, 1)], run) == 1.5 - expected


def test_a_query_without_results_counts_0():
    grades = {"found": {"a": 1}, "empty": {"a": 1}, "absent": {"a": 1}}
    rankings = {"found": Ranking(("a",), (1.0,)), "empty": Ranking(), "unjudged": Ranking(("a",), (1.0,))}
    assert score_rankings(rankings, grades, ("nDCG@10",)) == {"nDCG@10": {"found": 1.0, "empty": 0.0, "absent": 0.0}}


def test_no_results_at_all_are_zeros():
    assert score_rankings({}, {"q": {"a": 1}}, ("R@10",)) == {"R@10": {"q": 0.0}}


def test_a_query_without_a_relevant_document_counts_0():
    scores = score_rankings({"q": Ranking(("a",), (1.0,))}, {"q": {"a": 0}}, ("nDCG@10", "R@10"))
    assert scores == {"nDCG@10": {"q": 0.0}, "R@10": {"q": 0.0}}


def test_two_names_of_one_metric_both_get_its_value():
    scores = score_rankings({"q": Ranking(("x", "a"), (2.0, 1.0))}, {"q": {"a": 1}}, ("RR@10", "MRR@10"))
    assert scores == {"RR@10": {"q": 0.5}, "MRR@10": {"q": 0.5}}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nDGC@10",
        "nDCG@",
        "nDCG@x",
        "nDCG@0",
        "nDCG@-1",
        "nDCG@2.5",
        "nDCG@10+1",
        "P",
        "RBP(p=2)",
        "ERR",
        "alpha_nDCG@10",
        "P(rel=0)@5",
    ],
)
def test_a_metric_that_cannot_be_computed_is_refused(name):
    with pytest.raises(BadSetting, match="cannot be computed; use a name of ir-measures, such as nDCG@10, R@100"):
        parse([name])


def test_grades_by_query_groups_them():
    assert grades_by_query([Judgment("q", "a", 1), Judgment("p", "a", 0), Judgment("q", "b", 3)]) == {
        "q": {"a": 1, "b": 3},
        "p": {"a": 0},
    }
