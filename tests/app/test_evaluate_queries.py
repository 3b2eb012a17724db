"""The page Evaluate, run without a browser: which queries count, one by one and in classes."""

import pytest

from pages.common import state
from retrieval import Query, judging
from tests.app.driving import clicked, ran, table, words
from tests.app.evaluate_page import LSA_PIPELINE, cells, put, shown


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
    app = clicked(app, 1, "query", "delta")
    assert app.text_input(key=state.QUERY).value == "survives wash-down"
    assert app.slider(key=state.WEIGHT).value == 0.25
    assert any("on the critical path" in element.value for element in app.markdown)
