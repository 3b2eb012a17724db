"""Known corpora: samples, folders and stored ones, by key, by name and by path."""

import json

import pytest

from retrieval.corpora import (
    CorpusStore,
    Known,
    corpora,
    find,
    known,
    open_both,
    open_collection,
    open_corpus,
    read_collection,
    stored,
)
from retrieval.errors import BadInput
from retrieval.types import Document, Judgment, Query

DOCUMENTS = (Document("1", "The boom is lowered."), Document("2", "The hook turns."))


@pytest.fixture
def store(database_home):
    return CorpusStore(database_home)


@pytest.fixture
def key(store):
    key = store.create("Crane handbook").key
    store.add(key, DOCUMENTS, [Query("q", "hook")], {"test": [Judgment("q", "2", 3)]})
    return key


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A BEIR folder with one document, below PLAYGROUND_CORPORA."""
    folder = tmp_path / "own" / "shop"
    folder.mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(json.dumps({"_id": "1", "text": "a relay"}))
    monkeypatch.setenv("PLAYGROUND_CORPORA", str(tmp_path / "own"))
    return folder


def test_the_three_kinds_stand_in_order(store, key, folder):
    found = known(store)
    assert found[-2:] == (Known("shop", "shop", "folder"), Known(key, "Crane handbook", "stored", 2))
    assert {item.kind for item in found[:-2]} == {"sample"}
    assert [item.key for item in known(None)] == list(corpora())


def test_a_stored_corpus_is_found_by_key_and_by_name(store, key):
    assert find(key, store) == find("Crane handbook", store) == Known(key, "Crane handbook", "stored", 2)
    assert find("Crane", store) is None


def test_every_kind_is_opened(store, key, folder):
    assert open_corpus(key, store).lineage == key
    assert open_corpus("Crane handbook", store).documents == DOCUMENTS
    assert open_collection(key, store).judgments == {"test": (Judgment("q", "2", 3),)}
    for name in ("shop", str(folder)):
        corpus, collection = open_both(name, store)
        assert (corpus.name, corpus.documents) == ("shop", (Document("1", "a relay"),))
        assert corpus.documents == collection.documents
    assert open_corpus("company-policies", store).lineage == "company-policies"


def test_a_stored_corpus_is_opened_as_its_index_has_it(store, key):
    store.adopt(key, store.record(key).latest, "")
    store.add(key, [Document("3", "new")])
    assert open_corpus(key, store).documents == open_collection(key, store).documents == DOCUMENTS
    store.adopt(key, store.record(key).latest, "")
    assert len(open_corpus(key, store).documents) == len(open_collection(key, store).documents) == 3


def test_an_unknown_name_is_one_sentence_that_names_stored_ones_too(store, key):
    with pytest.raises(
        BadInput, match=f"'nowhere' is neither a folder nor a known corpus; known are company-policies, .*, {key}$"
    ):
        open_collection("nowhere", store)


def test_a_terminal_reads_what_is_stored_below_the_home(home):
    assert stored() is None
    with pytest.raises(BadInput, match="'Crane handbook' is neither a folder nor a known corpus"):
        read_collection("Crane handbook")
    assert not home.exists()
    store = CorpusStore(home)
    store.add(store.create("Crane handbook").key, DOCUMENTS)
    assert read_collection("Crane handbook").documents == DOCUMENTS


@pytest.mark.parametrize("database_home", ["postgresql"], indirect=True)
def test_a_terminal_reads_what_a_server_knows(database_home):
    assert stored().records() == ()
    store = CorpusStore(database_home)
    store.add(store.create("Crane handbook").key, DOCUMENTS)
    assert read_collection("Crane handbook").documents == DOCUMENTS
