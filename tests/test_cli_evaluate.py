"""`playground evaluate`: intervals beside every mean, pipelines and runs side by side, a report, and a gate."""

import json
import re

import pytest

from retrieval import LSA, Engine, NoReranker, Pipeline, comparing
from retrieval.errors import BadInput
from tests.test_cli import DOCUMENTS, fast, playground, shop  # noqa: F401 - fixtures

# ranks for q1 (d1 3, d2 1) and q2 (d3 2): both orders perfect but for q2, which finds d3 second
RUN = "q1 Q0 d1 1 9 prod\nq1 Q0 d2 2 8 prod\nq2 Q0 d4 1 9 prod\nq2 Q0 d3 2 8 prod\nq8 Q0 d1 1 9 prod\n"


@pytest.fixture
def evaluate(playground, shop, fast):  # noqa: F811
    """Evaluate the shop: exit status, standard output, standard error."""

    def run(*options, pipeline=fast):
        return playground("evaluate", shop, *(["--pipeline", pipeline] if pipeline else []), *options)

    return run


@pytest.fixture
def slow(tmp_path):
    """A pipeline file that finds by keywords alone."""
    path = tmp_path / "keywords.toml"
    path.write_text(Pipeline(embedder=LSA(8), reranker=NoReranker(), weight=0.0).to_toml())
    return str(path)


@pytest.fixture
def production(tmp_path):
    path = tmp_path / "production.run"
    path.write_text(RUN)
    return str(path)


def words(text):
    """What was printed, every cell's lines joined."""
    return " ".join(text.split())


def test_means_have_intervals_judged_shares_and_times(evaluate):
    status, out, err = evaluate("--json", "--metrics", "RR@1 P@2")
    assert (status, err) == (0, "")
    sparse = json.loads(out)["stages"]["sparse"]
    # q1 finds d1 and d2, q2 finds d3 and no other: the first is relevant in both, the second of two in one
    assert (sparse["RR@1"], sparse["P@2"]) == (1.0, 0.75)
    # of resamples of two queries a quarter is all q1, a quarter all q2
    assert sparse["intervals"] == {"RR@1": [1.0, 1.0], "P@2": [0.5, 1.0]}
    assert sparse["judged"] == {"RR@1": 1.0, "P@2": 1.0}
    assert (sparse["unjudged"], sparse["queries"]) == (0.0, 2)
    assert 0 < sparse["p50_ms"] <= sparse["until_p50_ms"] <= sparse["until_p95_ms"]


def test_a_metric_may_have_several_parameters(evaluate):
    scores = json.loads(evaluate("--json", "--metrics", "RBP(p=0.5,rel=1)@2, RR@1")[1])["stages"]["sparse"]
    # q1 finds two relevant ones, q2 one: (0.5 + 0.25 + 0.5) / 2
    assert (scores["RBP(p=0.5,rel=1)@2"], scores["RR@1"]) == (pytest.approx(0.625), 1.0)


def test_an_unknown_portion_is_refused(evaluate):
    status, _, err = evaluate("--portion", "some")
    assert status == 1
    assert "there is no portion 'some' of a query set; choose one of all, without held-out, held-out only" in err


def test_one_query_has_no_interval(evaluate):
    report = json.loads(evaluate("--json", "--sample", "1", "--metrics", "RR@1")[1])
    assert report["stages"]["sparse"]["intervals"] == {"RR@1": None}
    assert "With one query there is no interval and no test: judge more queries." in report["notes"]


def test_the_table_has_intervals_and_the_judged_share(evaluate):
    status, out, err = evaluate("--metrics", "P@2", "--repetitions", "3")
    assert (status, err) == (0, "")
    (sparse,) = (line for line in out.splitlines() if line.lstrip().startswith("sparse"))
    assert "0.7500 [0.500, 1.000] 100%" in words(sparse)
    assert "Judged@2" in out
    assert "In brackets: 95 % intervals. Milliseconds until the ranking is there, each query timed 3 times after a warm-up" in out
    assert re.search(r"Measured from \d{4}-\d\d-\d\d \d\d:\d\d to .* UTC; --fresh measures again", out)
    assert "Note: Two queries make an interval that says next to nothing: judge more." in out


def test_pipelines_are_compared_with_the_first(evaluate, fast, slow):  # noqa: F811
    status, out, _ = evaluate("--pipeline", slow, "--metrics", "RR@1")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines() if line.strip()[:5] in ("dense", "fused")] == ["dense"] * 2 + [
        "fused"
    ] * 2
    (against,) = (line for line in out.splitlines() if line.startswith(f"{slow} · reranked: RR@1 "))
    assert re.search(r"RR@1 [+-]0\.\d{4} \[[+-].+\] against .*fast\.toml · reranked, no query differs$", against)
    reports = json.loads(evaluate("--pipeline", slow, "--json")[1])
    assert [Pipeline.from_dict(one["pipeline"]).weight for one in reports] == [0.5, 0.0]


def test_every_pipeline_is_evaluated_under_every_chunker(evaluate, slow):
    options = ["--pipeline", slow, "--chunker", "whole document", "--chunker", "sentences", "--json"]
    found = [
        json.loads(out)["pipeline"] if isinstance(out, str) else out["pipeline"] for out in json.loads(evaluate(*options)[1])
    ]
    assert [(one["chunker"]["type"], one["weight"]) for one in found] == [
        ("whole document", 0.5),
        ("sentences", 0.5),
        ("whole document", 0.0),
        ("sentences", 0.0),
    ]


def test_a_run_of_another_system_is_scored_beside_the_stages(evaluate, production):
    status, out, err = evaluate("--run-file", production, "--metrics", "RR@10", "--json")
    assert (status, err) == (0, "")
    run = json.loads(out)["runs"][production]
    assert run["RR@10"] == 0.75  # 1 and 1/2
    assert run["unjudged"] == 0.25  # d4 of the four results of queries that are judged
    assert "p50_ms" not in run
    _, out, _ = evaluate("--run-file", production, "--metrics", "RR@10")
    assert f"{production}: RR@10 -0.2500 [-0.500, +0.000] against reranked, within noise" in out


def test_condensed_lists_are_scored_without_what_is_unjudged(evaluate, production):
    report = json.loads(evaluate("--run-file", production, "--metrics", "RR@10", "--condensed", "--json")[1])
    assert report["condensed"]
    assert report["runs"][production]["RR@10"] == 1.0
    assert report["runs"][production]["judged"]["RR@10"] == 0.75


def test_lines_of_a_run_that_cannot_be_used_go_to_standard_error(evaluate, production, tmp_path):
    with open(production, "a") as file:
        file.write("q1 Q0 d1 3 7 prod\nq1 Q0 d9 4 6 prod\n")
    status, out, err = evaluate("--run-file", production, "--json")
    assert (status, len(json.loads(out)["runs"])) == (0, 1)
    assert f'Refused: {production} line 6 ranks the document "d1" for the query "q1" again; keep one of the rows' in err
    assert f'Refused: {production} line 7 names the document "d9", which the corpus does not hold' in err
    (tmp_path / "wrong.run").write_text("a b\n" * 25)
    status, out, err = evaluate("--run-file", tmp_path / "wrong.run")
    assert (status, out) == (1, "")
    assert err.count("Refused: ") == 21
    assert "Refused: 5 more" in err
    assert err.splitlines()[-1].endswith("wrong.run holds no result that can be used; give a TREC run over this corpus")


def test_what_is_kept_is_not_searched_again_unless_asked_to(evaluate, monkeypatch):
    evaluate("--json")
    searched = []
    search = Engine.search
    monkeypatch.setattr(Engine, "search", lambda self, *given: searched.append(given[0]) or search(self, *given))
    assert evaluate("--json")[0] == 0
    assert set(searched) <= {"warm up"}  # what opening an engine asks
    assert evaluate("--json", "--fresh")[0] == 0
    assert set(searched) >= {"24 V relay", "water pump"}


def test_a_query_that_a_pipeline_refuses_counts_0_and_is_told(evaluate, monkeypatch):
    search = Engine.search

    def refusing(self, text, *given):
        if text == "24 V relay":
            raise BadInput("nobody knows 24 V")
        return search(self, text, *given)

    monkeypatch.setattr(Engine, "search", refusing)
    status, out, err = evaluate("--metrics", "RR@1", "--json")
    assert (status, err) == (0, "Refused: query q1: nobody knows 24 V\n")
    assert json.loads(out)["stages"]["sparse"]["RR@1"] == 0.5
    assert "1 query has no results in sparse, which counts 0." in json.loads(out)["notes"]


def test_the_report_is_what_the_library_reads(evaluate, tmp_path):
    file = tmp_path / "report.json"
    status, out, _ = evaluate("--report", file, "--metrics", "P@2", "--repetitions", "2", "--json")
    assert status == 0
    report = comparing.read_report(file)
    assert [run["name"] for run in report["runs"]] == ["dense", "sparse", "fused", "reranked"]
    assert (report["corpus"], report["query_set"], report["repetitions"]) == ("shop", "test", 2)
    (sparse,) = (run for run in report["runs"] if run["name"] == "sparse")
    printed = json.loads(out)["stages"]["sparse"]
    assert sparse["metrics"]["P@2"]["by_query"] == {"q1": 1.0, "q2": 0.5}
    assert [sparse["metrics"]["P@2"][end] for end in ("low", "high")] == printed["intervals"]["P@2"]
    assert sparse["p95_ms"] == printed["until_p95_ms"]


def test_a_mean_below_its_bound_fails_with_one_line(evaluate):
    status, out, err = evaluate("--metrics", "P@2", "--stage", "sparse", "--fail-under", "P@2=0.8", "--fail-under", "RR@1=1")
    assert (status, err) == (1, "Failed: P@2 of sparse is 0.750000, below 0.8\n")
    assert "RR@1" in out  # the table is printed all the same, with what the bounds need
    assert "Passed" not in out


def test_bounds_that_are_kept_pass_with_one_line(evaluate):
    bounds = ["--stage", "sparse", "--fail-under", "P@2=0.75", "--fail-under", "RR@1=1"]
    status, out, err = evaluate("--metrics", "P@2", *bounds)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == "Passed: P@2 is at least 0.75; RR@1 is at least 1.0 (sparse)"
    status, out, err = evaluate("--metrics", "P@2", *bounds, "--json")
    assert (status, err) == (0, "Passed: P@2 is at least 0.75; RR@1 is at least 1.0 (sparse)\n")
    assert out.count("\n") == 1


def test_a_gate_looks_at_the_last_stage_of_every_pipeline(evaluate, slow):
    (name,) = re.findall(r"^Failed: .* of (.*) is", evaluate("--pipeline", slow, "--fail-under", "P@1=2")[2])
    assert name.endswith("fast.toml · reranked")
    status, out, _ = evaluate("--pipeline", slow, "--fail-under", "P@1=0")
    assert status == 0
    assert out.splitlines()[-1].endswith(f"fast.toml · reranked, {slow} · reranked)")


def earlier(evaluate, tmp_path, change):
    """The file of a report of the shop in which each score was changed."""
    file = tmp_path / "baseline.json"
    evaluate("--report", file, "--metrics", "P@2 Judged@2")
    report = json.loads(file.read_text())
    for run in report["runs"]:
        for values in run["metrics"].values():
            values["by_query"] = {query: change(score) for query, score in values["by_query"].items()}
    file.write_text(json.dumps(report))
    return file


def test_a_baseline_that_is_not_reached_fails_with_one_line(evaluate, tmp_path):
    file = earlier(evaluate, tmp_path, lambda score: score + 0.25)
    status, _, err = evaluate("--metrics", "P@2", "--baseline", file, "--stage", "sparse")
    assert status == 1
    assert err == "Failed: P@2 of sparse is -0.2500 [-0.2500, -0.2500] against the baseline, on 2 queries\n"


def test_a_baseline_that_is_reached_passes(evaluate, tmp_path):
    """The share of what is judged is no quality: it may fall."""
    file = earlier(evaluate, tmp_path, lambda score: score)
    report = json.loads(file.read_text())
    for run in report["runs"]:
        run["metrics"]["Judged@2"]["by_query"] = {"q1": 2.0, "q2": 2.0}
    file.write_text(json.dumps(report))
    status, out, err = evaluate("--metrics", "P@2 Judged@2", "--baseline", file)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == "Passed: P@2 not lower than in the baseline beyond noise (reranked)"


def test_judgments_that_changed_since_the_baseline_are_noted(evaluate, tmp_path, shop):  # noqa: F811
    file = earlier(evaluate, tmp_path, lambda score: score)
    with (shop / "qrels" / "test.tsv").open("a") as lines:
        lines.write("q2\td4\t1\n")
    status, out, _ = evaluate("--metrics", "P@2", "--baseline", file, "--json")
    assert status == 0
    notes = json.loads(out)["notes"]
    assert "The judgments are not those of the baseline: equal pipelines may have other scores." in notes


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fail-under", "nDCG@10"], "'nDCG@10' is no bound; write a metric, = and a number, as in nDCG@10=0.70"),
        (["--fail-under", "nDGC@10=0.7"], "the metric 'nDGC@10' cannot be computed; use a name of ir-measures"),
        (["--baseline", "none.json"], "the baseline none.json cannot be read as a report"),
        (["--stage", "last"], "the stage 'last' is not known; choose dense, sparse, fused or reranked"),
        (["--run-file", "none.run"], "none.run cannot be read (No such file or directory); give the path of a file"),
        (["--report", "no/such/place.json"], "no/such/place.json cannot be written (No such file or directory); choose another"),
        (["--pipeline", "none.toml"], "the pipeline file none.toml cannot be read"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(evaluate, options, message):
    status, out, err = evaluate(*options)
    (sentence,) = err.splitlines()
    assert (status, out) == (1, "")
    assert message in sentence


def test_a_run_of_documents_cannot_be_scored_on_passages(evaluate, production, shop):  # noqa: F811
    span = {"query-id": "q1", "corpus-id": "d1", "score": 3, "start": 0, "end": len(DOCUMENTS[0]["text"])}
    (shop / "qrels" / "test.spans.jsonl").write_text(json.dumps(span) + "\n")
    status, _, err = evaluate("--run-file", production)
    assert status == 1
    assert "ranks documents, but 1 queries are scored on passages; score on documents" in err
    assert evaluate("--run-file", production, "--level", "documents")[0] == 0
