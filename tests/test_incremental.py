"""What has not changed is not computed again: neither by another version of the documents, nor by another chunker."""

from __future__ import annotations

import pytest

from retrieval.building import build
from retrieval.chunking import FixedSize, WholeDocument
from retrieval.corpora import CorpusStore
from retrieval.costs import index_cost
from retrieval.embedders import EMBEDDERS
from retrieval.engine import Engine
from retrieval.errors import BadInput
from retrieval.types import Document
from retrieval.vectors import journal
from retrieval.workspace import Workspace
from tests.slow_build import PIPELINE, Slow

FAST = PIPELINE.with_(embedder=Slow(0))
QUERIES = ("crane hook", "tide", "berth ladder brake")


@pytest.fixture(autouse=True)
def _slow(monkeypatch):
    monkeypatch.setitem(EMBEDDERS, "slow", Slow)


@pytest.fixture
def store(home):
    return CorpusStore(home)


@pytest.fixture
def key(store):
    key = store.create("Harbour").key
    store.add(
        key,
        [Document(f"d{number}", f"crane hook number {number} at berth {number % 3} " * 3, f"T{number}") for number in range(20)],
    )
    return key


def embedded(home):
    return sum(len(journal(path.parent)) for path in home.glob("vectors/*/*/*/journal"))


def rankings(store, key, home):
    corpus = store.corpus(key)
    engine = Engine.open(corpus, FAST, Workspace(home))
    return [[engine.search(query).rankings[stage] for stage in ("dense", "sparse", "fused")] for query in QUERIES]


def test_adding_two_documents_embeds_two(store, key, home, tmp_path):
    build(key, FAST, home)
    assert embedded(home) == 20
    store.add(key, [Document("new", "the tide takes the ladder"), Document("d3", "crane hook changed")])
    store.remove(key, ["d7"])
    corpus = build(key, FAST, home)
    assert (embedded(home), len(corpus.documents)) == (22, 20)
    assert index_cost(corpus, FAST, Workspace(home)).embedded == 2
    assert rankings(store, key, home) == rankings(store, key, tmp_path / "from nothing")


def test_going_back_embeds_nothing(store, key, home):
    build(key, FAST, home)
    store.remove(key, ["d1", "d2"])
    build(key, FAST, home)
    assert embedded(home) == 20


def test_another_chunker_embeds_the_chunks_that_differ(store, key, home):
    store.add(key, [Document("long", " ".join(f"word{number}" for number in range(60)), "Long")])
    build(key, FAST.with_(chunker=FixedSize(30, 0)), home)  # the long one in two or more, the others whole
    before = embedded(home)
    build(key, FAST.with_(chunker=WholeDocument()), home)
    assert embedded(home) == before + 1


def test_equal_contents_are_embedded_once(store, key, home):
    store.add(key, [Document("twin1", "the same words"), Document("twin2", "the same words")])
    build(key, FAST, home)
    assert embedded(home) == 21


def test_a_build_puts_the_version_and_its_settings_to_use_and_sweeps_the_rest(store, key, home):
    build(key, FAST, home)
    first = store.record(key)
    assert (first.used, first.settings) == (first.latest, FAST.to_toml())
    store.add(key, [Document("new", "tide")])
    assert store.record(key).used == first.used  # still the one before
    build(key, FAST, home)
    second = store.record(key)
    assert second.used == second.latest != first.used
    assert {path.name.rpartition("-")[2] for path in (home / "indexes" / key).glob("*-*")} == {second.used}


def test_a_corpus_that_does_not_exist_cannot_be_built(home):
    with pytest.raises(BadInput, match="nothing-here"):
        build("nothing-here", FAST, home)
