"""A comparison in files: CSV for spreadsheets, TREC runs that read back, a report that a later one is held against."""

import csv
import io
import json

import numpy as np
import pytest

from retrieval.comparing import (
    Bound,
    Run,
    about,
    below,
    bound_of,
    changed,
    compare,
    per_query_csv,
    read_report,
    report,
    stage_runs,
    trec_run,
    worse,
)
from retrieval.errors import BadInput
from retrieval.experiments import version_of
from retrieval.judgeable import Judgeable
from retrieval.judging import read_run
from retrieval.pipeline import Pipeline
from retrieval.tracing import trace
from retrieval.types import Judgment, Query, Ranking
from tests.test_comparing import JUDGEABLE, QUERIES, A, B, compared, ranked


def rows(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_csv_has_a_line_for_each_query_and_run():
    found = rows(per_query_csv(compared(metrics=("RR@10", "P@1"))))
    assert found[0] == ["query_id", "query", "class", "level", "run", "RR@10", "P@1"]
    assert found[1:4] == [
        ["q1", "one", "name", "documents", "A", "1.0", "1.0"],
        ["q1", "one", "name", "documents", "B", "0.5", "0.0"],
        ["q2", "two", "other", "documents", "A", "0.5", "0.0"],
    ]
    assert len(found) == 1 + 3 * 2


def test_what_a_spreadsheet_would_run_is_guarded():
    query = Query("=1+1", '=HYPERLINK("x")', "@class")
    run = Run("-run", {"=1+1": Ranking(("a",), (1.0,))})
    found = rows(per_query_csv(compare([run], [query], Judgeable({"=1+1": {"a": 1}}, {}), ("RR@10",))))
    assert found[1] == ["'=1+1", '\'=HYPERLINK("x")', "'@class", "documents", "'-run", "1.0"]


def test_a_trec_run_has_six_fields_a_line():
    assert trec_run(Run("my run", {"q1": Ranking(("a", "b"), (0.1, np.float64(-2)))})) == (
        "q1 Q0 a 1 0.1 my-run\nq1 Q0 b 2 -2.0 my-run\n"
    )
    assert trec_run(Run(" ", {"q1": Ranking(("a",), (1.0,))})).endswith(" run\n")


def test_the_runs_of_a_pipeline_read_back_as_they_were(engine, queries):
    asked = tuple(Query(f"q{at}", text) for at, text in enumerate(queries))
    for run in stage_runs(trace(engine, asked), Judgeable({}, engine.document_of)):
        found = read_run("stage.run", trec_run(run).encode())
        assert not found.refused
        assert found.rankings == {query: ranking for query, ranking in run.rankings.items() if len(ranking)}
        assert found.tag == run.name


def test_an_id_that_no_trec_file_can_hold_is_refused():
    with pytest.raises(BadInput, match="the document id 'a b' is empty or has white space in it, which no TREC file can hold"):
        trec_run(Run("A", {"q1": Ranking(("a b",), (1.0,))}))


def test_the_report_holds_what_was_measured_and_on_what(corpus):
    timed = Run("timed", A.rankings, np.array([[0.001], [0.002], [0.003]]), "fused", Pipeline())
    judgments = [Judgment("q1", "a", 3)]
    found = report(compare((A, B, timed), QUERIES, JUDGEABLE, ("RR@10",)), about(corpus, "Head", judgments))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["version"], found["corpus"], found["query_set"], found["baseline"]) == (1, "small", "Head", "A")
    assert (found["corpus_fingerprint"], found["judgments_version"]) == (corpus.fingerprint, version_of(judgments))
    assert (found["queries"], found["level"], found["condensed"]) == (["q1", "q2", "q3"], "documents", False)
    a, b, with_time = found["runs"]
    assert a == {"name": "A", "metrics": a["metrics"]}
    assert a["metrics"]["RR@10"].keys() == {"mean", "low", "high", "judged", "by_query"}
    assert b["metrics"]["RR@10"]["by_query"] == {"q1": 0.5, "q2": 1, "q3": 1}
    against = b["metrics"]["RR@10"]["against_baseline"]
    assert (against["improved"], against["equal"], against["worse"], against["within_noise"]) == (2, 0, 1, True)
    assert against["mean"] == pytest.approx(2 / 9)
    assert (with_time["p50_ms"], with_time["p95_ms"]) == pytest.approx((2.0, 2.9))
    assert (with_time["stage"], Pipeline.from_dict(with_time["pipeline"])) == ("fused", Pipeline())
    assert with_time["fingerprint"] == Pipeline().fingerprint()


@pytest.fixture
def baseline(tmp_path):
    """Writes a report of some runs and reads it."""

    def write(*runs, **options):
        path = tmp_path / "baseline.json"
        path.write_text(json.dumps(report(compared(*runs, **options), {})))
        return read_report(path)

    return write


def test_a_report_is_read_as_it_was_written(baseline):
    assert baseline(A, B) == json.loads(json.dumps(report(compared(A, B), {})))


@pytest.mark.parametrize(
    ("text", "bound"),
    [("nDCG@10=0.70", Bound("nDCG@10", 0.7)), (" RBP(p=0.8)@5 = 1e-2", Bound("RBP(p=0.8)@5", 0.01)), ("AP=0", Bound("AP", 0))],
)
def test_a_bound_is_a_metric_and_a_number(text, bound):
    assert bound_of(text) == bound


@pytest.mark.parametrize("text", ["nDCG@10", "nDCG@10=", "=0.7", "nDCG@10=high", "nDCG@10=nan", "nDCG@10=inf", "RBP(p=0.8)", ""])
def test_what_is_no_bound_is_refused(text):
    with pytest.raises(BadInput, match=r"is no bound; write a metric, = and a number, as in nDCG@10=0\.70"):
        bound_of(text)


def test_a_mean_below_its_bound_is_one_line():
    found = compared(metrics=("RR@10", "P@1"))  # A has 11/18 and 1/3
    assert below(found, "A", [Bound("RR@10", 0.61), Bound("P@1", 0.33)]) == ""
    assert below(found, "A", [Bound("RR@10", 0.61), Bound("P@1", 0.34)]) == "P@1 of A is 0.333333, below 0.34"


def test_rounding_does_not_part_a_mean_from_its_bound():
    """Three times 0.1 added and divided by three is 0.10000000000000002, and a bound may err on the other side."""
    found = compared(metrics=("P@10",))
    mean = found.estimate("A", "P@10").mean
    assert below(found, "A", [Bound("P@10", mean + 1e-12)]) == ""
    assert below(found, "A", [Bound("P@10", mean + 1e-6)]) != ""


TEN = {f"q{at}": {"a": 1} for at in range(10)}
FIRST = ranked(**dict.fromkeys(TEN, "ab"))
SECOND = ranked(**dict.fromkeys(TEN, "ba"))


def scored(rankings, grades=TEN, **options):
    queries = [Query(query, "text") for query in grades]
    return compare([Run("A", rankings)], queries, Judgeable(grades, {}), ("RR@10",), **options)


def test_worse_than_before_beyond_noise_is_one_line():
    before = report(scored(FIRST), {})
    # every query goes from 1 to 1/2, so every resample has the mean of -1/2
    expected = "RR@10 of A is -0.5000 [-0.5000, -0.5000] against the baseline, on 10 queries"
    assert worse(scored(SECOND), "A", before, ["RR@10"]) == expected
    assert worse(scored(FIRST), "A", before, ["RR@10"]) == ""
    assert worse(scored(FIRST), "A", report(scored(SECOND), {}), ["RR@10"]) == ""


def test_worse_within_noise_is_no_failure():
    """One query of ten lost a rank: a third of the resamples have none of it."""
    assert worse(scored(FIRST | {"q0": SECOND["q0"]}), "A", report(scored(FIRST), {}), ["RR@10"]) == ""


def test_an_interval_that_ends_at_zero_is_no_failure():
    """Two queries of 62 lost a rank: more than 2.5 % of resamples, (60/62)^62 = 13 %, draw neither, so the upper end is zero."""
    grades = {f"q{at}": {"a": 1} for at in range(62)}
    before = ranked(**dict.fromkeys(grades, "ab"))
    now = before | dict.fromkeys(("q3", "q9"), SECOND["q0"])
    assert worse(scored(now, grades), "A", report(scored(before, grades), {}), ["RR@10"]) == ""


def test_only_queries_that_both_have_are_held_against_each_other():
    before = report(scored(FIRST), {})
    fewer = {query: TEN[query] for query in ("q0", "q1")}
    assert worse(scored(SECOND, fewer), "A", before, ["RR@10"]).endswith("on 2 queries")


def test_with_one_query_a_lower_score_is_worse():
    before = report(scored(FIRST), {})
    assert worse(scored(SECOND, {"q0": {"a": 1}}), "A", before, ["RR@10"]) == (
        "RR@10 of A is -0.5000 against the baseline, on 1 query"
    )


@pytest.mark.parametrize(
    ("run", "metric", "options", "message"),
    [
        ("B", "RR@10", {}, "the baseline has no run 'B', it has A; write a new one with playground evaluate --report"),
        ("A", "P@5", {}, "the baseline has no P@5, it has RR@10; choose one of these or write a new one"),
        ("A", "RR@10", {"condense": True}, "the baseline was scored with condensed False, this with condensed True; write"),
        (
            "A",
            "RR@10",
            {"grades": {"z": {"a": 1}}},
            "the baseline has none of these queries; give a report on the same query set",
        ),
    ],
)
def test_a_baseline_that_does_not_fit_is_refused(run, metric, options, message):
    with pytest.raises(BadInput, match=message):
        worse(scored(FIRST, **options), run, report(scored(FIRST), {}), [metric])


def test_judgments_and_documents_that_changed_in_between_are_told(corpus):
    now = about(corpus, "Head", [Judgment("q", "a", 1)])
    assert changed(now, now) == ()
    assert changed(now, now | {"created": "", "query_set": "Tail"}) == ()
    assert changed(now, now | {"judgments_version": "v"}) == (
        "The judgments are not those of the baseline: equal pipelines may have other scores.",
    )
    assert (
        changed(now, {})[0] == "The documents of the corpus are not those of the baseline: equal pipelines may have other scores."
    )


GOOD = report(compared(A), {})


def scoring(values):
    """A report with these values of a metric."""
    return json.dumps(GOOD | {"runs": [{"name": "A", "metrics": {"AP": {"by_query": values}}}]})


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"cannot be read as a report \(Expecting value.*\); write a new one with playground evaluate --report"),
        (DEEP, "cannot be read as a report"),
        ("[]", "is no report; write a new one"),
        ("{}", "is no report; write a new one"),
        (json.dumps(GOOD | {"version": 2}), r"cannot be read as a report \(its form is 2, this one reads 1\)"),
        (json.dumps({"version": 1, "runs": []}), r"cannot be read as a report \(it lacks 'condensed'\)"),
        (json.dumps(GOOD | {"runs": [{}]}), "is no report"),
        (
            json.dumps(GOOD | {"runs": [{"name": "A", "metrics": {"RR@10": {"by_query": {"q1": "x"}}}}]}),
            "must be a finite number",
        ),
        (scoring({"q1": float("nan")}), r"\(AP of A\.q1 is nan, it must be a finite number\)"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path, content, message):
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(BadInput, match=message):
        read_report(path)


def test_a_report_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"the baseline .*none\.json cannot be read as a report .*; write a new one"):
        read_report(tmp_path / "none.json")


def test_a_report_with_an_empty_list_of_runs_has_none():
    with pytest.raises(BadInput, match="the baseline has no run 'A', it has none; write a new one"):
        worse(scored(FIRST), "A", GOOD | {"runs": []}, ["RR@10"])
