"""Runs compared on a query set: worked numbers, what is judged of them, classes, and what a reader must know."""

import math

import numpy as np
import pytest

from retrieval.comparing import (
    FINAL,
    Run,
    class_table,
    compare,
    imported_run,
    judged_at,
    members_of,
    notes,
    stage_run,
    stage_runs,
)
from retrieval.engine import Engine
from retrieval.errors import BadInput, BadSetting
from retrieval.judgeable import Judgeable
from retrieval.spans import Places
from retrieval.tracing import trace
from retrieval.types import STAGES, Judgment, Query, Ranking

QUERIES = (Query("q1", "one", "name"), Query("q2", "two", "other"), Query("q3", "three", "other"), Query("q9", "not judged"))
GRADES = {"q1": {"a": 3, "b": 0}, "q2": {"b": 1}, "q3": {"c": 2}}
JUDGEABLE = Judgeable(GRADES, {})


def ranked(**ids):
    """Rankings of these ids, each a letter, by query."""
    return {query: Ranking(tuple(given), tuple(float(-rank) for rank in range(len(given)))) for query, given in ids.items()}


A = Run("A", ranked(q1="ab", q2="xb", q3="xyc"))  # reciprocal ranks 1, 1/2, 1/3
B = Run("B", ranked(q1="xa", q2="b", q3="c", q9="a"))  # 1/2, 1, 1


def compared(*runs, metrics=("RR@10",), **options):
    return compare(runs or (A, B), QUERIES, JUDGEABLE, metrics, **options)


def test_only_judged_queries_count_in_their_order():
    found = compared()
    assert [query.id for query in found.queries] == ["q1", "q2", "q3"]
    assert found.scores["A"]["RR@10"].tolist() == pytest.approx([1, 1 / 2, 1 / 3])
    assert found.scores["B"]["RR@10"].tolist() == [1 / 2, 1, 1]


def test_the_first_run_is_the_baseline_where_none_is_named():
    assert compared().baseline == "A"
    assert compared(baseline="B").baseline == "B"
    assert compared().difference("A", "RR@10") is None


def test_a_difference_is_paired_by_query():
    found = compared().difference("B", "RR@10")
    assert found.mean == pytest.approx((-1 / 2 + 1 / 2 + 2 / 3) / 3)
    assert (found.improved, found.equal, found.worse) == (2, 0, 1)
    # of the 8 patterns of signs, the 6 whose sum is at least 2/3 from zero: all but those that pit 2/3 against 1/2 and 1/2
    assert found.p == pytest.approx(6 / 8)
    assert found.within_noise


def test_p_values_are_corrected_for_the_number_of_runs():
    equal = Run("C", A.rankings)
    found = compared(A, B, equal)
    assert found.difference("B", "RR@10").p_holm == 1.0  # 2 · 6/8, at most 1
    assert found.difference("C", "RR@10").p == 1.0


def test_an_estimate_is_the_mean_with_an_interval_around_it():
    found = compared().estimate("A", "RR@10")
    assert found.mean == pytest.approx(11 / 18)
    assert found.queries == 3
    # one in 27 resamples draws the worst query thrice and one the best, each more often than 2.5 %
    assert (found.low, found.high) == pytest.approx((1 / 3, 1))


def test_the_share_of_judged_results_is_that_at_the_cutoff_of_a_metric():
    found = compared(metrics=("RR@1", "P@2", "AP"))
    # first results a, x, x; of the first two a b, x b, x y; of all a b, x b, x y c
    assert found.judged_share("A", "RR@1") == pytest.approx(1 / 3)
    assert found.judged_share("A", "P@2") == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found.judged_share("A", "AP") == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert [judged_at(metric) for metric in ("RR@1", "AP", "Judged@7")] == ["Judged@1", "Judged", "Judged@7"]


def test_condensed_lists_lose_what_is_unjudged_but_not_from_the_judged_share():
    found = compared(metrics=("RR@10", "Judged@10"), condense=True)
    assert found.condensed
    assert found.scores["A"]["RR@10"].tolist() == [1, 1, 1]  # a b, b, c
    assert found.scores["A"]["Judged@10"].tolist() == pytest.approx([1, 1 / 2, 1 / 3])
    assert found.judged_share("A", "RR@10") == pytest.approx(11 / 18)


def test_one_query_has_a_mean_and_no_interval():
    found = compare((A, B), QUERIES[:1], JUDGEABLE, ("RR@10",))
    assert (found.estimate("B", "RR@10").mean, found.estimate("B", "RR@10").low) == (0.5, None)
    assert found.difference("B", "RR@10").p is None


def test_a_query_without_a_ranking_counts_0():
    found = compared(Run("C", ranked(q1="a")))
    assert found.scores["C"]["RR@10"].tolist() == [1, 0, 0]
    assert found.run("C").rankings.keys() == {"q1"}


@pytest.mark.parametrize(
    ("runs", "options", "message"),
    [
        ((), {}, "There is no run to compare; choose a stage, a pipeline or the run of another system"),
        ((A, A), {}, "Two runs are called 'A'; rename one of them"),
        ((A,), {"baseline": "Z"}, "The baseline 'Z' is not among the runs A; choose one of them"),
        ((A,), {"metrics": ()}, "There is no metric to compare by; name one of ir-measures, such as nDCG@10"),
        ((A,), {"queries": QUERIES[3:]}, "None of the queries has a judgment, so there is nothing to evaluate"),
        ((Run("twice", ranked(q1="aa")),), {}, 'the ranking of the query "q1" holds "a" twice; remove all but its best place'),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence(runs, options, message):
    given = {"queries": QUERIES, "metrics": ("RR@10",)} | options
    with pytest.raises(BadInput, match=message):
        compare(runs, judgeable=JUDGEABLE, **given)


def test_a_metric_that_does_not_exist_gets_a_sentence():
    with pytest.raises(BadSetting, match="the metric 'nDGC@10' cannot be computed; use a name of ir-measures"):
        compared(metrics=("nDGC@10",))


def test_the_classes_come_by_size_then_name_and_small_ones_are_marked():
    queries = [Query(f"q{at}", "text", category) for at, category in enumerate(["b", "a", "c", "", "c", *"aaaaa"])]
    grades = {query.id: {"x": 1} for query in queries}
    found = compare([Run("A", {"q1": Ranking(("x",), (1.0,))})], queries, Judgeable(grades, {}), ("RR@10",))
    table = class_table(found, "RR@10")
    assert table.classes == ("a", "c", "b", "no class")
    assert table.counts.tolist() == [6, 2, 1, 1]
    assert table.means.tolist() == [[pytest.approx(1 / 6), 0, 0, 0]]
    assert table.few.tolist() == [False, True, True, True]
    assert members_of(["x", "", "x"])["x"].tolist() == [0, 2]


def test_the_stages_of_a_pipeline_are_runs_timed_until_their_ranking_is_there(engine):
    queries = (Query("q1", "24 V relay"), Query("q2", "rail"))
    traces = trace(engine, queries, repetitions=3)
    judgeable = Judgeable.of((Judgment("q1", "d00", 3),), engine.indexes.chunks, engine.document_of)
    runs = stage_runs(traces, judgeable)
    assert [run.name for run in runs] == [run.stage for run in runs] == list(STAGES)
    for run in runs:
        assert run.seconds.shape == (2, 3)
        assert run.pipeline == engine.pipeline
        assert run.milliseconds(50) == pytest.approx(np.percentile(traces.until(run.stage), 50) * 1000)
        assert run.rankings["q2"] == engine.search("rail").rankings[run.stage].by_document(engine.document_of)
    assert stage_run("all of it", traces, judgeable).stage == FINAL == "reranked"


def test_an_imported_run_has_no_time_and_no_pipeline():
    found = imported_run("production", A.rankings, JUDGEABLE)
    assert (found.milliseconds(50), found.pipeline, found.stage) == (None, None, "")


def test_an_imported_run_cannot_be_scored_on_passages():
    passages = Judgeable(GRADES, {}, {"q1": Places({"a[0:3]": 1}, {})})
    with pytest.raises(BadInput, match=r"the run production ranks documents, but 1 queries are scored on passages; score on doc"):
        imported_run("production", A.rankings, passages)


def test_runs_from_several_chunkers_are_compared_on_the_passages_of_all(corpus, pipeline, home):
    """The same grades under both, whose ideal list is the same; each ranking holds the passage once."""
    from retrieval import FixedSize, Workspace

    judgments = (Judgment("q1", "d00", 3, 0, 30), Judgment("q1", "d05", 1))
    runs, judgeables = [], []
    for size in (6, 40):
        engine = Engine.open(corpus, pipeline.with_(chunker=FixedSize(size, 0)), Workspace(home))
        judgeables.append(Judgeable.of(judgments, engine.indexes.chunks, engine.document_of))
        traces = trace(engine, (Query("q1", "24 V relay"),))
        runs.append(stage_run(f"{size} tokens", traces, judgeables[-1], "sparse"))
    assert judgeables[0].grades == judgeables[1].grades == {"q1": {"d00[0:30]": 3, "d05[:]": 1}}
    found = compare(runs, (Query("q1", "24 V relay"),), judgeables[0], ("nDCG@10",))
    assert found.level == "passages"
    for run in runs:
        ranks = [run.rankings["q1"].ranks[item] for item in ("d00[0:30]", "d05[:]")]
        gained = sum(gain / math.log2(rank + 1) for gain, rank in zip((3, 1), ranks, strict=True))
        assert found.estimate(run.name, "nDCG@10").mean == pytest.approx(gained / (3 + 1 / math.log2(3)))


ALL = [Judgment(query, document, grade) for query, given in GRADES.items() for document, grade in given.items()]


def said(judgments=ALL, queries=QUERIES, documents="abc", runs=(A, B)):
    grades = {}
    for judgment in judgments:
        grades.setdefault(judgment.query_id, {})[judgment.document_id] = judgment.grade
    return notes(compare(runs, queries, Judgeable(grades, {}), ("RR@10",)), queries, judgments, documents)


def test_there_is_nothing_to_say_where_all_is_well():
    assert said() == ()


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"judgments": [*ALL, Judgment("q7", "a", 1)]}, ["1 judged query is not in the query set and not counted."]),
        (
            {"judgments": [*ALL, Judgment("q7", "a", 1), Judgment("q8", "a", 1)]},
            ["2 judged queries are not in the query set and not counted."],
        ),
        ({"documents": "ab"}, ["1 judged document is not in the corpus, out of reach of every ranking."]),
        ({"documents": "a"}, ["2 judged documents are not in the corpus, out of reach of every ranking."]),
        (
            {"judgments": [*ALL, Judgment("q9", "a", 0)], "runs": (B,)},
            ["1 query has no relevant document: every ranking scores 0 there."],
        ),
        (
            {"judgments": [Judgment(query, "a", 2) for query in ("q1", "q2", "q3")]},
            ["Every judgment has the grade 2, so metrics only tell whether what is judged was found."],
        ),
        (
            {"queries": QUERIES[:1], "judgments": ALL[:2]},
            ["With one query there is no interval and no test: judge more queries."],
        ),
        ({"queries": QUERIES[:2], "judgments": ALL[:3]}, ["Two queries make an interval that says next to nothing: judge more."]),
        (
            {"runs": (A, Run("C", ranked(q1="a")), Run("D", ranked(q1="a", q2="b", q3="")))},
            ["2 queries have no results in C, which counts 0.", "1 query has no results in D, which counts 0."],
        ),
    ],
)
def test_what_a_reader_must_know_is_a_sentence(changes, sentences):
    assert list(said(**changes)) == sentences
