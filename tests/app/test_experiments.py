"""The page Experiments, run without a browser."""

import json
import sqlite3

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.common import state
from pages.common.charts import literal
from pages.experiments import charts
from pages.experiments.words import standing
from retrieval import LSA, NoReranker, Pipeline, Query, differences, experiments, judging
from retrieval.experiments import Experiment, Mean, Run
from tests.app.conftest import ROOT

LSA_PIPELINE = Pipeline(embedder=LSA())
KEYWORDS = LSA_PIPELINE.with_(weight=0.0, reranker=NoReranker())
QUERIES = [Query("q1", "24 V relay", "numeric"), Query("q2", "what survives *wash-down*", "paraphrase"), Query("q3", "screen")]
OF_A = {"q1": 1.0, "q2": 0.25, "q3": 0.5}
OF_B = {"q1": 0.5, "q2": 1.0, "q3": 0.5}


@pytest.fixture
def store(home):
    return experiments.ExperimentStore(home)


@pytest.fixture
def query_set(sets, verdicts):
    """A judged set over the shop."""
    record = sets.create("shop", "Mine", QUERIES)
    verdicts.give(record.key, [judging.Verdict("q1", "d1", 3), judging.Verdict("q2", "d3", 2), judging.Verdict("q3", "d4", 1)])
    return record


@pytest.fixture
def keep(store, query_set):
    """Keep an evaluation of one run on the set."""

    def save(name="Before", scores=OF_A, pipeline=LSA_PIPELINE, runs=(), settings=None, **changes):
        means = {"RR@10": Mean(sum(scores.values()) / len(scores), 0.1, 0.9)}
        text, fingerprint = (pipeline.to_toml(), pipeline.fingerprint()) if pipeline else ("", "")
        kind, stage = ("stage", "reranked") if pipeline else ("imported", "")
        own = Run("reranked", kind, means, {"RR@10": scores}, text, fingerprint, stage, {"total": 12.34}, {"total": 20.0})
        about = {"kind": "evaluation", "corpus": "shop", "corpus_name": "shop", "corpus_fingerprint": "c", "note": ""}
        about |= {"query_set": query_set.key, "query_set_name": "Mine", "judgments_version": "v"}
        given = {"metrics": ["RR@10"], "level": "documents"} if settings is None else settings
        return store.save(Experiment(**{**about, "name": name, "runs": (own, *runs), "settings": given, **changes}))

    return save


def shown(**parameters):
    """The page, opened as a deep link opens it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app._page_hash = calc_hash("experiments")  # what st.navigation gives the page with this url_path
    for name, value in parameters.items():
        app.query_params[name] = value
    return ran(app)


def against(**parameters):
    return shown(experiments="A against B", **parameters)


def ran(app):
    app.run()
    assert not app.exception, app.exception
    return app


def words(app):
    """All that is written on the page."""
    kinds = (app.caption, app.markdown, app.info, app.success, app.error, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "").replace("\u2060", "")


def table(app, *columns):
    return next(frame.value for frame in app.dataframe if set(columns) <= set(frame.value.columns))


def clicked(app, row, *columns):
    """Run the app anew after a click on the box of a row of the table with these columns."""
    states = app._tree.get_widget_states()
    id = next(frame.proto.id for frame in app.dataframe if set(columns) <= set(frame.value.columns))
    value = json.dumps({"selection": {"rows": [row], "columns": [], "cells": []}})
    for widget in [widget for widget in states.widgets if widget.id == id]:
        states.widgets.remove(widget)
    states.widgets.add(id=id, string_value=value)
    app._run(states)
    assert not app.exception, app.exception
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return ran(app)


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


def test_a_damaged_one_is_told_and_can_be_deleted(keep, store, home):
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
    app.button(key=f"delete {bad.key}").click()
    app = ran(app)
    assert [record.name for record in store.records()] == ["Good"]
    assert "cannot be read" not in words(app)


def test_the_list_is_narrowed_to_a_corpus(keep):
    keep("Shop")
    keep("Port", corpus="port-1", corpus_name="Harbour")
    app = shown()
    assert app.selectbox(key=state.EXPERIMENTS_OF).options == ["All corpora", "shop", "Harbour"]
    app.selectbox(key=state.EXPERIMENTS_OF).set_value("port-1")
    assert table(ran(app), "main metric")["name"].tolist() == ["Port"]


def test_name_and_note_are_changed(keep, store):
    kept = keep("Before")
    app = shown()
    app.text_input(key=f"{state.EXPERIMENT_NAME} {kept.key}").set_value("Baseline")
    app.text_area(key=f"{state.EXPERIMENT_NOTE} {kept.key}").set_value("what production has")
    app = press(app, "Save")
    assert [(record.name, record.note) for record in store.records()] == [("Baseline", "what production has")]
    assert "##### Baseline" in words(app)
    app.text_input(key=f"{state.EXPERIMENT_NAME} {kept.key}").set_value(" ")
    app = press(app, "Save")
    assert "The name of an experiment must have 1 to 100 characters, this has 0; choose another." in words(app)
    assert store.records()[0].name == "Baseline"


def test_nothing_is_deleted_before_the_box_is_checked(keep, store):
    kept = keep()
    app = shown()
    button = app.button(key=f"delete {kept.key}")
    assert button.disabled
    app.checkbox(key=f"sure {kept.key}").check().run()
    assert not app.button(key=f"delete {kept.key}").disabled
    app.button(key=f"delete {kept.key}").click()
    app = ran(app)
    assert store.records() == ()
    assert "Nothing is kept yet" in words(app)


def test_the_json_file_is_offered(keep):
    kept = keep()
    (button,) = (element for element in shown().get("download_button") if element.proto.label == "Download JSON")
    assert kept.key in button.proto.id


def test_running_again_puts_pipelines_and_settings_onto_evaluate(keep, home):
    keyword_run = Run("Keywords", "pipeline", {"RR@10": Mean(0.5)}, {}, KEYWORDS.to_toml(), KEYWORDS.fingerprint(), "reranked")
    settings = {"metrics": ["RR@10", "P@1"], "metric": "P@1", "repetitions": 2, "condensed": True, "passages": False}
    keep(
        pipeline=LSA_PIPELINE.with_(weight=0.7), runs=[keyword_run], settings=settings | {"baseline": "Keywords", "budget_ms": 77}
    )
    app = press(shown(), "Run again")
    (saved,) = experiments.PipelineStore(home).records()
    assert (saved.name, saved.pipeline) == ("Keywords", KEYWORDS)
    assert app.session_state[state.WEIGHT] == 0.7
    assert app.multiselect(key=state.COMPARED).value == ["reranked", saved.key]
    assert app.selectbox(key=state.BASELINE).value == saved.key
    assert app.multiselect(key=state.METRICS).value == ["RR@10", "P@1"]
    assert app.slider(key=state.PASSES).value == 2
    assert app.toggle(key=state.CONDENSED).value
    assert not app.toggle(key=state.PASSAGES).value
    assert app.number_input(key=state.BUDGET).value == 77
    assert app.selectbox(key=state.CORPUS).value == "shop"
    assert table(app, "run", "RR@10")["run"].tolist() == ["reranked", "Keywords"]


def test_a_pipeline_that_is_saved_already_is_not_saved_again(keep, home):
    store = experiments.PipelineStore(home)
    mine = store.save("My own name", KEYWORDS)
    store.save("Taken", LSA_PIPELINE)
    runs = [
        Run(name, "pipeline", {"RR@10": Mean(0.5)}, {}, pipeline.to_toml(), pipeline.fingerprint(), "reranked")
        for name, pipeline in (("Keywords", KEYWORDS), ("Taken", LSA_PIPELINE.with_(weight=0.2)))
    ]
    kept = keep(runs=runs)
    app = press(shown(), "Run again")
    names = {record.key: record.name for record in store.records()}
    compared = app.multiselect(key=state.COMPARED).value
    assert compared[:2] == ["reranked", mine.key]
    assert names[compared[2]] == f"Taken of {kept.key[-8:]}"
    assert len(names) == 3


def test_a_sweep_is_run_again_by_its_best_variant(keep):
    variants = [
        Run(f"weight {weight}", "variant", {"RR@10": Mean(mean)}, {}, LSA_PIPELINE.with_(weight=weight).to_toml())
        for weight, mean in ((0.25, 0.5), (0.75, 0.6), (1.0, 0.4))
    ]
    keep("Weight", kind="sweep", runs=variants, scores={"q1": 0.0}, pipeline=None)
    app = press(shown(), "Run again")
    assert app.session_state[state.WEIGHT] == 0.75
    assert app.multiselect(key=state.COMPARED).value == ["dense", "sparse", "fused", "reranked"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"corpus": "gone-1", "corpus_name": "Harbour"}, "The corpus Harbour is gone: bring it in again on the page Corpora."),
        ({"query_set": "gone-1", "query_set_name": "Tail"}, "The query set Tail is gone: make it again on the page Judge."),
        ({"pipeline": None}, "All its rankings were imported: there is no pipeline to run again."),
    ],
)
def test_what_cannot_be_run_again_says_why(keep, changes, reason):
    keep(**changes)
    (button,) = (button for button in shown().button if button.label == "Run again")
    assert button.disabled
    assert button.help == reason


def test_a_pipeline_of_another_version_cannot_be_run_again(keep):
    run = Run("old", "stage", {"RR@10": Mean(0.9)}, {}, "wait = 1", "", "reranked")
    keep(pipeline=None, runs=[run])
    assert "Unknown pipeline setting 'wait'; known are" in words(press(shown(), "Run again"))


def test_the_two_newest_evaluations_are_held_against_each_other(keep):
    keep("Before")
    keep("After", OF_B, LSA_PIPELINE.with_(weight=0.8))
    keep("Weights", kind="sweep")
    app = against()
    assert app.selectbox(key=f"{state.COMPARED_EXPERIMENT} A").value.startswith("before-")
    assert app.selectbox(key=f"{state.COMPARED_EXPERIMENT} B").value.startswith("after-")
    found = table(app, "B minus A", "in words").iloc[0]
    assert (found["metric"], found["A"][:5], found["B"][:5]) == ("RR@10", "0.583", "0.667")
    assert found["B minus A"].startswith("+0.083 [")
    assert found["in words"] == "Within noise"
    assert "Within noise: RR@10 +0.083" in words(app)
    assert "1 improved, 1 equal, 1 worse. Randomisation test: p = " in words(app)
    assert table(app, "setting").to_dict("records") == [{"setting": "weight", "A": "0.5", "B": "0.8"}]


def test_one_experiment_is_held_against_its_own_baseline(keep):
    keep(runs=[Run("sparse", "stage", {"RR@10": Mean(0.2)}, {"RR@10": OF_B})], settings={"baseline": "sparse"})
    app = against()
    runs = [app.selectbox(key=f"{state.COMPARED_RUN} {letter}").value for letter in "AB"]
    assert runs == ["sparse", "reranked"]
    assert "The settings of sparse (in A) are not known: its rankings were imported." in words(app)
    assert "No setting differs, as far as the settings are known." in words(app)


def test_queries_that_moved_come_by_how_far_they_did(keep):
    keep("Before")
    keep("After", OF_B)
    found = table(against(), "query", "B minus A")
    assert found.to_dict("records") == [
        {"query": "what survives *wash-down*", "class": "paraphrase", "A": 0.25, "B": 1.0, "B minus A": 0.75},
        {"query": "24 V relay", "class": "numeric", "A": 1.0, "B": 0.5, "B minus A": -0.5},
    ]


def test_a_click_opens_the_query_in_search_with_the_pipeline_of_b(keep):
    keep("Before")
    keep("After", OF_B, LSA_PIPELINE.with_(weight=0.8))
    app = clicked(against(), 1, "query", "B minus A")
    assert app.text_input(key=state.QUERY).value == "24 V relay"
    assert app.selectbox(key=state.CORPUS).value == "shop"
    assert app.slider(key=state.WEIGHT).value == 0.8
    assert app.selectbox(key=state.EMBEDDER).value == "LSA"


def test_a_query_that_is_gone_is_named_by_its_id_and_not_opened(keep, sets, query_set):
    keep("Before")
    keep("After", OF_B)
    sets.remove(query_set.key, ["q2"])
    app = against()
    assert table(app, "query", "B minus A")["query"].tolist() == ["q2", "24 V relay"]
    assert "is gone; so it cannot be opened" in words(clicked(app, 0, "query", "B minus A"))


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"judgments_version": "w"}, "The judgments changed in between, so equal rankings may have other scores; run A again"),
        ({"corpus_fingerprint": "d"}, "The documents of the corpus changed in between; run A again to compare on the same ones."),
        ({"scores": {"q1": 0.5}}, "2 queries are only in A and left out."),
    ],
)
def test_what_changed_in_between_is_warned_of(keep, changes, warning):
    keep("Before")
    keep("After", **changes)
    app = against()
    assert warning in words(app)


def test_one_common_query_has_no_interval(keep):
    keep("Before")
    keep("After", {"q1": 0.5})
    app = against()
    assert table(app, "in words")["in words"].tolist() == ["One query only"]
    assert "With one query there is no interval: whatever it says may be chance." in words(app)


def test_equal_runs_differ_in_nothing(keep):
    keep("Before")
    keep("After")
    app = against()
    assert "No query differs: RR@10 +0.000" in words(app)
    assert "No query has another score." in words(app)


def test_runs_without_scores_of_queries_cannot_be_compared(keep):
    keep("Before")
    keep("Sweep", runs=[Run("weight 1", "variant", {"RR@10": Mean(0.9)})])
    app = against()
    assert app.selectbox(key=f"{state.COMPARED_RUN} B").value == "weight 1"
    assert "No metric is known for every query of both: reranked has RR@10; weight 1 has means only." in words(app)


def test_runs_on_other_queries_cannot_be_compared(keep):
    keep("Before")
    keep("After", {"z1": 1.0})
    assert "'reranked' and 'reranked' have no query in common; compare runs on one query set." in words(against())


def test_scores_that_are_damaged_are_told(keep, home):
    keep("Before")
    bad = keep("After")
    with sqlite3.connect(home / "playground.db") as connection:
        connection.execute("UPDATE experiments SET scores = '[' WHERE key = ?", (bad.key,))
    connection.close()
    assert "The experiment 'After' cannot be read (" in words(against())


def test_only_damaged_ones_cannot_be_compared(keep, home):
    keep()
    with sqlite3.connect(home / "playground.db") as connection:
        connection.execute("UPDATE experiments SET content = '[]'")
    connection.close()
    assert "None of these experiments can be read, so none can be compared." in words(against())


def gaining(*deltas):
    scores = {"A": np.zeros(len(deltas)), "B": np.array(deltas)}
    return differences(scores, "A")["B"]


@pytest.mark.parametrize(
    ("metric", "deltas", "said"),
    [
        ("RR@10", [0.0, 0.0], "No query differs"),
        ("RR@10", [0.5], "One query only"),
        ("RR@10", [0.5, -0.5, 0.25], "Within noise"),
        ("RR@10", [0.5] * 10, "B is better"),  # 2 of 1,024 patterns of signs are as far from zero
        ("RR@10", [-0.5] * 10, "B is worse"),
        ("RR@10", [0.5] * 4, "B is perhaps better"),  # 2 of 16 patterns: p is 0.125
        ("Judged@10", [-0.5] * 10, "B is judged less"),
    ],
)
def test_a_difference_is_put_into_words(metric, deltas, said):
    assert standing(metric, gaining(*deltas)) == said


def test_the_differences_are_drawn_with_their_words():
    scores = {"A": np.array([0.1, 0.2, 0.3]), "B": np.array([0.6, 0.7, 0.8]), "C": np.array([0.6, 0.1, 0.3])}
    found = differences(scores, "A")
    figure = charts.forest({"nDCG@10": found["B"], "<b>": found["C"]}, {"nDCG@10": "B is better", "<b>": "Within noise"})
    better, noise = figure.data
    assert (better.y[0], noise.y[0]) == ("nDCG@10", literal("<b>"))
    assert better.x[0] == pytest.approx(0.5)
    assert (better.marker.symbol, noise.marker.symbol) == ("circle", "circle-open")
    assert [note.text for note in figure.layout.annotations] == ["B is better", "Within noise"]


def test_the_moves_are_drawn_from_the_largest_gain_to_the_largest_loss():
    figure = charts.moves([-0.5, 0.75, 0.25], ["one", "<i>two</i>", "%{x}"], "RR@10")
    assert figure.data[0].y == (0.75, 0.25, -0.5)
    assert figure.data[0].customdata == (literal("<i>two</i>"), literal("%{x}"), "one")
    many = charts.moves([at / 1000 for at in range(-500, 500)], ["q"] * 1000, "RR@10").data[0].y
    assert (len(many), many[0], many[-1]) == (charts.SHOWN, 0.499, -0.5)
