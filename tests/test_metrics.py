"""Metrics against ir-measures called directly and by hand; ties by the one rule; names that cannot be computed."""

import math
import subprocess
import sys

import ir_measures
import numpy as np
import pytest
from ir_measures import Qrel, ScoredDoc

from retrieval.errors import BadInput, BadSetting
from retrieval.metrics import (
    ABSENT,
    DEFAULT_METRICS,
    MEASURES,
    UNJUDGED,
    Judged,
    condensed,
    cutoff_of,
    grades_by_query,
    measure_of,
    parse,
    score_rankings,
)
from retrieval.types import Judgment, Ranking

NAMES = (*DEFAULT_METRICS, "AP@100", "P@5", "nDCG@3", "RR@3", "AP(rel=2)@5", "Bpref", "Rprec", "nDCG(gains={3:7})@5")


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


def test_average_precision_reciprocal_rank_and_rbp_by_hand():
    """Relevant at the ranks 2 and 3 of 3; one more relevant document is not found."""
    ranking = Ranking(("x", "a", "b"), (3.0, 2.0, 1.0))
    scores = score_rankings({"q": ranking}, {"q": {"a": 1, "b": 3, "c": 1}}, ("AP@100", "RR@10", "RBP@10", "RBP(p=0.5,rel=2)"))
    assert scores["AP@100"]["q"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    assert scores["RR@10"]["q"] == 1 / 2
    assert scores["RBP@10"]["q"] == pytest.approx((1 - 0.8) * (0.8 + 0.8**2))
    assert scores["RBP(p=0.5,rel=2)"]["q"] == pytest.approx(0.5 * 0.5**2)


def test_a_query_with_grades_below_0_only_has_nothing_relevant_but_is_judged():
    ranking = Ranking(("a", "b"), (2.0, 1.0))
    scores = score_rankings({"q": ranking}, {"q": {"a": -2, "b": -2}}, ("nDCG@10", "AP", "Judged@10", "Bpref"))
    assert scores == {"nDCG@10": {"q": 0.0}, "AP": {"q": 0.0}, "Judged@10": {"q": 1.0}, "Bpref": {"q": 0.0}}


def test_without_judgments_there_are_no_scores():
    assert score_rankings({"q": Ranking(("a",), (1.0,))}, {}, ("nDCG@10", "Bpref")) == {"nDCG@10": {}, "Bpref": {}}
    assert score_rankings({"q": Ranking(("a",), (1.0,))}, {"q": {}}, ("nDCG@10", "AP")) == {
        "nDCG@10": {"q": 0.0},
        "AP": {"q": 0.0},
    }


def test_a_result_that_stands_twice_is_refused():
    ranking = Ranking(("a", "b", "a"), (3.0, 2.0, 1.0))
    with pytest.raises(BadInput, match='the ranking of the query "q" holds "a" twice; remove all but its best place'):
        score_rankings({"q": ranking}, {"q": {"a": 1}}, ("nDCG@10",))


@pytest.mark.parametrize("grade", [32768, 2**40, -32767])
def test_a_grade_that_does_not_fit_is_refused(grade):
    with pytest.raises(
        BadInput, match=f"has the grade {grade:,}; a grade must lie between -32,766 and 32,767, use a smaller scale"
    ):
        Judged.of({"q": {"a": grade, "b": 1}})


def test_judged_takes_the_queries_that_are_named():
    judged = Judged.of({"p": {"a": 0, "b": 3, "c": -1}, "q": {"a": 2}}, ("q", "unknown", "p"))
    assert judged.queries == ("q", "unknown", "p")
    assert judged.grades.dtype == np.int16
    assert judged.grades.tolist() == [[2, ABSENT, ABSENT], [ABSENT] * 3, [3, 0, -1]]


def test_measures_take_grades_at_ranks():
    """Two settings, one query: a 3 in front of an unjudged result, and the other way round."""
    ranked = np.array([[[3, UNJUDGED, ABSENT]], [[UNJUDGED, 3, ABSENT]]], np.int16)
    judged = np.array([[3]], np.int16)
    assert measure_of("RR").values(ranked, judged).tolist() == [[1.0], [0.5]]
    assert measure_of("nDCG@2").values(ranked, judged).tolist() == [[1.0], [pytest.approx(1 / math.log2(3))]]
    assert measure_of("Judged@10").values(ranked, judged).tolist() == [[0.5], [0.5]]


def test_condensed_lists_hold_what_is_judged():
    ranked = {"q": Ranking(("x", "a", "y", "b"), (4.0, 3.0, 2.0, 1.0)), "unjudged": Ranking(("a",), (1.0,))}
    assert condensed(ranked, {"q": {"a": 0, "b": 2}}) == {"q": Ranking(("a", "b"), (3.0, 1.0)), "unjudged": Ranking()}


@pytest.mark.parametrize(
    ("name", "family", "depth", "canonical"),
    [
        ("nDCG@10", "nDCG", 10, "nDCG@10"),
        ("MRR@10", "RR", 10, "RR@10"),
        ("AP", "AP", None, "AP"),
        ("P(rel=2)@5", "P", 5, "P(rel=2)@5"),
        ("RBP(p=0.8)@10", "RBP", 10, "RBP@10"),
        ("Recall(cutoff=7)", "R", 7, "R@7"),
    ],
)
def test_a_name_finds_its_measure(name, family, depth, canonical):
    measure = measure_of(name)
    assert type(measure) is MEASURES[family]
    assert measure.depth == depth
    assert measure.name == canonical


def test_what_is_not_computed_here_is_left_to_ir_measures():
    assert parse(["Bpref", "P(judged_only=True)@5", "nDCG(gains={3:7})@5"]) == [None, None, None]


def test_the_cutoff_of_any_name():
    assert [cutoff_of(name) for name in ("nDCG@10", "AP", "IPrec@0.1", "Accuracy@3")] == [10, None, None, 3]


def test_every_measure_says_what_it_means():
    assert list(MEASURES) == ["nDCG", "R", "P", "AP", "RR", "Success", "RBP", "Judged"]
    assert len({kind.meaning for kind in MEASURES.values()}) == 8
    assert all(20 < len(kind.meaning) < 130 for kind in MEASURES.values())


@pytest.mark.parametrize(
    "name", ["", "nDGC@10", "nDCG@", "nDCG@x", "nDCG@-1", "nDCG@10+1", "ERR", "alpha_nDCG@10", "Bpref(cutoff=0)"]
)
def test_a_metric_that_nobody_computes_is_refused(name):
    with pytest.raises(BadSetting, match="cannot be computed; use a name of ir-measures, such as nDCG@10, R@100"):
        parse([name])


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("nDCG@0", "the cutoff of nDCG is 0; it must be a whole number of 1 or more"),
        ("nDCG@2.5", "the cutoff of nDCG is 2.5; it must be a whole number of 1 or more"),
        ("R(cutoff='x')", "the cutoff of R is 'x'; it must be a whole number of 1 or more"),
        ("P", "P needs a cutoff; name one, as in P@10"),
        ("Success(rel=2)", "Success needs a cutoff; name one, as in Success@10"),
        ("P(rel=0)@5", "rel of P is 0; it must be a whole number of 1 or more"),
        ("RR(rel=True)", "rel of RR is True; it must be a whole number of 1 or more"),
        ("RBP(p=2)", "p of RBP is 2; it must lie between 0 and 1, as in p=0.8"),
        ("RBP(p=1.0)@10", "p of RBP is 1.0; it must lie between 0 and 1, as in p=0.8"),
        ("RBP(p='x')@10", "p of RBP is 'x'; it must lie between 0 and 1, as in p=0.8"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(name, rule):
    with pytest.raises(BadSetting, match=f"^{rule}$"):
        parse([name])


def test_scoring_loads_nothing_that_makes_one_wait():
    code = (
        "import sys; from retrieval.metrics import DEFAULT_METRICS, score_rankings; from retrieval.types import Ranking;"
        "print(score_rankings({'q': Ranking(('a',), (1.0,))}, {'q': {'a': 1}}, (*DEFAULT_METRICS, 'AP', 'RBP'))['AP']);"
        "print({'numba', 'pandas', 'scipy', 'ranx', 'pytrec_eval'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.splitlines() == ["{'q': 1.0}", "set()"]


def test_grades_by_query_groups_them():
    assert grades_by_query([Judgment("q", "a", 1), Judgment("p", "a", 0), Judgment("q", "b", 3)]) == {
        "q": {"a": 1, "b": 3},
        "p": {"a": 0},
    }
