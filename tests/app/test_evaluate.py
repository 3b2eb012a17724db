"""The page Evaluate, run without a browser."""

import json
import sys

import pytest

from pages.common import state
from pages.evaluate import searching
from pages.evaluate.compared import told_apart
from retrieval import LSA, Pipeline, Query, SentenceTransformerModel, cli, experiments, judging
from tests.app.conftest import DOCUMENTS, write
from tests.app.evaluate_page import cells, ended, put, ran, selected, shown, submit, table, typed, words

STAGES = ["dense", "sparse", "fused", "reranked"]
LSA_PIPELINE = Pipeline(embedder=LSA())
RUN = "q1 Q0 d2 1 9 other\nq1 Q0 d1 2 8 other\nq2 Q0 d3 1 7 other\n"


@pytest.fixture
def pipelines(home):
    return experiments.PipelineStore(home)


@pytest.fixture
def judged(sets, verdicts):
    """Make a query set over the shop: queries, and grades by query and document."""

    def make(name, queries, grades):
        record = sets.create("shop", name, queries)
        words = [judging.Verdict(query, document, grade) for (query, document), grade in grades.items()]
        if words:
            verdicts.give(record.key, words)
        return record

    return make


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
    assert "there is a saved pipeline with the name 'Mine' already" in words(submit(app, "Save"))


def test_a_saved_pipeline_is_taken_over_and_deleted(pipelines):
    pipelines.save("Keywords", LSA_PIPELINE.with_(weight=0.0))
    app = shown()
    app.button(key="take pipeline").click()
    assert ran(app).slider(key=state.WEIGHT).value == 0.0
    app.button(key="delete pipeline").click()
    ran(app)
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


def uploaded(app, text, name="theirs.run"):
    uploader = next(box for box in app.file_uploader if state.OTHER_RUN_UPLOADS in (box.key or ""))
    uploader.upload(name, text.encode())
    return ran(app)


def test_the_run_of_another_system_is_compared():
    app = uploaded(shown(), RUN)
    assert list(cells(app, "RR@10")) == [*STAGES, "theirs"]
    assert cells(app, "RR@10")["theirs"].startswith("1.000")
    assert cells(app, "budget")["theirs"] == "–"  # nobody measured it
    app.button(key=next(button.key for button in app.button if (button.key or "").startswith("remove run"))).click()
    assert list(cells(ran(app), "RR@10")) == STAGES


def test_lines_that_are_refused_are_shown():
    app = uploaded(shown(), RUN + "q1 Q0 d2 3 7 other\nq1 Q0 nowhere 4 6 other\n")
    assert "2 lines left out; the first: theirs.run line 4" in words(app)
    assert 'ranks the document "d2" for the query "q1" again' in table(app, "where", "why")["why"][0]
    assert "theirs" in cells(app, "RR@10")


def test_a_run_without_a_usable_line_is_not_compared():
    app = uploaded(shown(), "nonsense\n")
    assert list(cells(app, "RR@10")) == STAGES
    assert "1 line left out" in words(app)


def test_a_run_of_documents_cannot_be_scored_on_passages(judged, verdicts):
    record = judged("Places", [Query("p", "24 V relay")], {})
    verdicts.give(record.key, [judging.Verdict("p", "d1", 3, start=0, end=20)])
    app = uploaded(shown(set="Places"), "p Q0 d1 1 9 other\n")
    assert "1 queries are scored on passages" in words(app)
    assert "switch off Passages where judged" in words(app)
    app.toggle(key=state.PASSAGES).set_value(False)
    assert "theirs" in cells(ran(app), "RR@10")


def test_a_corpus_without_a_query_set_and_one_without_documents_say_what_to_do():
    assert "There is no query set yet" in words(shown(corpus="bare"))
    assert "This corpus has no documents yet" in words(shown(corpus="void"))


def test_queries_without_judgments_say_what_to_do(judged):
    judged("Fresh", [Query("f", "relay")], {})
    app = shown(set="Fresh")
    assert "No query of this set is judged yet" in words(app)
    assert len(app.dataframe) == 0


def test_one_query_has_no_interval(judged):
    judged("One", [Query("o", "24 V relay")], {("o", "d1"): 3, ("o", "d3"): 1})
    app = shown(set="One")
    assert "With one query there is no interval and no test" in words(app)
    assert "[" not in cells(app, "nDCG@10")["sparse"]
    assert "Lines are 95 % intervals" not in words(app)


def test_two_queries_are_too_few_to_tell():
    app = shown()
    assert "Two queries make an interval that says next to nothing" in words(app)
    assert "2 queries are too few to show any difference" in words(app)
    assert cells(app, "verdict")["reranked"] == "within noise"


def test_a_query_that_no_ranking_can_win_and_equal_grades_are_said(judged):
    judged(
        "Odd", [Query("a", "relay"), Query("b", "pump"), Query("c", "cable")], {("a", "d1"): 0, ("b", "d3"): 0, ("c", "d4"): 0}
    )
    said = words(shown(set="Odd"))
    assert "3 queries have no relevant document: every ranking scores 0 there" in said
    assert "Every judgment has the grade 0" in said


def test_a_query_without_words_counts_0_and_does_not_stop_the_others(monkeypatch, judged):
    record = judged("Blank", [Query("a", "relay"), Query("b", "pump")], {("a", "d1"): 2, ("b", "d3"): 2})
    found = judging.QuerySets.queries
    lost = {"b": Query("b", "")}  # as a set has it whose queries came in a file of judgments
    monkeypatch.setattr(judging.QuerySets, "queries", lambda self, key: tuple(lost.get(q.id, q) for q in found(self, key)))
    app = shown(set=record.name)
    assert "1 query has no results in sparse, which counts 0" in words(app)
    assert cells(app, "RR@10")["sparse"].startswith("0.500")


def test_held_out_queries_are_counted_alone_or_left_out(judged):
    queries = [Query("a", "relay"), Query("b", "pump"), Query("c", "cable", held_out=True)]
    judged("Split", queries, {("a", "d1"): 2, ("b", "d3"): 2, ("c", "d4"): 2})
    app = shown(set="Split")
    assert "3 judged queries of 3 · 1 held out" in words(app).replace("*", "")
    app.radio(key=state.PORTION).set_value("without held-out")
    assert "2 judged queries of 3 · scored" in words(ran(app)).replace("*", "")
    app.radio(key=state.PORTION).set_value("held-out only")
    assert "1 judged query of 3" in words(ran(app)).replace("*", "")


def test_synthetic_queries_may_be_left_out(judged):
    queries = [Query("a", "relay"), Query("k", "screen", source=judging.KNOWN_ITEM)]
    judged("Mixed", queries, {("a", "d1"): 2, ("k", "d4"): 3})
    app = shown(set="Mixed")
    app.toggle(key=state.SYNTHETIC).set_value(False)
    assert "1 judged query of 2" in words(ran(app)).replace("*", "")


def test_condensed_lists_leave_unjudged_results_out(judged):
    judged("Sparse labels", [Query("a", "24 V relay"), Query("b", "relay")], {("a", "d2"): 2, ("b", "d2"): 2})
    app = shown(set="Sparse labels")
    assert cells(app, "RR@10")["sparse"].startswith("0.500")  # d1, unjudged, is before d2 in both
    assert "have no judgment and count as irrelevant" in words(app).replace("*", "")
    app.toggle(key=state.CONDENSED).set_value(True)
    app = ran(app)
    assert cells(app, "RR@10")["sparse"].startswith("1.000")
    assert "condensed lists" in words(app)
    assert "are removed" in words(app)


def test_what_is_over_the_budget_is_marked(pipelines):
    app = shown(budget="1")
    app.slider(key=state.PASSES).set_value(3)
    app = ran(app)
    over = cells(app, "budget", "p95")
    assert all(("over by" in cell) == (p95 > 1) for cell, p95 in zip(over.values(), cells(app, "p95").values(), strict=True))


def test_classes_with_too_few_queries_are_marked_and_losses_are_named(judged):
    queries = [Query("a", "survives wash-down", "paraphrase"), Query("b", "24 V relay", "name")]
    judged("Kinds", queries, {("a", "d3"): 2, ("b", "d1"): 2})
    app = shown(set="Kinds", evaluated="Classes")
    app.selectbox(key=state.BASELINE).set_value("dense")
    said = words(ran(app))
    assert "sparse** is behind dense on paraphrase (" in said
    assert "Grey: fewer than 5 queries" in said


def test_queries_without_a_class_say_how_to_get_one(judged):
    judged("Plain", [Query("a", "relay"), Query("b", "pump")], {("a", "d1"): 2, ("b", "d3"): 2})
    assert "No query of this set has a class" in words(shown(set="Plain"))


def test_queries_are_listed_with_what_they_gain_the_losses_first():
    app = shown(evaluated="Queries")
    found = table(app, "query", "delta")
    assert found["query"].tolist() == ["24 V relay", "survives wash-down"]
    assert found["delta"].tolist() == pytest.approx([0.0, 1.0])
    app.segmented_control(key=state.MOVES).set_value("better")
    assert table(ran(app), "query", "delta")["query"].tolist() == ["survives wash-down"]
    app.segmented_control(key=state.MOVES).set_value("all")
    app = put(app, state.CLASSES, ["numeric"])
    assert table(app, "query", "delta")["query"].tolist() == ["24 V relay"]


def test_a_click_opens_the_query_in_search_with_the_pipeline_of_the_run(pipelines):
    record = pipelines.save("Keywords", LSA_PIPELINE.with_(weight=0.25))
    app = put(shown(evaluated="Queries"), state.COMPARED, ["sparse", record.key])
    app = selected(app, 1)
    assert app.text_input(key=state.QUERY).value == "survives wash-down"
    assert app.slider(key=state.WEIGHT).value == 0.25
    assert any("on the critical path" in element.value for element in app.markdown)


def test_times_say_on_what_they_rest_and_are_measured_again(home):
    app = shown(evaluated="Time")
    app.slider(key=state.PASSES).set_value(2)
    app = ran(app)
    assert "current pipeline**: 2 repetitions of 2 queries, one by one, after a warm-up; measured 20" in words(app)
    before = table(app, "whole query")["whole query"][0]
    for _ in range(5):
        app.button(key="measure again").click()
        if table(ran(app), "whole query")["whole query"][0] != before:
            break
    assert table(app, "whole query")["whole query"][0] != before


def test_runs_of_other_systems_alone_have_no_times():
    app = uploaded(shown(evaluated="Time"), RUN)
    other = next(id for id in app.multiselect(key=state.COMPARED).value if id not in STAGES)
    assert "Runs of other systems bring no times" in words(put(app, state.COMPARED, [other]))


def test_more_than_a_few_searches_are_a_job_and_what_is_done_is_shown(monkeypatch, home):
    monkeypatch.setattr(searching, "AT_ONCE", 1)
    app = shown()
    assert "2 searches are still to be done: current pipeline" in words(app)
    assert len(app.dataframe) == 0
    app.button(key="evaluate").click()
    app = ended(ran(app))
    assert list(cells(app, "nDCG@10")) == STAGES


def test_a_job_that_fails_says_why_and_what_others_finished_is_shown(pipelines):
    broken = LSA_PIPELINE.to_dict() | {"reranker": {"type": "cross-encoder", "model": "nobody/no-such-model"}}
    record = pipelines.save("Broken", Pipeline.from_dict(broken))
    app = put(shown(), state.COMPARED, ["sparse", record.key])
    app.button(key="evaluate").click()
    app = ended(ran(app))
    assert "Broken: " in words(app)
    assert "'nobody/no-such-model' could not be loaded" in words(app)
    assert list(cells(app, "nDCG@10")) == ["sparse"]
    assert "2 searches are still to be done: Broken" in words(app)


def test_a_comparison_is_kept_as_an_experiment(home):
    app = shown(evaluated="Keep")
    app.text_input(key=state.KEPT_NAME).set_value("First look")
    app.text_area(key=state.KEPT_AS_NOTE).set_value("before tuning")
    app = submit(app, "Save as experiment")
    assert "First look is kept" in words(app)
    store = experiments.ExperimentStore(home)
    [record] = store.records()
    kept = store.experiment(record.key)
    assert (kept.name, kept.note, kept.corpus, kept.query_set_name) == ("First look", "before tuning", "shop", "Shipped")
    assert kept.run("sparse").scores["RR@10"] == {"q1": 1.0, "q2": 0.0}


def test_an_experiment_without_a_name_gets_a_sentence(home):
    app = submit(shown(evaluated="Keep"), "Save as experiment")
    assert "name" in app.error[0].value
    assert experiments.ExperimentStore(home).records() == ()


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
