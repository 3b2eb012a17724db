"""`playground judgments`: the store's query sets in and out of files, from a terminal."""

import json

import pytest
import typer

from retrieval import cli
from retrieval.judging import JudgmentStore, QuerySets, Verdict
from retrieval.types import Judgment, Query
from tests.test_cli import playground, shop  # noqa: F401 - fixtures


@pytest.fixture
def judgments(playground, shop):  # noqa: F811
    """Run `playground judgments NAME shop …`: exit status, standard output, standard error."""
    return lambda name, *arguments: playground("judgments", name, shop, *arguments)


@pytest.fixture
def mine():
    """A set of the shop with what two raters said."""
    key = QuerySets().create("shop", "Mine", [Query("a", "24 V relay", "mixed"), Query("b", "=pump")]).key
    words = [
        Verdict("a", "d1", 3, rater="Ann"),
        Verdict("a", "d1", 1, rater="Bob"),
        Verdict("b", "d3", 2, rater="Ann", note="yes"),
        Verdict("b", "d3", 3, start=0, end=8, rater="Ann"),
        Verdict("b", "d4", None, cant_tell=True, rater="Ann"),
    ]
    for word in words:
        JudgmentStore().give(key, [word])
    return key


def counted(name):
    record = next(one for one in QuerySets().records("shop") if one.name == name)
    return JudgmentStore().judgments(record.key)


def test_a_complete_file_makes_the_same_set_again(judgments, mine, tmp_path):
    status, out, err = judgments("export", "--query-set", "Mine", "--output", tmp_path / "mine.jsonl")
    assert (status, err) == (0, "")
    assert out == f"Wrote Mine to {tmp_path / 'mine.jsonl'} as JSON Lines\n"
    status, out, err = judgments("import", tmp_path / "mine.jsonl", "--query-set", "Copy")
    assert (status, err) == (0, "")
    assert out.endswith("Stored in the query set Copy: judgments 5, new queries 2, changed queries 0\n")
    copy = next(one.key for one in QuerySets().records("shop") if one.name == "Copy")
    assert QuerySets().queries(copy) == QuerySets().queries(mine)
    assert JudgmentStore().history(copy) == JudgmentStore().history(mine)


@pytest.mark.parametrize("format", ["trec", "beir", "csv"])
def test_judgments_go_out_and_come_in(judgments, mine, tmp_path, format):
    status, out, err = judgments("export", "--query-set", mine, "--format", format)
    assert status == 0
    assert err.startswith("Note: 1 judgment of a passage is left out")
    (tmp_path / "out").write_bytes(out.encode())
    QuerySets().create("shop", "Copy", QuerySets().queries(mine))
    assert judgments("import", tmp_path / "out", "--query-set", "Copy", "--format", format)[0] == 0
    assert counted("Copy") == (Judgment("a", "d1", 1), Judgment("b", "d3", 2))


def test_a_dry_run_tells_all_and_stores_nothing(judgments, mine, tmp_path):
    rows = ["a 0 d1 2", "a 0 d2 1", "a 0 d2 0", "b 0 d9 1", "c 0 d1 1", "b 0 d3 2", "b 0 d3 7", "b d3"]
    (tmp_path / "x.qrels").write_text("\n".join(rows))
    status, out, err = judgments("import", tmp_path / "x.qrels", "--query-set", "Mine", "--dry-run")
    assert status == 0
    assert out.splitlines() == [
        f"{tmp_path / 'x.qrels'}, read as TREC qrels: 8 rows, 2 refused",
        "Grades that may enter: 3 Related, 1 Relevant",
        "Advice: the file's grades run from 0 to 7, those here from 0 to 3; choose the scale clip, which takes all below for 0"
        " and all above for 3, or give steps",
        "Nothing new in 1 rows",
        "Duplicates: 1, 1 of them with another grade; the first row counts",
        "Conflicts: 1 (line 1: a d1 has 1 here, 2 in the file). What is here stays",
        "Unknown queries: 1 (c). Added where the file has their text",
        "Unknown documents: 1 (d9). Their judgments are left out",
    ]
    assert err.splitlines()[0].startswith("Refused: line 7 has the grade 7, the grades are 0 to 3; correct it, or choose a scale")
    assert err.splitlines()[1].startswith("Refused: line 8 has 2 fields, not 4; write query id")
    assert len(JudgmentStore().history(mine)) == 5


def test_choices_decide_what_enters(judgments, mine, tmp_path):
    (tmp_path / "x.qrels").write_text("a 0 d1 4\nc 0 d9 -1\n")
    choices = ["--conflicts", "take", "--unknown-queries", "all", "--unknown-documents", "keep", "--scale", "clip"]
    status, out, _ = judgments("import", tmp_path / "x.qrels", "--query-set", "Mine", "--rater", "Carl", *choices)
    assert status == 0
    assert out.endswith("Stored in the query set Mine: judgments 2, new queries 1, changed queries 0\n")
    assert [(one.query_id, one.grade, one.rater) for one in JudgmentStore().history(mine)][5:] == [
        ("a", 3, "Carl"),
        ("c", 0, "Carl"),
    ]
    assert QuerySets().queries(mine)[2].text == "c"
    (tmp_path / "x.csv").write_text("id,text,class\na,48 V relay,\nd,new one,\n")
    status, out, _ = judgments("import", tmp_path / "x.csv", "--query-set", "Mine", "--conflicts", "take")
    assert out.endswith("Stored in the query set Mine: judgments 0, new queries 1, changed queries 1\n")
    changed = QuerySets().queries(mine)[0]
    assert (changed.text, changed.category) == ("48 V relay", "mixed")


def test_what_came_with_the_corpus_is_a_set_and_the_only_one_is_taken(judgments, tmp_path):
    status, out, _ = judgments("export", "--format", "trec")
    assert (status, out) == (0, "q1 0 d1 3\nq1 0 d2 1\nq2 0 d3 2\n")
    (tmp_path / "x.qrels").write_text("q1 0 d1 0\n")
    status, out, _ = judgments("import", tmp_path / "x.qrels", "--conflicts", "take")
    assert out.endswith("Stored in the query set Shipped: judgments 1, new queries 0, changed queries 0\n")
    assert Judgment("q1", "d1", 0) in counted("Shipped")


def test_an_import_that_fails_leaves_no_set_behind(judgments, shop, tmp_path, monkeypatch):  # noqa: F811
    (shop / "queries.jsonl").unlink()
    (tmp_path / "x.csv").write_text("query,docid,rating\nboom,d1,1\n")
    monkeypatch.setattr("retrieval.judging.store.append", lambda *_: (_ for _ in ()).throw(cli.PlaygroundError("no room")))
    status, _, err = judgments("import", tmp_path / "x.csv")
    assert (status, err.splitlines()[-1]) == (1, "Error: no room")
    assert QuerySets().records("shop") == ()
    monkeypatch.undo()


def test_a_set_named_judgments_is_made_where_there_is_none(judgments, shop, tmp_path):  # noqa: F811
    (shop / "queries.jsonl").unlink()
    (tmp_path / "x.csv").write_text("query,docid,rating\nboom,d1,1\n")
    assert judgments("import", tmp_path / "x.csv")[1].endswith(
        "Stored in the query set Judgments: judgments 1, new queries 1, changed queries 0\n"
    )
    assert [one.name for one in QuerySets().records("shop")] == ["Judgments"]
    assert judgments("stats")[1].startswith("Judgments (key judgments-")


def test_stats_are_lines_or_one_json_value(judgments, mine):
    status, out, _ = judgments("stats", "--query-set", "Mine")
    assert status == 0
    assert out.splitlines() == [
        f"Mine (key {mine}, rule latest)",
        "  queries 2, judged 2, verdicts 5",
        "  grades: 1 Related, 1 Relevant, 1 Perfect; can't tell 1",
        "  raters: Ann 4, Bob 1; disagreements 1",
    ]
    status, out, _ = judgments("stats", "--json")
    first, second = sorted(json.loads(out), key=lambda one: one["name"])
    assert out.count("\n") == 1
    assert (first["name"], first["key"], first["by_rater"], first["disagreements"]) == ("Mine", mine, {"Ann": 4, "Bob": 1}, 1)
    assert (second["name"], second["queries"], second["by_grade"]) == ("Shipped", 3, {"1": 1, "2": 1, "3": 1})


def test_a_corpus_without_sets_says_so(judgments, shop):  # noqa: F811
    (shop / "queries.jsonl").unlink()
    assert judgments("stats")[1] == f"{shop} has no query set\n"
    assert json.loads(judgments("stats", "--json")[1]) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "--query-set", "Yours"], "has no query set 'Yours'; it has Mine, Shipped"),
        (["export"], "has 2 query sets, choose one with --query-set; it has Mine, Shipped"),
        (["export", "--query-set", "Mine", "--format", "xls"], "the format 'xls' is not known; choose one of jsonl, trec"),
        (["export", "--query-set", "Shipped", "--output", "."], ". cannot be written (Is a directory); choose another place"),
        (["import", "missing.csv"], "missing.csv cannot be read (No such file or directory); give the path of a file"),
        (["import", "EMPTY"], "is in no format that can be told; choose one with --format: jsonl, trec, beir"),
        (["import", "EMPTY", "--format", "xls"], "the format 'xls' is not known"),
        (
            ["import", "EMPTY", "--format", "trec", "--query-set", "Mine"],
            "holds nothing that can be used as TREC qrels: the file holds no row; give it rows of qid 0 docid grade",
        ),
        (["import", "EMPTY", "--format", "trec"], "has 2 query sets, choose one with --query-set"),
        (["import", "EMPTY", "--conflicts", "both"], "conflicts cannot be 'both'; choose keep, take"),
        (["import", "EMPTY", "--scale", "stars"], "unknown scale 'stars'; choose as is, clip, binary, or give steps"),
        (["stats", "--query-set", "Yours"], "has no query set 'Yours'"),
    ],
)
def test_a_failure_is_one_sentence_and_status_1(judgments, mine, tmp_path, arguments, message):
    (tmp_path / "empty").write_text("\n")
    given = [str(tmp_path / "empty") if argument == "EMPTY" else argument for argument in arguments]
    status, out, err = judgments(*given)
    assert (status, out) == (1, "")
    assert message in next(line for line in err.splitlines() if line.startswith("Error: "))
    assert "Traceback" not in err


def test_many_refusals_are_counted(judgments, mine, tmp_path):
    (tmp_path / "x.qrels").write_text("a 0 d2 1\n" + "a 0 d2 9\n" * 30)
    _, _, err = judgments("import", tmp_path / "x.qrels", "--query-set", "Mine", "--dry-run")
    assert len(err.splitlines()) == 21
    assert err.splitlines()[-1] == "Refused: 10 more"


def test_every_command_and_option_has_help():
    commands = typer.main.get_command(cli.app).commands["judgments"].commands
    assert set(commands) == {"export", "import", "stats"}
    for name, command in commands.items():
        assert command.help, name
        assert all(parameter.help for parameter in command.params), name
