"""The page Experiments, run without a browser: the list, and the one that is open."""

import sqlite3

from pages.common import state
from retrieval.experiments import Mean, Run
from tests.app.driving import clicked, press, ran, submit, table, words
from tests.app.experiments_page import OF_B, shown


def test_without_an_experiment_the_page_says_how_to_make_one():
    app = shown()
    assert "Nothing is kept yet. Evaluate a pipeline on a query set and keep the result under a name" in words(app)
    assert len(app.dataframe) == 0


def test_the_list_tells_what_was_kept_the_newest_first(keep):
    better = Run("fused", "stage", {"RR@10": Mean(0.9)})
    keep("Before", note="defaults")
    keep("After", runs=[better], scores=OF_B)
    found = table(shown(), "main metric")
    assert found["name"].tolist() == ["After", "Before"]
    assert found["best run"].tolist() == ["fused", "reranked"]
    assert found["main metric"].tolist() == ["RR@10 0.900", "RR@10 0.583 [0.100, 0.900]"]  # (1 + 1/4 + 1/2) / 3
    assert found["note"].tolist() == ["", "defaults"]
    assert found["corpus"].tolist() == ["shop", "shop"]
    assert found["query set"].tolist() == ["Mine", "Mine"]


def test_the_first_is_open_and_a_click_opens_another(keep):
    keep("Before", note="*plain* <b>text</b>")
    keep("After")
    app = shown()
    assert "##### After" in words(app)
    app = clicked(app, 1, "main metric")
    assert "##### Before" in words(app)
    assert "*plain* <b>text</b>" in words(app)
    assert any(r"\*plain\* \<b\>text" in element.value for element in app.markdown)
    runs = table(app, "run", "kind")
    assert runs.to_dict("records") == [
        {"run": "reranked", "kind": "stage", "RR@10": "0.583 [0.100, 0.900]", "p50 ms": "12.3", "p95 ms": "20.0"}
    ]


def test_a_damaged_one_is_told_and_can_be_deleted(keep, experiment_store, home):
    keep("Good")
    bad = keep("Bad")
    with sqlite3.connect(home / "playground.db") as connection:
        connection.execute("UPDATE experiments SET content = '{}' WHERE key = ?", (bad.key,))
    connection.close()
    app = shown()
    assert "The experiment 'Bad' cannot be read (its form is None, this app reads 1); open it in the version" in words(app)
    assert table(app, "main metric")["main metric"].tolist()[0] == "cannot be read"
    assert not any(button.label == "Run again" for button in app.button)
    app.checkbox(key=f"sure {bad.key}").check().run()
    app = press(app, f"delete {bad.key}")
    assert [record.name for record in experiment_store.records()] == ["Good"]
    assert "cannot be read" not in words(app)


def test_the_list_is_narrowed_to_a_corpus(keep):
    keep("Shop")
    keep("Port", corpus="port-1", corpus_name="Harbour")
    app = shown()
    assert app.selectbox(key=state.EXPERIMENTS_OF).options == ["All corpora", "shop", "Harbour"]
    app.selectbox(key=state.EXPERIMENTS_OF).set_value("port-1")
    assert table(ran(app), "main metric")["name"].tolist() == ["Port"]


def test_name_and_note_are_changed(keep, experiment_store):
    kept = keep("Before")
    app = shown()
    app.text_input(key=f"{state.EXPERIMENT_NAME} {kept.key}").set_value("Baseline")
    app.text_area(key=f"{state.EXPERIMENT_NOTE} {kept.key}").set_value("what production has")
    app = submit(app, "Save")
    assert [(record.name, record.note) for record in experiment_store.records()] == [("Baseline", "what production has")]
    assert "##### Baseline" in words(app)
    app.text_input(key=f"{state.EXPERIMENT_NAME} {kept.key}").set_value(" ")
    app = submit(app, "Save")
    assert "The name of an experiment must have 1 to 100 characters, this has 0; choose another." in words(app)
    assert experiment_store.records()[0].name == "Baseline"


def test_nothing_is_deleted_before_the_box_is_checked(keep, experiment_store):
    kept = keep()
    app = shown()
    button = app.button(key=f"delete {kept.key}")
    assert button.disabled
    app.checkbox(key=f"sure {kept.key}").check().run()
    assert not app.button(key=f"delete {kept.key}").disabled
    app = press(app, f"delete {kept.key}")
    assert experiment_store.records() == ()
    assert "Nothing is kept yet" in words(app)


def test_the_json_file_is_offered(keep):
    kept = keep()
    (button,) = (element for element in shown().get("download_button") if element.proto.label == "Download JSON")
    assert kept.key in button.proto.id
