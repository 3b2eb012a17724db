"""The terminal: one JSON object on standard output, one sentence for what goes wrong, help for everything."""

import json
import os
import subprocess
import sys

import pytest
import typer

from retrieval import CHUNKERS, LSA, Pipeline, cli

DOCUMENTS = [
    {"_id": "d1", "title": "KX7 relay", "text": "A plug-in relay with a 24 V coil. It is sealed."},
    {"_id": "d2", "title": "KX8 relay", "text": "A plug-in relay with a 48 V coil for dry cabinets."},
    {"_id": "d3", "title": "Pump [bold]guide[/bold]", "text": "The pump moves water out of the pit."},
    {"_id": "d4", "title": "Cable", "text": "Two cores and a screen."},
]
QUERIES = [{"_id": "q1", "text": "24 V relay"}, {"_id": "q2", "text": "water pump"}, {"_id": "q3", "text": "not judged"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t3\nq1\td2\t1\nq2\td3\t2\n"


@pytest.fixture
def shop(tmp_path):
    """A BEIR folder of four documents."""
    folder = tmp_path / "shop"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in DOCUMENTS))
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in QUERIES))
    (folder / "qrels" / "test.tsv").write_text(QRELS)
    return folder


@pytest.fixture
def fast(tmp_path):
    """A pipeline file whose embedder is learned in a moment."""
    path = tmp_path / "fast.toml"
    path.write_text(Pipeline(embedder=LSA(8)).to_toml())
    return str(path)


@pytest.fixture
def playground(monkeypatch, capsys):
    """Run the command: exit status, standard output, standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["playground", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        printed = capsys.readouterr()
        return stop.value.code or 0, printed.out, printed.err

    return run


def test_evaluate_prints_one_json_object(playground, shop, fast):
    status, out, err = playground("evaluate", shop, "--pipeline", fast, "--json")
    assert status == 0, err
    report = json.loads(out)
    assert out.count("\n") == 1
    assert {"documents", "chunks", "characters", "queries", "level", "stages", "pipeline"} <= set(report)
    assert (report["documents"], report["chunks"], report["queries"]) == (4, 4, 2)
    assert report["characters"] == sum(len(row["text"]) for row in DOCUMENTS) / 4
    assert report["level"] == "documents"
    assert list(report["stages"]) == ["dense", "sparse", "fused", "reranked"]
    for stage in report["stages"].values():
        assert {"nDCG@10", "R@100", "p50_ms", "p95_ms"} <= set(stage)
        assert 0 < stage["nDCG@10"] <= stage["R@100"] == 1.0
        assert 0 <= stage["p50_ms"] <= stage["p95_ms"]
    assert report["stages"]["sparse"]["nDCG@10"] == pytest.approx(1.0)
    assert Pipeline.from_dict(report["pipeline"]) == Pipeline(embedder=LSA(8))


def test_search_prints_one_json_object(playground, shop, fast):
    status, out, err = playground("search", shop, "KX7 relay", "--pipeline", fast, "--json")
    assert status == 0, err
    trace = json.loads(out)
    assert set(trace) == {"query", "stages", "ms", "notes"}
    assert trace["query"] == "KX7 relay"
    assert list(trace["stages"]) == ["dense", "sparse", "fused", "reranked"]
    assert trace["stages"]["sparse"][0]["id"] == "d1"
    for results in trace["stages"].values():
        assert [result["score"] for result in results] == sorted((result["score"] for result in results), reverse=True)
    assert set(trace["ms"]) == {"embed", "dense", "sparse", "fused", "reranked"}


def test_standard_output_holds_nothing_but_the_object(shop):
    """The default pipeline in a process of its own, where libraries may print what they like."""
    command = [sys.executable, "-c", "from retrieval.cli import main; main()", "evaluate", str(shop), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert Pipeline.from_dict(report["pipeline"]) == Pipeline()
    assert report["stages"]["reranked"]["nDCG@10"] > 0.9


def test_search_prints_a_table_for_people(playground, shop, fast):
    status, out, _ = playground("search", shop, "water pump xyzzy", "--pipeline", fast)
    assert status == 0
    assert all(stage in out for stage in ("dense,", "sparse,", "fused,", "reranked,"))
    assert "[bold]guide" in out.replace("\n", "")  # a title is text, never markup


def test_evaluate_prints_a_table_for_people(playground, shop, fast):
    status, out, _ = playground("evaluate", shop, "--pipeline", fast, "--metrics", "RR@10 P@5", "--sample", "1")
    assert status == 0
    assert "RR@10" in out
    assert "P@5" in out
    assert out.rstrip().endswith("1 queries, judged on documents")


def test_a_chunker_takes_the_place_of_the_pipelines(playground, shop, fast):
    _, out, _ = playground("evaluate", shop, "--pipeline", fast, "--chunker", "fixed size:size=4,overlap=1", "--json")
    report = json.loads(out)
    chunker = Pipeline.from_dict(report["pipeline"]).chunker
    assert chunker == CHUNKERS["fixed size"](size=4, overlap=1)
    assert report["chunks"] > 4
    assert report["documents"] == 4


def test_chunkers_are_compared_in_one_list_and_one_table(playground, shop, fast):
    names = [*CHUNKERS, "fixed size:size=5,overlap=0"]
    options = [option for name in names for option in ("--chunker", name)]
    status, out, err = playground("evaluate", shop, "--pipeline", fast, *options, "--json")
    assert status == 0, err
    reports = json.loads(out)
    assert [report["pipeline"]["chunker"]["type"] for report in reports] == [*CHUNKERS, "fixed size"]
    assert {report["queries"] for report in reports} == {2}
    status, out, _ = playground("evaluate", shop, "--pipeline", fast, *options, "--metrics", "P@1")
    assert status == 0
    assert out.count("sparse") == len(names)
    for name, report in zip(names, reports, strict=True):
        assert f"{name}: {report['chunks']} chunks of {report['characters']:.0f} characters on average" in out
    assert out.rstrip().endswith("2 queries, judged on documents")


def test_judged_spans_are_scored_on_passages(playground, shop, fast):
    """The span is in the second sentence, which four words a chunk put into the last one of two: 'coil. It is sealed.'"""
    text = DOCUMENTS[0]["text"]
    span = {"query-id": "q1", "corpus-id": "d1", "score": 3, "start": text.index("It is"), "end": len(text)}
    (shop / "qrels" / "test.spans.jsonl").write_text(json.dumps(span) + "\n")
    (shop / "qrels" / "test.tsv").unlink()
    options = [
        "--pipeline",
        fast,
        "--metrics",
        "R@100",
        "--chunker",
        "whole document",
        "--chunker",
        "fixed size:size=4,overlap=0",
    ]
    _, out, _ = playground("evaluate", shop, *options, "--json")
    for report in json.loads(out):
        assert (report["level"], report["queries"]) == ("passages", 1)
        assert report["stages"]["dense"]["R@100"] == 1.0
    assert playground("evaluate", shop, *options)[1].rstrip().endswith("1 queries, judged on passages")


def test_metrics_are_separated_by_commas_or_spaces(playground, shop, fast):
    for metrics in ("P@1,RR@10", "P@1 RR@10", "P@1, RR@10"):
        _, out, _ = playground("evaluate", shop, "--pipeline", fast, "--metrics", metrics, "--json")
        assert {"P@1", "RR@10"} <= set(json.loads(out)["stages"]["dense"])


def test_what_was_refused_goes_to_standard_error(playground, shop, fast):
    with (shop / "corpus.jsonl").open("a") as lines:
        lines.write('{"_id": "d5", "text": \n')
    status, out, err = playground("search", shop, "relay", "--pipeline", fast, "--json")
    assert status == 0
    assert "Refused: corpus.jsonl line 5" in err
    assert json.loads(out)["query"] == "relay"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["search", "no-such-corpus", "relay"],
            "'no-such-corpus' is neither a folder nor a known corpus; known are company-policies",
        ),
        (["search", "SHOP", " "], "The query is empty; type at least one word."),
        (["evaluate", "SHOP", "--split", "dev"], "has no split 'dev'; it has test"),
        (["evaluate", "SHOP", "--metrics", "nDGC@10"], "the metric 'nDGC@10' cannot be computed"),
        (["evaluate", "SHOP", "--pipeline", "missing.toml"], "the pipeline file missing.toml cannot be read"),
        (["evaluate", "SHOP", "--pipeline", "WRONG"], "unknown pipeline setting 'wait'; known are analyser"),
        (["evaluate", "SHOP", "--chunker", "by moonlight"], "unknown chunker type 'by moonlight'; known are whole document"),
        (["evaluate", "SHOP", "--chunker", "fixed size:size"], 'has the setting "size"; write its name, = and its value'),
        (["evaluate", "SHOP", "--chunker", "fixed size:size=big"], "FixedSize's size cannot be 'big'; give a whole number"),
        (["evaluate", "SHOP", "--chunker", "fixed size:width=3"], "FixedSize has no setting 'width'; its settings are size"),
        (["evaluate", "SHOP", "--chunker", "fixed size:size=3,overlap=3"], "overlap 3 must be smaller than size 3"),
        (["search", "EMPTY", "relay"], "is not a BEIR folder: it needs corpus.jsonl"),
        (["search", "SHOP", "relay", "--pipeline", "NOMODEL"], "'nobody/no-such-model' could not be loaded"),
    ],
)
def test_a_failure_is_one_sentence_and_status_1(playground, shop, fast, tmp_path, arguments, message):
    (tmp_path / "wrong.toml").write_text("wait = 1")
    (tmp_path / "nomodel.toml").write_text('[embedder]\nmodel = "nobody/no-such-model"')
    (tmp_path / "empty").mkdir()
    places = {"SHOP": shop, "WRONG": tmp_path / "wrong.toml", "NOMODEL": tmp_path / "nomodel.toml", "EMPTY": tmp_path / "empty"}
    given = [str(places.get(argument, argument)) for argument in arguments]
    if "--pipeline" not in given:
        given += ["--pipeline", fast]
    status, out, err = playground(*given)
    sentence = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert (status, out, len(sentence)) == (1, "", 1)
    assert message in sentence[0]
    assert "Traceback" not in err


def test_a_sample_corpus_is_known_by_its_name(playground, fast):
    status, out, _ = playground("search", "parts-catalogue", "VDN-2410-X", "--pipeline", fast, "--json")
    assert status == 0
    assert json.loads(out)["stages"]["sparse"]


def commands():
    return typer.main.get_command(cli.app).commands


def test_every_command_and_option_has_help():
    assert set(commands()) == {"search", "build", "evaluate", "judgments", "app"}
    for name, command in commands().items():
        assert command.help, name
        assert all(parameter.help for parameter in command.params), name


def test_help_and_a_wrong_option_of_the_command_line(playground):
    status, out, _ = playground("--help")
    assert status == 0
    assert all(name in out for name in commands())
    assert playground("evaluate", "--no-such-option")[0] == 2


def test_app_starts_streamlit_with_a_workspace_of_its_own(playground, monkeypatch, tmp_path):
    monkeypatch.delenv("PLAYGROUND_HOME")
    monkeypatch.chdir(tmp_path)
    started = {}

    def call(command, cwd):
        started.update(command=command, home=os.environ["PLAYGROUND_HOME"], corpora=os.environ["PLAYGROUND_CORPORA"], cwd=cwd)
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setenv("PLAYGROUND_CORPORA", "")
    monkeypatch.setenv("PLAYGROUND_HOME", "")
    monkeypatch.delenv("PLAYGROUND_HOME")
    status, _, _ = playground("app", "--port", "8599", "--headless", "--corpora", ".")
    assert status == 0
    assert started["command"][1:4] == ["-m", "streamlit", "run"]
    assert started["command"][5:] == ["--server.port", "8599", "--server.headless", "true"]
    assert (started["cwd"] / "app.py").is_file()
    assert (started["home"], started["corpora"]) == (str(tmp_path / "workspace"), str(tmp_path))
