"""The section Files of the Judge page, run without a browser."""

from __future__ import annotations

import plotly.io
import pytest

from pages.common import state
from retrieval import BadInput, Query, judging
from tests.app.driving import press
from tests.app.judge_page import figures, typed, uploaded, words
from tests.app.judge_page import shown as section

QRELS = "q1 0 d1 3\nq1 0 d2 2\nq1 0 d4 0\nq2 0 gone 1\nq9 0 d1 2\nq2 0 d3\nq1 0 d4 1\n"


def shown(part="Import", **parameters):
    return section("Files", part_of_files=part, **parameters)


def tables(app):
    """What lies in the expanders, by their titles without the counts."""
    return {expander.label.partition(":")[0]: expander.dataframe[0].value for expander in app.expander}


def choose(app, said, option):
    """Take the option with these words where the choice is about what is `said`."""
    radio = next(radio for radio in app.radio if said in radio.label)
    radio.set_value(radio.options[[option in words for words in radio.options].index(True)]).run()
    return app


def shipped(sets):
    return next(record for record in sets.records("shop") if record.shipped)


def test_without_a_set_the_other_section_is_named():
    for part in ("Import", "Export"):
        assert "make one in the section Query sets" in words(shown(part, corpus="bare"))


def test_every_format_shows_what_is_exported(sets, verdicts):
    app = shown("Export")
    key = shipped(sets).key
    verdicts.give(key, [judging.Verdict("q1", "d3", 1, rater="ann", note="its motor")])
    labels = judging.Labels(sets.queries(key), verdicts.judgments(key), verdicts.history(key))
    for name, form in judging.FORMATS.items():
        app.radio(key=state.EXPORTED).set_value(name).run()
        assert not app.exception, app.exception
        lines = judging.export_file(name, labels).decode().splitlines()
        shown_lines = [line.rstrip("…") for line in app.code[0].value.splitlines()]
        assert "\n".join(shown_lines) == "\n".join(line[:160] for line in lines[:12]).rstrip("\n")
        assert [button.label for button in app.get("download_button")] == [f"Download {form.label}"]
    app.radio(key=state.EXPORTED).set_value("jsonl").run()
    assert "2 queries and 5 judgments, earlier ones included" in words(app)
    app.radio(key=state.EXPORTED).set_value("csv").run()
    assert "5 judgments of documents" in words(app)


def test_ids_that_trec_cannot_hold_are_a_sentence(sets):
    sets.create("shop", "Spaced", [Query("a b", "two words")])
    app = shown("Export", set="Spaced")
    judging.JudgmentStore(sets.home).give(sets.records("shop")[0].key, [judging.Verdict("a b", "d1", 1)])
    app.radio(key=state.EXPORTED).set_value("trec").run()
    assert ["cannot be written as TREC qrels" in error.value and "white space" in error.value for error in app.error] == [True]
    assert [button.label for button in app.get("download_button")] == []


def test_passages_that_a_format_cannot_hold_are_counted(sets, verdicts):
    app = shown("Export")
    verdicts.give(shipped(sets).key, [judging.Verdict("q1", "d1", 3, start=0, end=9)])
    app.radio(key=state.EXPORTED).set_value("beir").run()
    assert ["1 judgment of a passage is left out" in warning.value for warning in app.warning] == [True]


def test_synthetic_queries_stay_out_of_a_file_by_the_switch(sets, verdicts):
    key = sets.create("shop", "Mixed", [Query("k", "a rare sentence", source=judging.KNOWN_ITEM), Query("p", "pump")]).key
    verdicts.give(key, [judging.Verdict("k", "d1", 3), judging.Verdict("p", "d3", 2)])
    app = shown("Export", set="Mixed")
    app.radio(key=state.EXPORTED).set_value("trec").run()
    assert app.code[0].value == "k 0 d1 3\np 0 d3 2"
    app.toggle(key=state.SYNTHETIC).set_value(False).run()
    assert app.code[0].value == "p 0 d3 2"


def test_an_import_is_previewed_and_changes_nothing(sets, verdicts):
    app = uploaded(shown(), "more.qrels", QRELS)
    assert figures(app) == {
        "Rows read": "7",
        "Refused": "1",
        "Unknown queries": "1",
        "Unknown documents": "1",
        "Duplicates": "1",
        "Conflicts": "1",
        "There already": "1",
    }
    found = tables(app)
    assert found["Conflicts"].values.tolist() == [["line 2", "24 V relay", "d2", 1, 2, "imported"]]
    assert found["Duplicates"].values.tolist() == [["line 7", "line 3", "24 V relay", "d4", 0, 1]]
    assert found["Unknown queries"].values.tolist() == [["q9", ""]]
    assert found["Unknown documents"].values.tolist() == [["gone"]]
    assert next(frame.value for frame in app.dataframe if "where" in frame.value)["where"].tolist() == ["line 6"]
    chart = plotly.io.from_json(app.get("plotly_chart")[0].proto.spec)
    assert list(chart.data[0].text) == ["1", "1", "2", "0"]  # d4; gone; d2 and q9's; none
    assert len(verdicts.history(shipped(sets).key)) == 4


def test_what_is_here_stays_unless_the_file_is_to_count(sets, verdicts):
    app = uploaded(shown(), "more.qrels", QRELS)
    assert app.button(key="import judgments").label == "Import 1 judgment"
    press(app, "import judgments")
    key = shipped(sets).key
    new = verdicts.history(key)[4:]
    assert [(word.query_id, word.document_id, word.grade, word.rater) for word in new] == [("q1", "d4", 0, "imported")]
    assert "1 judgment imported into Shipped, all in one transaction." in words(app)
    assert not app.metric


def test_every_doubt_can_be_decided(sets, verdicts):
    app = uploaded(shown(), "more.qrels", QRELS)
    choose(app, "1 conflict", "What is in the file counts")
    choose(app, "1 query that the set does not have", "those without a text with their id")
    choose(app, "1 document that the corpus does not have", "are kept")
    assert app.button(key="import judgments").label == "Import 4 judgments and 1 query"
    press(app, "import judgments")
    key = shipped(sets).key
    counted = {(one.query_id, one.document_id): one.grade for one in verdicts.judgments(key)}
    assert counted == {
        ("q1", "d1"): 3,
        ("q1", "d2"): 2,
        ("q1", "d4"): 0,
        ("q2", "d1"): 2,
        ("q2", "d3"): 2,
        ("q2", "gone"): 1,
        ("q9", "d1"): 2,
    }
    assert [word.grade for word in verdicts.history(key) if (word.query_id, word.document_id) == ("q1", "d2")] == [1, 2]
    assert (sets.queries(key)[-1].id, sets.queries(key)[-1].source) == ("q9", "imported")


def test_the_same_file_again_brings_nothing(sets):
    app = press(uploaded(shown(), "more.qrels", QRELS), "import judgments")
    uploaded(app, "more.qrels", QRELS)
    assert app.button(key="import judgments").disabled
    assert figures(app)["There already"] == "2"


def test_the_rule_of_the_set_is_named_where_the_file_alone_does_not_decide(sets):
    app = shown()
    sets.decide(shipped(sets).key, "median")
    choose(uploaded(app, "more.qrels", QRELS), "1 conflict", "What is in the file counts")
    assert "decided by the rule of the set, median" in words(app)


def test_a_scale_and_a_rater_are_chosen(sets, verdicts):
    app = uploaded(shown(), "five.tsv", "query-id\tcorpus-id\tscore\nq1\td3\t4\nq1\td4\t-2\n")
    assert "the file's grades run from -2 to 4".casefold() in words(app).casefold()
    assert figures(app)["Refused"] == "2"
    file_id = next(box.key for box in app.selectbox if (box.key or "").startswith("scale ")).removeprefix("scale ")
    app.selectbox(key=f"scale {file_id}").set_value("clip").run()
    app.text_input(key=f"rater {file_id}").set_value("old tool").run()
    press(app, "import judgments")
    new = verdicts.history(shipped(sets).key)[4:]
    assert [(word.document_id, word.grade, word.rater) for word in new] == [("d3", 3, "old tool"), ("d4", 0, "old tool")]


def test_steps_of_a_scale_may_be_typed():
    app = uploaded(shown(), "five.tsv", "query-id\tcorpus-id\tscore\nq1\td3\t4\nq1\td4\t-2\n")
    box = next(box for box in app.selectbox if (box.key or "").startswith("scale "))
    typed(app, box.key, "4=2,-2=1")
    chart = plotly.io.from_json(app.get("plotly_chart")[0].proto.spec)
    assert (figures(app)["Refused"], list(chart.data[0].text)) == ("0", ["0", "1", "1", "0"])


def test_a_scale_that_is_none_gets_a_sentence():
    app = uploaded(shown(), "more.qrels", QRELS)
    box = next(box for box in app.selectbox if (box.key or "").startswith("scale "))
    typed(app, box.key, "five stars")
    assert ["unknown scale 'five stars'" in error.value for error in app.error] == [True]
    assert not app.metric


@pytest.mark.parametrize(("name", "text"), [("prose.txt", "Nothing of this kind.\n"), ("empty.qrels", "")])
def test_a_file_that_tells_nothing_asks_for_its_format(name, text):
    app = uploaded(shown(), name, text)
    box = next(box for box in app.selectbox if (box.key or "").startswith("format "))
    assert box.value is None
    box.set_value("trec").run()
    assert figures(app)["Refused"] == "1"
    assert app.button(key="import judgments").disabled


def test_what_was_exported_comes_back_as_it_was(sets, verdicts):
    app = shown()
    key = shipped(sets).key
    verdicts.give(key, [judging.Verdict("q1", "d3", None, True, rater="ann"), judging.Verdict("q2", "d1", 0, start=2, end=9)])
    sets.edit(key, [Query("q2", "survives wash-down", "paraphrase", 'with a hose, "hot"', held_out=True)])
    file = judging.export_file("jsonl", judging.Labels(sets.queries(key), verdicts.judgments(key), verdicts.history(key)))
    other = sets.create("shop", "Again")
    app = shown(set="Again")
    press(uploaded(app, "all.jsonl", file.decode()), "import judgments")
    assert sets.queries(other.key) == sets.queries(key)
    assert verdicts.history(other.key) == verdicts.history(key)


def test_an_import_that_fails_leaves_everything_as_it_was(sets, verdicts, monkeypatch):
    app = uploaded(shown(), "more.qrels", QRELS)
    choose(app, "1 query that the set does not have", "those without a text with their id")

    def broken(*_):
        raise BadInput("the disk is full; make space")

    monkeypatch.setattr("retrieval.judging.store.append", broken)
    press(app, "import judgments")
    assert [error.value for error in app.error] == ["the disk is full; make space"]
    assert len(verdicts.history(shipped(sets).key)) == 4
    assert [query.id for query in sets.queries(shipped(sets).key)] == ["q1", "q2"]


def test_user_text_stays_text(sets):
    sets.create("shop", "<b>Ours</b> :smile:", [Query("q", "pump")])
    app = shown("Export", set="<b>Ours</b> :smile:")
    assert r"\<b\>Ours\<\/b\>" in words(app)
    assert ":smile:" not in words(app)


def test_a_backup_is_made_and_its_place_is_told(home):
    app = shown("Backup")
    assert "There is no backup yet" in words(app)
    press(app, "back up")
    (made,) = (home / "backups").glob("*.db")
    assert f"Backed up to `{made}`" in words(app)
    assert f"The last backup is `{made}`" in words(app)
    assert [button.label for button in app.get("download_button")] == ["Download the last backup"]
    assert made.read_bytes().startswith(b"SQLite format 3")


def test_a_backup_of_postgresql_is_its_operators(monkeypatch):
    app = shown("Backup")
    monkeypatch.setattr("pages.judge.files.postgresql_url", lambda: "postgresql://host/db")
    app.run()
    assert "its operator backs it up" in words(app)
    assert [button for button in app.button if button.key == "back up"] == []
