"""The page Evaluate, run without a browser: what leaves it as an experiment, a file or a line for a terminal."""

from pages.common import state
from retrieval import Query
from tests.app.conftest import DOCUMENTS, write
from tests.app.driving import ran, submit, words
from tests.app.evaluate_page import LSA_PIPELINE, put, shown


def test_a_comparison_is_kept_as_an_experiment(experiment_store):
    app = shown(evaluated="Keep")
    app.text_input(key=state.KEPT_NAME).set_value("First look")
    app.text_area(key=state.KEPT_AS_NOTE).set_value("before tuning")
    app = submit(app, "Save as experiment")
    assert "First look is kept" in words(app)
    [record] = experiment_store.records()
    kept = experiment_store.experiment(record.key)
    assert (kept.name, kept.note, kept.corpus, kept.query_set_name) == ("First look", "before tuning", "shop", "Shipped")
    assert kept.run("sparse").scores["RR@10"] == {"q1": 1.0, "q2": 0.0}


def test_an_experiment_without_a_name_gets_a_sentence(experiment_store):
    app = submit(shown(evaluated="Keep"), "Save as experiment")
    assert "name of an experiment must have 1 to 100 characters, this has 0" in words(app)
    assert experiment_store.records() == ()


def test_ids_with_white_space_have_no_trec_run(corpora):
    odd = [{**DOCUMENTS[0], "_id": "a relay"}]
    write(corpora / "corpora" / "odd", odd, [{"_id": "q", "text": "relay"}], "query-id\tcorpus-id\tscore\nq\ta relay\t2\n")
    app = shown(corpus="odd", evaluated="Files")
    assert "No TREC run can be written: the id a relay has white space in it" in words(app)
    assert "TREC run" not in "".join(button.label for button in app.get("download_button"))


def test_the_terminal_line_names_what_the_page_compares(pipelines):
    record = pipelines.save("Two words", LSA_PIPELINE)
    app = shown(evaluated="Files", passages="false", condensed="true")
    assert app.code[-1].value == (
        "playground evaluate shop --query-set Shipped --pipeline current-pipeline.toml"
        " --metrics 'nDCG@10 R@100 RR@10 Success@5' --condensed --level documents"
    )
    app = put(app, state.COMPARED, ["sparse", record.key])
    assert "--pipeline current-pipeline.toml --pipeline Two-words.toml --metrics" in app.code[-1].value


def test_the_terminal_line_names_the_portion(judged):
    judged("Split", [Query("a", "relay"), Query("b", "pump", held_out=True)], {("a", "d1"): 2, ("b", "d3"): 2})
    app = shown(set="Split", evaluated="Files")
    assert "--portion" not in app.code[-1].value
    app.radio(key=state.PORTION).set_value("held-out only")
    assert ran(app).code[-1].value.endswith("--portion 'held-out only'")
