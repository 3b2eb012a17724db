"""The page Tune, section Fusion, run without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pages.common import state
from retrieval import LSA, Engine, Pipeline, Query, Workspace, evaluate, judging, open_both
from retrieval.fusion import MinMaxSum
from tests.app.driving import clicked, deep_link, ended, press, ran, ran_with, table, words

PARTS = ("Queries that move", "RRF's k", "All methods", "Classes", "Depth", "k1 × b", "Found by")


def shown(**parameters):
    """The page over the corpus of the tests unless the parameters say otherwise."""
    return deep_link("tune", **{"corpus": "shop", "embedder": "LSA", **parameters})


def measured_by(app, metric):
    """Run the app anew with a metric that was typed in."""
    states, id = app._tree.get_widget_states(), app.selectbox(key=state.TUNED_BY).proto.id
    next(widget for widget in states.widgets if widget.id == id).string_value = metric
    return ran_with(app, states)


def numbers(app):
    """The figures beside the curve by their names."""
    return {metric.label.replace("\\", ""): metric.value for metric in app.metric}


@pytest.fixture
def many(sets, verdicts):
    """A set of 24 judged queries in two classes, one of them with a name that looks like markup."""
    texts = ["24 V relay", "48 V relay", "sealed pump motor", "two cores", "wash down", "dry cabinets"] * 4
    asked = [Query(f"n{at}", f"{text} {at}", "<b>x</b>" if at % 2 else "numeric") for at, text in enumerate(texts)]
    made = sets.create("shop", "Many", asked)
    documents = ("d1", "d2", "d3", "d4")
    verdicts.give(made.key, [judging.Verdict(query.id, documents[at % 4], 1 + at % 3) for at, query in enumerate(asked)])
    return made


def test_the_numbers_are_those_of_an_evaluation(home):
    app = shown(fusion="min-max", weight="0.3")
    corpus, collection = open_both("shop", None)
    pipeline = Pipeline(embedder=LSA(), fusion=MinMaxSum(), weight=0.3)
    engine = Engine.open(corpus, pipeline, Workspace(home))
    report = evaluate(engine, collection.queries, collection.judgments["test"], ("nDCG@10",), pipeline)
    assert numbers(app)["nDCG@10 at weight 0.30"] == f"{report.mean('fused', 'nDCG@10'):.3f}"


def test_the_default_is_equal_weight_rrf_and_shows_what_its_best_weight_would_change(many):
    app = shown(set="Many")
    assert numbers(app)["Against equal-weight RRF"] == "0"
    said = words(app)
    assert "This is equal-weight RRF itself; below is what its best weight" in said
    assert "Chosen on 4 of 5 parts of the queries" in said
    assert "**24 queries** choose · 100 candidates of each retriever · scored on documents" in said


def test_a_moved_weight_moves_numbers_and_queries(many):
    app = shown(set="Many", weight="0.0")
    before, first = numbers(app), table(app, "before")
    app.slider(key=state.WEIGHT).set_value(1.0)
    ran(app)
    after = numbers(app)
    assert "nDCG@10 at weight 0.00" in before
    assert "nDCG@10 at weight 1.00" in after
    assert after["Best weight"] == before["Best weight"]
    moved = table(app, "before")
    assert not moved.equals(first)
    assert (moved["after"] - moved["before"]).tolist() == moved["change"].tolist()
    assert moved["change"].abs().is_monotonic_decreasing


def test_a_query_that_moved_opens_in_search_with_these_settings(many):
    app = shown(set="Many", weight="0.15", fusion="min-max")
    query = table(app, "before")["query"][0]
    app = clicked(app, 0, "before")
    assert app.text_input(key=state.QUERY).value == query
    assert (app.selectbox(key=state.FUSION).value, app.slider(key=state.WEIGHT).value) == ("min-max", 0.15)
    assert any("on the critical path" in element.value for element in app.markdown)


def test_the_best_weight_is_one_click_away(many):
    app = shown(set="Many", weight="1.0")
    best = numbers(app)["Best weight"]
    press(app, "use best")
    assert f"{app.slider(key=state.WEIGHT).value:.2f}" == best
    assert "use best" not in [button.key for button in app.button]


def test_the_address_gives_the_view():
    app = shown(fusion="z-score", weight="0.2", by="RR@10", beneath="Found by")
    assert app.selectbox(key=state.FUSION).value == "z-score"
    assert app.slider(key=state.WEIGHT).value == 0.2
    assert "RR@10 at weight 0.20" in numbers(app)
    assert "are found by the dense retriever alone" in words(app)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_there_for_two_queries_and_for_many(many, part):
    for name in ("Shipped", "Many"):
        app = shown(set=name, weight="0.4", fusion="min-max", beneath=part)
        assert app.segmented_control(key=state.BENEATH).value == part
        assert not app.error


def test_classes_get_their_own_weight_and_their_names_stay_text(many):
    app = shown(set="Many", beneath="Classes")
    found = table(app, "own weight")
    assert found["class"].tolist() == ["<b>x</b>", "numeric"]
    assert found["queries"].tolist() == [12, 12]
    assert (found["own weight"] != "too few").all()
    assert "A router that gives every class its own weight would change" in words(app)
    pills = next(item for item in app.get("button_group") if item.key == state.CLASS_LINES)
    assert r"\<b\>x\<\/b\>" in pills.format_func("<b>x</b>")


def test_a_class_with_too_few_queries_does_not_choose_for_itself():
    app = shown(beneath="Classes")
    assert table(app, "own weight")["own weight"].tolist() == ["too few", "too few"]


def test_a_method_is_taken_over_with_its_best_weight(many):
    app = shown(set="Many", beneath="All methods")
    row = table(app, "best weight").set_index("method").loc["z-score"]
    press(app, "use z-score")
    assert app.selectbox(key=state.FUSION).value == "z-score"
    assert f"{app.slider(key=state.WEIGHT).value:.2f}" == row["best weight"] == numbers(app)["Best weight"]


def test_found_by_counts_every_relevant_document(many):
    app = shown(set="Many", beneath="Found by")
    assert "Of 24 relevant documents, " in words(app)


def test_the_grid_is_a_job_and_its_best_pair_can_be_taken_over(many):
    app = shown(set="Many", weight="0.4", beneath="k1 × b", k1="3.0", b="1.0")
    assert "100 pairs of k1 and b on 24 queries" in words(app)
    said = words(ended(press(app, f"score grid of {many.key}")))
    assert "**sparse alone**: best at k1" in said
    assert "over k1 3, b 1:" in said
    press(app, "use pair sparse alone")
    ran(app)
    assert (app.slider(key=state.K1).value, app.slider(key=state.B).value) != (3.0, 1.0)
    assert f"best at k1 {app.slider(key=state.K1).value:g}, b {app.slider(key=state.B).value:g}," in words(app)


def test_many_searches_are_a_job(sets, verdicts):
    asked = [Query(f"n{at}", f"relay {at}") for at in range(101)]
    made = sets.create("shop", "Large", asked)
    verdicts.give(made.key, [judging.Verdict(query.id, "d1", 2) for query in asked])
    app = shown(set="Large")
    assert "101 queries still to be searched" in words(app)
    assert not app.metric
    ended(press(app, f"search candidates of {made.key}"))
    assert "**101 queries** choose" in words(app)


def test_held_out_queries_have_no_say_and_their_score_stands_beside(many, sets, verdicts):
    sets.hold_out(many.key, 0.25)
    app = shown(set="Many")
    assert "**18 queries** choose · **6 held out**: they have no say" in words(app)
    assert "On 6 queries held out" in numbers(app)
    frozen = [query for query in sets.queries(many.key) if query.held_out]
    before = numbers(app)
    verdicts.give(many.key, [judging.Verdict(query.id, "d3", 3) for query in frozen])
    after = numbers(shown(set="Many"))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"On 6 queries held out"}


def test_only_held_out_queries_leave_nothing_to_tune_on(many, sets):
    sets.edit(many.key, [replace(query, held_out=True) for query in sets.queries(many.key)])
    app = shown(set="Many")
    assert "Every judged query is held out, so none is left to tune on" in words(app)
    assert not app.metric


def test_without_a_query_set_the_page_says_how_to_make_one():
    assert "There is no query set yet, so there is nothing to tune on." in words(shown(corpus="bare"))


def test_without_documents_there_is_nothing_to_tune():
    assert "This corpus has no documents yet" in words(shown(corpus="void"))


def test_without_judgments_the_page_says_so(sets):
    sets.create("shop", "Mine", [Query("m", "two cores")])
    assert "No query of this set is judged yet, so nothing can be tuned" in words(shown(set="Mine"))


def test_one_query_proves_nothing(sets, verdicts):
    made = sets.create("shop", "Mine", [Query("m", "two cores", "numeric")])
    verdicts.give(made.key, [judging.Verdict("m", "d4", 3)])
    app = shown(set="Mine", weight="0.9")
    assert "**One query only**: there is no interval" in words(app)
    for part in PARTS:
        assert not shown(set="Mine", weight="0.9", fusion="min-max", beneath=part).error


def test_queries_without_a_relevant_document_or_words_count_nothing(sets, verdicts):
    made = sets.create("shop", "Mine", [Query("m", "two cores"), Query("n", "relay"), Query("o", "cable")])
    verdicts.give(made.key, [judging.Verdict("m", "d4", 3), judging.Verdict("n", "d4", 0), judging.Verdict("o", "d4", 0)])
    assert numbers(shown(set="Mine"))["nDCG@10 at weight 0.50"] == "0.333"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bogus@3", "The metric 'bogus@3' cannot be computed"),
        ("Bpref", "Bpref takes too long to compute for every weight"),
    ],
)
def test_a_metric_that_cannot_be_swept_gets_a_sentence(name, sentence):
    app = measured_by(shown(), name)
    assert sentence in words(app)
    assert "nDCG@10 at weight 0.50" in numbers(app)


def test_any_cutoff_can_be_typed():
    app = measured_by(shown(), "nDCG@3")
    assert "nDCG@3 at weight 0.50" in numbers(app)


def test_settings_survive_a_visit_to_the_other_section():
    app = shown(fusion="min-max", weight="0.3")
    app.segmented_control(key=state.TUNE_SECTION).set_value("Guided tuning")
    ran(app)
    assert app.slider(key=state.WEIGHT).value == 0.3
    app.segmented_control(key=state.TUNE_SECTION).set_value("Fusion")
    ran(app)
    assert (app.selectbox(key=state.FUSION).value, app.slider(key=state.WEIGHT).value) == ("min-max", 0.3)


def test_an_unknown_model_gets_one_sentence():
    app = shown(embedder="sentence-transformers", model="nobody/no-such-model")
    assert any("could not be loaded" in error.value for error in app.error)
