"""The Search page, run without a browser."""

import pytest

from pages.common import state
from retrieval import Pipeline, Query, Sentences, StructureAware, WholeDocument, judging


def texts(app):
    return [element.value for element in app.markdown]


def cards(app, stage):
    """The Markdown of a stage's cards, found through their "why" buttons, which carry stage and id."""
    prefix = f"why {stage} "
    return [button.key.removeprefix(prefix) for button in app.button if (button.key or "").startswith(prefix)]


def given(home, query_id):
    """The grades that count for a query of the only query set over the corpus of the tests."""
    (query_set,) = judging.QuerySets(home).records("shop")
    counted = judging.JudgmentStore(home).judgments(query_set.key, query_id=query_id)
    return {judgment.document_id: judgment.grade for judgment in counted}


def test_first_run_invites_a_query(opened):
    app = opened()
    assert any("4 documents are waiting for a query" in text for text in texts(app))
    assert [button.label for button in app.button if (button.key or "").startswith("start ")] == [
        "24 V relay",
        r"survives wash\-down",
    ]


def test_a_corpus_without_queries_says_so(opened):
    app = opened(corpus="bare")
    assert any("no judged queries" in text for text in texts(app))


def test_an_example_query_is_one_click_away(opened):
    app = opened()
    app.button(key="start q1").click().run()
    assert app.text_input(key=state.QUERY).value == "24 V relay"
    assert cards(app, "sparse") == ["d1", "d2"]


def test_four_columns_with_times_and_quality(opened):
    app = opened(q="24 V relay")
    headings = [text for text in texts(app) if text.startswith("##### :")]
    assert [next(name for name in ("Dense", "Sparse", "Fused", "Reranked") if name in text) for text in headings] == [
        "Dense",
        "Sparse",
        "Fused",
        "Reranked",
    ]
    assert all(" ms · " in text for text in headings)
    assert "nDCG@10 **1.000**" in headings[1]  # d1 (3) before d2 (1) is the ideal order
    assert "0 unjudged" in headings[1]
    assert any("on the critical path" in text for text in texts(app))


def test_weight_moves_the_fused_column_and_not_the_dense(opened):
    app = opened(q="survives wash-down")
    dense = cards(app, "dense")
    app.slider(key=state.WEIGHT).set_value(0.0).run()
    assert cards(app, "fused") == cards(app, "sparse")
    assert cards(app, "dense") == dense
    app.slider(key=state.WEIGHT).set_value(1.0).run()
    assert cards(app, "fused") == dense
    assert not app.exception


def test_user_text_is_escaped(opened):
    app = opened(q="<b>pump</b>")
    card = next(text for text in texts(app) if "guide" in text and "d3" in text)
    assert r"\<b\>guide\<\/b\>" in card
    assert ":smile:" not in card


def test_a_grade_is_stored_and_shown_in_every_column(opened, corpora):
    app = opened(q="24 V relay")
    key = state.grade_key("sparse", "q1", "d1", 3)
    app.segmented_control(key=key).set_value(2).run()
    assert not app.exception
    assert given(corpora / "home", "q1") == {"d1": 2, "d2": 1}
    stages = ("dense", "sparse", "fused", "reranked")
    assert [app.segmented_control(key=state.grade_key(stage, "q1", "d1", 2)).value for stage in stages] == [2, 2, 2, 2]


def test_a_grade_of_a_chunk_is_its_documents(opened, corpora):
    app = opened(q="24 V relay", chunker="fixed size", size="12", overlap="0")
    chunk = next(id for id in cards(app, "sparse") if id.startswith("d1#"))
    app.segmented_control(key=state.grade_key("sparse", "q1", chunk, 3)).set_value(0).run()
    assert given(corpora / "home", "q1") == {"d1": 0, "d2": 1}


def test_the_rater_who_is_known_stands_beside_the_grade(opened, corpora):
    app = opened(q="24 V relay")
    app.session_state[state.RATER] = "ann"
    app.segmented_control(key=state.grade_key("sparse", "q1", "d1", 3)).set_value(1).run()
    (query_set,) = judging.QuerySets(corpora / "home").records("shop")
    last = judging.JudgmentStore(corpora / "home").history(query_set.key)[-1]
    assert (last.query_id, last.document_id, last.grade, last.rater) == ("q1", "d1", 1, "ann")


def test_a_grade_that_others_gave_is_not_taken_back(opened, corpora):
    app = opened(q="24 V relay")
    key = state.grade_key("sparse", "q1", "d1", 3)
    app.segmented_control(key=key).set_value(None).run()
    assert given(corpora / "home", "q1") == {"d1": 3, "d2": 1}
    assert app.segmented_control(key=key).value == 3
    assert ["3 Perfect counts for this document" in toast.value for toast in app.toast] == [True]


def test_an_own_grade_is_taken_back(opened, corpora):
    app = opened(q="24 V relay")
    app.segmented_control(key=state.grade_key("sparse", "q1", "d1", 3)).set_value(0).run()
    assert given(corpora / "home", "q1") == {"d1": 0, "d2": 1}
    app.segmented_control(key=state.grade_key("sparse", "q1", "d1", 0)).set_value(None).run()
    assert given(corpora / "home", "q1") == {"d1": 3, "d2": 1}
    assert app.segmented_control(key=state.grade_key("dense", "q1", "d1", 3)).value == 3


def test_query_sets_are_chosen_where_there_are_several(opened, corpora):
    app = opened(q="24 V relay")
    assert state.QUERY_SET not in [box.key for box in app.selectbox]
    sets, store = judging.QuerySets(corpora / "home"), judging.JudgmentStore(corpora / "home")
    mine = sets.create("shop", "Mine", [Query("m", "two cores")])
    store.give(mine.key, [judging.Verdict("m", "d4", 3)])
    app = opened(q="two cores", set="Mine")
    assert app.selectbox(key=state.QUERY_SET).value == mine.key
    assert app.selectbox(key=state.PICKED).value == "m"
    assert app.segmented_control(key=state.grade_key("sparse", "m", "d4", 3)).value == 3


def test_walking_through_the_judged_queries(opened):
    app = opened(q="24 V relay")
    assert app.selectbox(key=state.PICKED).value == "q1"
    assert app.button(key="previous").disabled
    app.button(key="next").click().run()
    assert app.text_input(key=state.QUERY).value == "survives wash-down"
    assert app.button(key="next").disabled


@pytest.mark.parametrize(
    ("preset", "weight", "reranker"),
    [
        ("Keywords only", 0.0, "none"),
        ("Meaning only", 1.0, "none"),
        ("Hybrid", 0.5, "none"),
        ("Hybrid + rerank", 0.5, "late interaction"),
    ],
)
def test_presets(opened, preset, weight, reranker):
    app = opened(q="24 V relay", weight="0.3")
    assert app.segmented_control(key=state.PRESET).value is None
    app.segmented_control(key=state.PRESET).set_value(preset).run()
    assert app.slider(key=state.WEIGHT).value == weight
    assert app.selectbox(key=state.RERANKER).value == reranker
    assert app.segmented_control(key=state.PRESET).value == preset


def test_why_shows_the_arithmetic(opened):
    app = opened(q="24 V relay")
    app.button(key=state.why_key("fused", "d1")).click().run()
    said = "\n".join(texts(app))
    assert r"0\.50 \/ \(60 \+ 1\) \= 0\.0082" in said
    assert "##### Dense · cosine" in said
    assert "z(fused" in said


def test_where_the_relevant_ones_are(opened):
    app = opened(q="survives wash-down")
    table = next(frame.value for frame in app.dataframe if "grade" in frame.value.columns)
    assert table["id"].tolist() == ["d1", "d3"]
    assert table["sparse"].tolist() == ["no shared word", "no shared word"]
    assert all(rank.isdigit() for rank in table["dense"])


def test_unknown_model_keeps_the_previous_choice(opened):
    app = opened(q="24 V relay", embedder="LSA")
    before = cards(app, "dense")
    app.selectbox(key=state.EMBEDDER).set_value("sentence-transformers").run()
    app.text_input(key=state.MODEL).set_value("nobody/no-such-model").run()
    assert not app.exception
    assert any(
        "'nobody/no-such-model' could not be loaded" in error.value and "stays in use" in error.value for error in app.error
    )
    assert sorted(cards(app, "dense")) == sorted(before)


def test_unknown_cross_encoder_keeps_the_previous_choice(opened):
    app = opened(q="24 V relay")
    app.selectbox(key=state.RERANKER).set_value("cross-encoder").run()
    assert any("could not be loaded" in error.value for error in app.error)
    assert cards(app, "reranked")


def test_query_without_a_known_term(opened):
    app = opened(q="zzzz")
    assert any("No word of the query occurs" in info.value for info in app.info)
    assert cards(app, "sparse") == []


def test_empty_corpus(opened):
    app = opened(corpus="void", q="anything")
    assert any("corpus is empty" in info.value for info in app.info)


def test_long_query(opened):
    app = opened(q="relay " * 10_000)
    assert cards(app, "sparse")


def test_measure_latency(opened):
    app = opened(q="24 V relay")
    next(button for button in app.button if button.label == "Measure p50 and p95").click().run()
    table = next(frame.value for frame in app.dataframe if "p95, ms" in frame.value.columns)
    assert table["step"].tolist() == ["embed query", "dense search", "sparse search", "fuse", "rerank", "total"]
    assert (table["p95, ms"] >= table["p50, ms"]).all()


def test_hnsw_shows_its_recall(opened):
    app = opened(q="24 V relay", dense="HNSW")
    assert any("of HNSW against exact search: **1.000** for this query" in text for text in texts(app))


def test_fixed_size_chunks(opened):
    app = opened(q="24 V relay", chunker="fixed size", size="20", overlap="0")
    assert all("#" in id or id in {"d1", "d2", "d3", "d4"} for id in cards(app, "dense"))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"chunker": "structure-aware", "size": "40", "overlap": "5", "context": "false"}, StructureAware(40, 5, False)),
        ({"chunker": "sentences", "size": "40", "overlap_sentences": "1"}, Sentences(40, 1)),
        ({"chunker": "whole document", "context": "false"}, WholeDocument(False)),
    ],
)
def test_the_controls_of_a_chunker_are_its_settings(opened, chosen, expected):
    app = opened(q="24 V relay", **chosen)
    assert Pipeline.from_toml(app.code[0].value).chunker == expected
    assert cards(app, "dense")


def test_pipeline_on_the_page_is_the_pipeline_of_the_terminal(opened):
    app = opened(q="24 V relay", weight="0.7", k1="0.9", bm25="BM25Lucene")
    pipeline = Pipeline.from_toml(app.code[0].value)
    assert (pipeline.weight, pipeline.bm25.k1, type(pipeline.bm25).__name__) == (0.7, 0.9, "BM25Lucene")


def test_a_query_is_kept_by_one_click_with_its_class_and_can_be_graded(opened, corpora):
    app = opened(q="which relay was made in March 2024?")
    app.button(key="keep").click().run()
    assert not app.exception
    sets = judging.QuerySets(corpora / "home")
    [record] = sets.records("shop")
    [kept] = [query for query in sets.queries(record.key) if query.source == judging.SEARCH]
    assert (kept.text, kept.category) == ("which relay was made in March 2024?", "chronological")
    assert any("unjudged" in text for text in texts(app))
    app.text_area(key=f"{state.KEPT_NOTE} {kept.id} ").set_value("The year counts.").run()
    app.button(key="save kept").click().run()
    assert next(query.note for query in sets.queries(record.key) if query.id == kept.id) == "The year counts."


def test_a_corpus_without_a_query_set_gets_one_with_the_first_query_kept(opened, corpora):
    app = opened(corpus="bare", q="relay coil")
    app.button(key="keep").click().run()
    sets = judging.QuerySets(corpora / "home")
    [record] = sets.records("bare")
    assert (record.name, [query.text for query in sets.queries(record.key)]) == ("Queries", ["relay coil"])


def test_a_chunk_bears_the_grade_of_a_judged_passage_that_it_holds(opened, corpora):
    app = opened(q="24 V relay")
    store, sets = judging.JudgmentStore(corpora / "home"), judging.QuerySets(corpora / "home")
    [record] = sets.records("shop")
    store.give(record.key, [judging.Verdict("q1", "d1", 2, start=0, end=20, rater="Ann")])
    app.run()
    card = next(text for text in texts(app) if "KX7 relay" in text and "passage" in text)
    assert "3 Perfect" in card
    assert "badge[passage 2]" in card
