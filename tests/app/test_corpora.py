"""The Corpora page, run without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.common import building, state
from retrieval import LSA, CorpusStore, Document, Jobs, Pipeline
from retrieval.building import build
from tests.app.driving import ROOT, ended, ran, words

DOCUMENTS = [Document(f"d{number}", f"The crane lifts load number {number}.", f"Note {number}") for number in range(5)]
PIPELINE = Pipeline(embedder=LSA(8))


@pytest.fixture
def store(home):
    return CorpusStore(home)


@pytest.fixture
def key(store):
    key = store.create("Harbour").key
    store.add(key, DOCUMENTS)
    return key


def shown(**parameters):
    app = AppTest.from_file(str(ROOT / "pages" / "corpora" / "view.py"), default_timeout=120)
    for name, value in {"corpus": "Harbour", "embedder": "LSA", **parameters}.items():
        app.query_params[name] = value
    return ran(app)


def test_a_sample_is_read_only(key):
    app = shown(corpus="parts-catalogue", part="Add documents")
    assert "read only" in words(app)
    assert [button.key for button in app.button if (button.key or "").startswith("delete")] == []


def test_a_new_corpus_is_made_and_chosen(key, store):
    app = shown()
    app.text_input[0].set_value("Second")
    next(button for button in app.button if button.label == "Create").click().run()
    assert not app.exception
    assert [record.name for record in store.records()] == ["Harbour", "Second"]
    assert app.selectbox(key=state.CORPUS).value == next(record.key for record in store.records() if record.name == "Second")
    assert app.segmented_control(key=state.SECTION).value == "Add documents"


def test_a_name_that_is_taken_gets_a_sentence(key):
    app = shown()
    app.text_input[0].set_value("Harbour")
    next(button for button in app.button if button.label == "Create").click().run()
    assert any("Harbour" in error.value for error in app.error)


def test_renaming_keeps_the_corpus(key, store):
    app = shown()
    next(item for item in app.text_input if item.value == "Harbour").set_value("Port")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert not app.exception
    assert (store.record(key).name, store.record(key).documents) == ("Port", 5)
    assert app.selectbox(key=state.CORPUS).value == key


def test_deleting_wants_a_yes(key, store):
    app = shown()
    assert app.button(key=f"delete {key}").disabled
    app.checkbox(key=f"sure {key}").check().run()
    app.button(key=f"delete {key}").click().run()
    assert not app.exception
    assert store.records() == ()
    assert app.selectbox(key=state.CORPUS).value != key


def test_documents_are_listed_and_found(key):
    app = shown(part="Documents")
    assert len(app.dataframe[0].value) == 5
    app.text_input(key=state.FIND).set_value("number 3").run()
    assert app.dataframe[0].value["id"].tolist() == ["d3"]
    app.text_input(key=state.FIND).set_value("no such words").run()
    assert "No document holds all of these words" in words(app)


def test_the_head_tells_how_the_index_stands(key, store, home):
    assert "no index yet" in words(shown())
    build(key, PIPELINE, home)
    assert "the index in use has them all" in words(shown())
    store.add(key, [Document("new", "tide")])
    assert "of an earlier version" in words(shown())
    assert "1 documents added, 0 changed, 0 removed" in words(shown(part="Index"))


def test_an_index_is_built_from_the_page_and_its_costs_are_shown(key, home):
    app = shown(part="Index", chunker="whole document", dimensions="16")
    assert "build it to see what it costs" in words(app)
    app.button(key=f"build {key}").click()
    ended(ran(app))
    job = Jobs(home).status(key)
    assert job.state == "done", job
    app = shown(part="Index", chunker="whole document", dimensions="16")
    assert app.button(key=f"build {key}").disabled
    assert app.dataframe[0].value["part"].tolist() == ["text and chunks", "postings", "vectors", "token vectors"]
    assert app.dataframe[1].value["part"].tolist()[-1] == "all parts"


def test_a_search_takes_on_the_settings_of_the_index(key, home):
    build(key, PIPELINE.with_(embedder=LSA(16)), home)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["corpus"], app.query_params["q"] = "Harbour", "crane load"
    ran(app)
    assert (app.selectbox(key=state.EMBEDDER).value, app.slider(key=state.LSA_DIMENSIONS).value) == ("LSA", 16)


def test_a_large_corpus_is_offered_to_be_built_and_the_index_before_stays(key, home, opened, monkeypatch):
    monkeypatch.setattr(building, "AT_ONCE_DOCUMENTS", 3)
    app = opened(corpus="Harbour", q="crane load", dimensions="16")
    assert "is not built yet" in words(app)
    assert app.button(key=f"offer {key}").label == "Build 5 documents"
    assert "on the critical path" not in words(app)
    build(key, PIPELINE.with_(embedder=LSA(16)), home)
    app.run()
    assert "on the critical path" in words(app)
    app.slider(key=state.LSA_DIMENSIONS).set_value(32).run()
    assert "is not built yet" in words(app)
    assert "on the critical path" in words(app)  # by the index before
