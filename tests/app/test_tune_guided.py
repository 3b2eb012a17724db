"""The section Guided tuning of the page Tune, run without a browser."""

import re
from dataclasses import replace

import numpy as np
import pytest

from pages.common import state
from pages.tune.guided_charts import CHARTS
from retrieval import Pipeline, SentenceTransformerModel, experiments, judging, tuning
from tests.app.conftest import DOCUMENTS, write
from tests.app.driving import deep_link, ended, press, ran, submit, table, typed, words
from tests.app.evaluate_page import LSA_PIPELINE

STEPS = ["Chunker", "Embedder", "Reranker", "Candidates", "Fusion"]


def shown(**parameters):
    """The section over the corpus of the tests with an embedder that is learned in a moment."""
    return deep_link("tune", **{"corpus": "shop", "embedder": "LSA", "tune": "Guided tuning", **parameters})


def opened(app, step):
    app.segmented_control(key=state.GUIDED_STEP).set_value(step)
    return ran(app)


def finished(app, step):
    """Run a step and wait for its job."""
    return ended(press(app, f"run {step}"))


def labels(app):
    return app.segmented_control(key=state.GUIDED_STEP).options


def decided(app):
    """What became of each step, as the table at the end says."""
    return [text.replace("\\", "") for text in app.table[0].value["decision"]]


def test_it_begins_with_the_chunker_and_says_what_chooses():
    app = shown()
    assert labels(app) == ["1 · Chunker", "2 · Embedder", "3 · Reranker", "4 · Candidates", "5 · Fusion", "Result"]
    assert "2 queries of Shipped choose" in words(app).replace("*", "")
    assert "none held out" in words(app)
    tried = app.multiselect(key=state.tried_key("Chunker"))
    assert tried.value == ["whole document", "fixed size 200", "structure-aware 200"]
    assert tried.label.endswith("in use: whole document")


def test_a_step_recommends_and_shows_what_everything_scores_and_costs():
    app = finished(shown(), "Chunker")
    assert "Keep whole document:" in words(app).replace("*", "")
    found = table(app, "tried", "R@50 chunks", "verdict")
    assert list(found["tried"]) == ["whole document", "fixed size 200", "structure-aware 200"]
    assert list(found[""]) == ["recommended, in use", "", ""]
    assert list(found["chunks"]) == [4, 4, 4]
    assert found["verdict"][0] == "in use"


def test_apply_puts_it_into_the_settings_and_goes_on():
    app = finished(shown(), "Chunker")
    app.selectbox(key=state.taken_key("Chunker", "whole document")).set_value("structure-aware 200")
    app = press(ran(app), "apply Chunker")
    assert app.session_state[state.CHUNKER] == "structure-aware"
    assert app.segmented_control(key=state.GUIDED_STEP).value == "Embedder"
    assert labels(app)[0] == "1 · Chunker ✓"
    app = opened(app, "Chunker")
    assert "Applied: structure-aware 200." in words(app)
    assert list(table(app, "tried", "verdict")[""]) == ["recommended", "", "in use"]


def test_skip_leaves_the_settings_and_goes_on():
    app = press(shown(), "skip Chunker")
    assert labels(app)[0] == "1 · Chunker –"
    assert app.segmented_control(key=state.GUIDED_STEP).value == "Embedder"
    assert app.session_state[state.CHUNKER] == "whole document"


def test_a_name_that_nobody_can_load_is_told_and_the_rest_goes_on():
    app = opened(shown(), "Embedder")
    app = typed(app, state.tried_key("Embedder"), ["LSA 64", "/no/such/<b>model"])
    app = finished(app, "Embedder")
    assert "/no/such/<b>model could not be tried: " in words(app)
    assert list(table(app, "tried", "verdict")["tried"]) == ["LSA 256", "LSA 64"]


def test_a_number_that_is_none_is_left_out():
    app = typed(opened(shown(), "Candidates"), state.tried_key("Candidates"), ["10", "many"])
    assert "many is no such setting and is left out." in words(app)
    assert list(table(finished(app, "Candidates"), "tried", "verdict")["tried"]) == ["10"]  # all that is found


def test_without_a_reranker_there_is_no_count_to_choose():
    app = opened(shown(reranker="none"), "Candidates")
    assert "Nothing is reranked, so there is no count to choose." in words(app)
    assert [button.label for button in app.button if button.key.startswith("run ")] == []


def test_all_five_steps_lead_to_a_pipeline_with_its_evidence(home):
    app = shown()
    for step in STEPS:
        app = press(finished(app, step), f"apply {step}") if step != "Embedder" else press(app, "skip Embedder")
        if step == "Reranker":
            app.session_state[state.RERANKER] = "late interaction"  # whatever two queries say, there is a count to choose
            ran(app)
    assert decided(app) == ["✓ applied", "– skipped", "✓ applied", "✓ applied", "✓ applied"]
    assert "On all 2 queries: nDCG@10 " in words(app)
    assert "None of these queries is held out" in words(app)
    assert any("playground evaluate shop --query-set Shipped --pipeline" in code.value for code in app.code)

    app.text_input(key=state.GUIDED_NAME).set_value("Tuned")
    app = submit(app, "Save pipeline")
    [saved] = experiments.PipelineStore(home).records()
    assert (saved.name, saved.pipeline.rerank_count) == ("Tuned", 10)
    assert [step.step for step in saved.evidence.steps] == ["Chunker", "Reranker", "Candidates", "Fusion"]
    assert all(step.applied for step in saved.evidence.steps)
    assert (saved.evidence.queries, saved.evidence.query_set) == (2, "Shipped")

    app.text_input(key=state.GUIDED_EXPERIMENT).set_value("First tuning")
    app = submit(app, "Save experiment")
    [kept] = experiments.ExperimentStore(home).records()
    assert (kept.name, kept.kind) == ("First tuning", "tuning")
    assert [run.name for run in kept.runs] == ["before", "after"]
    assert Pipeline.from_toml(kept.runs[0].pipeline) == LSA_PIPELINE
    assert experiments.read_evidence(kept.runs[1].pipeline) is not None

    app = submit(app, "Save pipeline")
    assert "There is a saved pipeline with the name 'Tuned' already" in words(app)


def test_start_over_puts_the_settings_back():
    app = finished(opened(shown(), "Reranker"), "Reranker")
    taken = state.taken_key("Reranker", "none")
    app.selectbox(key=taken).set_value("none")
    app = press(ran(app), "apply Reranker")
    assert app.session_state[state.RERANKER] == "none"
    app = press(opened(app, "Result"), "start over")
    assert app.session_state[state.RERANKER] == "late interaction"
    assert labels(app)[2] == "3 · Reranker"


def test_the_result_waits_for_a_decision():
    assert "No step is decided yet" in words(opened(shown(), "Result"))


def test_held_out_queries_are_told_and_have_a_column_of_their_own(corpora, sets):
    queries = [
        {"_id": f"q{at}", "text": text} for at, text in enumerate(("24 V relay", "48 V relay", "sealed pump", "two cores"))
    ]
    qrels = "query-id\tcorpus-id\tscore\n" + "".join(f"q{at}\td{document}\t2\n" for at, document in enumerate((1, 2, 3, 4)))
    write(corpora / "corpora" / "four", DOCUMENTS, queries, qrels)
    app = shown(corpus="four")
    [record] = sets.records("four")
    sets.hold_out(record.key, 0.5)
    app = ran(app)
    assert "2 queries of Shipped choose · 2 held out" in words(app).replace("*", "")
    app = press(finished(app, "Chunker"), "apply Chunker")
    app = opened(app, "Result")
    assert "On 2 queries held out: nDCG@10 " in words(app)
    found = table(app, "2 queries that chose", "2 queries held out", "all 4 queries").set_index("")
    assert re.fullmatch(r"\d+\.\d → \d+\.\d", found.loc["ms at p95", "all 4 queries"])
    assert decided(app) == ["✓ applied", *["not decided"] * 4]


def test_a_set_without_judgments_and_one_that_is_all_held_out_are_a_sentence_each(sets):
    sets.create("shop", "Empty", [])
    assert "No query of this set is judged yet" in words(shown(set="Empty"))
    [shipped] = [record for record in sets.records("shop") if record.name == "Shipped"]
    sets.edit(shipped.key, [replace(query, held_out=True) for query in sets.queries(shipped.key)])
    assert "Every judged query is held out" in words(shown(set="Shipped"))


def test_changed_judgments_begin_the_steps_anew(verdicts, sets):
    app = press(shown(), "skip Chunker")
    [record] = sets.records("shop")
    verdicts.give(record.key, [judging.Verdict("q1", "d4", 1)])
    app = ran(app)
    assert "the steps begin anew" in words(app)
    assert labels(app)[0] == "1 · Chunker"


@pytest.mark.parametrize("step", list(tuning.steps.STEPS))
def test_names_stand_in_charts_as_they_are(step):
    names = ("<b>1</b>", "2") if step != "Candidates" else ("10", "20")
    scores = np.array([[0.2, 0.3, 0.4], [0.5, 0.4, 0.6]])
    choice = tuning.choose(names, scores, np.array([0, 1, 2]), tuning.Rule(0))
    pipelines = [Pipeline(embedder=SentenceTransformerModel(name), weight=0.25 * at) for at, name in enumerate(names)]
    variants = tuple(tuning.steps.Variant(name, own) for name, own in zip(names, pipelines, strict=True))
    costs = (tuning.steps.Costs(p95_ms=0.0), tuning.steps.Costs(p95_ms=3.0))
    result = tuning.steps.StepResult(step, "nDCG@10", variants, choice, costs, {0: "in use", 1: "better"}, "Take 2.")
    written = str(CHARTS[step](result, 0).to_dict())
    assert "in use" in written
    assert "<b>1</b>" not in written
    assert ("&lt;b&gt;1" in written) == (step != "Candidates")
