"""What every retriever of the tables must do: dense by its index, sparse by its formula."""

import pytest

from retrieval.dense import DENSE
from retrieval.engine import Engine
from retrieval.sparse import BM25_VARIANTS
from retrieval.types import Corpus, Document, Ranking
from retrieval.workspace import Workspace

RETRIEVERS = [("dense", name) for name in DENSE] + [("sparse", name) for name in BM25_VARIANTS]


@pytest.fixture(scope="module")
def twins(corpus):
    """The small corpus with every text twice, so that there are ties at every rank."""
    copies = (Document(f"{document.id}-twin", document.text, document.title) for document in corpus.documents)
    return Corpus("twins", (*corpus.documents, *copies))


@pytest.fixture(scope="module", params=RETRIEVERS, ids=lambda pair: " ".join(pair))
def search(request, twins, pipeline, tmp_path_factory):
    """The ranking of a retriever: (query, k) to Ranking."""
    stage, name = request.param
    setting = {"dense": DENSE[name]()} if stage == "dense" else {"bm25": BM25_VARIANTS[name]()}
    engine = Engine.open(twins, pipeline.with_(**setting), Workspace(tmp_path_factory.mktemp("retriever")))
    return lambda query, k: engine.search(query, engine.pipeline.with_(candidates=k)).rankings[stage]


def test_at_most_k_results_each_once(search, queries):
    for query in queries:
        for k in (1, 3, 7):
            ranking = search(query, k)
            assert len(ranking) <= k
            assert len(set(ranking.ids)) == len(ranking)


def test_the_ordering_rule_holds(search, queries):
    for query in queries:
        ranking = search(query, 100)
        assert ranking == Ranking.of(ranking.ids, ranking.scores)


def test_twins_have_equal_scores_and_stand_by_id(search):
    ranking = search("24 V relay", 100)
    for id in ranking.ids:
        if not id.endswith("-twin"):
            assert ranking.score_of(id) == ranking.score_of(f"{id}-twin")
            assert ranking.ranks[f"{id}-twin"] == ranking.ranks[id] + 1


def test_a_small_k_is_the_top_of_a_large_one(search, queries):
    for query in queries:
        ranking = search(query, 100)
        for k in (1, 2, 5, 9):
            assert search(query, k).ids == ranking.ids[:k]


def test_k_beyond_the_corpus_is_the_corpus(search, twins):
    assert len(search("relay", 10_000)) <= len(twins.documents)
    assert search("relay", 10_000) == search("relay", 1_000)


def test_a_query_that_nothing_knows_finds_nothing(search):
    assert search("xyzzy plugh", 10) == Ranking()


def test_the_same_query_gives_the_same_ranking(search):
    assert search("water in the cabinet", 10) == search("water in the cabinet", 10)
