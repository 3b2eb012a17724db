"""The page Evaluate, run without a browser: what is compared, by what, and what is said of it."""

import json
import sys

import pytest

from pages.common import state
from pages.evaluate.compared import told_apart
from retrieval import Pipeline, SentenceTransformerModel, cli
from tests.app.driving import press, ran, submit, table, typed, words
from tests.app.evaluate_page import LSA_PIPELINE, STAGES, cells, put, shown


def test_a_corpus_with_judgments_shows_its_four_stages_at_once():
    app = shown()
    assert list(cells(app, "nDCG@10")) == STAGES
    assert "2 judged queries of 2" in words(app).replace("*", "")
    assert "LSA · BM25Okapi · RRF at weight 0.50 · late interaction on 50" in words(app)
    assert cells(app, "verdict")["sparse"] == "baseline"


def test_the_numbers_are_those_of_the_terminal(monkeypatch, capsys, tmp_path):
    app = shown()
    file = tmp_path / "pipeline.toml"
    file.write_text(LSA_PIPELINE.to_toml())
    arguments = ["evaluate", "shop", "--query-set", "Shipped", "--pipeline", str(file), "--json", "--metrics", "nDCG@10,RR@10"]
    monkeypatch.setattr(sys, "argv", ["playground", *arguments])
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    stages = json.loads(capsys.readouterr().out)["stages"]
    for metric in ("nDCG@10", "RR@10"):
        assert {run: cell.partition(" ")[0] for run, cell in cells(app, metric).items()} == {
            stage: f"{stages[stage][metric]:.3f}" for stage in STAGES
        }


def test_what_is_chosen_is_compared_with_the_chosen_baseline():
    app = put(shown(), state.COMPARED, ["fused", "dense"])
    assert list(cells(app, "nDCG@10")) == ["dense", "fused"]
    assert cells(app, "verdict")["dense"] == "baseline"  # the one before, sparse, is not compared any more
    app.selectbox(key=state.BASELINE).set_value("fused")
    assert cells(ran(app), "verdict") == {"dense": "no query differs", "fused": "baseline"}


def test_nothing_chosen_and_no_metric_are_a_sentence_each():
    assert "Nothing is chosen to be compared" in words(put(shown(), state.COMPARED, []))
    assert "There is no metric to compare by" in words(put(shown(), state.METRICS, []))


def test_a_metric_that_nobody_knows_gets_a_sentence_and_the_others_stay():
    app = typed(shown(), state.METRICS, ["nDCG@3", "nDCG@ten", "RBP(p=0.5)@10"])
    assert "The metric 'nDCG@ten' cannot be computed; use a name of ir-measures" in words(app)
    assert {"nDCG@3", "RBP(p=0.5)@10"} <= set(table(app, "run", "nDCG@3").columns)
    assert app.segmented_control(key=state.LEADING).options == ["nDCG@3", "RBP(p=0.5)@10"]


def test_another_leading_metric_changes_the_differences():
    app = shown()
    app.segmented_control(key=state.LEADING).set_value("RR@10")
    found = cells(ran(app), "gain")
    assert found["dense"].startswith("+0.500")  # 1 and 1 against 1 and 0
    assert cells(app, "moved")["dense"] == "1 / 1 / 0"


def test_settings_are_saved_under_a_name_and_compared(pipelines):
    app = shown()
    app.text_input(key=state.SAVED_NAME).set_value("As it was")
    app = submit(app, "Save")
    [record] = pipelines.records()
    assert (record.name, record.pipeline) == ("As it was", LSA_PIPELINE)
    app = put(app, state.COMPARED, [*STAGES, record.key])
    assert cells(app, "nDCG@10")["As it was"] == cells(app, "nDCG@10")["reranked"]


def test_a_name_that_is_taken_gets_a_sentence(pipelines):
    pipelines.save("Mine", LSA_PIPELINE)
    app = shown()
    app.text_input(key=state.SAVED_NAME).set_value("Mine")
    assert "There is a saved pipeline with the name 'Mine' already" in words(submit(app, "Save"))


def test_a_saved_pipeline_is_taken_over_and_deleted(pipelines):
    pipelines.save("Keywords", LSA_PIPELINE.with_(weight=0.0))
    app = shown()
    assert press(app, "take pipeline").slider(key=state.WEIGHT).value == 0.0
    press(app, "delete pipeline")
    assert pipelines.records() == ()


def test_a_saved_pipeline_of_another_chunker_is_built_and_compared(pipelines):
    record = pipelines.save("Pieces", Pipeline.from_dict(LSA_PIPELINE.to_dict() | {"chunker": {"type": "sentences", "size": 20}}))
    app = put(shown(), state.COMPARED, ["sparse", record.key])
    assert set(cells(app, "nDCG@10")) == {"sparse", "Pieces"}


def test_a_pipeline_whose_model_cannot_be_had_is_left_out(pipelines):
    record = pipelines.save("Abroad", Pipeline(embedder=SentenceTransformerModel("nobody/no-such-model")))
    app = put(shown(), state.COMPARED, ["sparse", record.key])
    assert "Abroad is left out: " in words(app)
    assert "'nobody/no-such-model' could not be loaded" in words(app)
    assert set(cells(app, "nDCG@10")) == {"sparse"}


def test_two_runs_of_one_name_are_told_apart():
    assert told_apart({"a": "dense", "b": "dense", "c": "dense (2)"}) == {"a": "dense", "b": "dense (2)", "c": "dense (2) (2)"}
