"""Exact search and HNSW."""

import numpy as np
import pytest

from retrieval.dense import HNSW, Graph, exact_search
from retrieval.errors import BadSetting, IndexCorrupted
from retrieval.types import unit_rows


@pytest.fixture(scope="module")
def vectors():
    return unit_rows(np.random.default_rng(0).normal(size=(500, 24)).astype(np.float32))


def test_exact_equals_a_full_sort(vectors):
    query = vectors[7]
    rows, scores = exact_search(vectors, query, 20)
    expected = sorted(range(500), key=lambda row: (-float(vectors[row] @ query), row))[:20]
    assert rows.tolist() == expected
    assert scores[0] == pytest.approx(1.0)


def test_equal_vectors_are_ordered_by_row():
    same = np.tile(unit_rows(np.ones((1, 4), np.float32)), (5, 1))
    assert exact_search(same, same[0], 3)[0].tolist() == [0, 1, 2]


def test_a_query_without_a_vector_finds_nothing(vectors):
    assert len(exact_search(vectors, np.zeros(24, np.float32), 5)[0]) == 0
    assert len(exact_search(np.zeros((0, 24), np.float32), vectors[0], 5)[0]) == 0


def test_graph_with_a_wide_search_equals_exact(vectors, tmp_path):
    setting = HNSW(m=16, ef_construction=200, ef_search=500)
    Graph.build(vectors, setting, tmp_path)
    graph = Graph.load(tmp_path, 24, 500)
    rows, scores = graph.search(vectors, vectors[3], 10, setting)
    exact_rows, exact_scores = exact_search(vectors, vectors[3], 10)
    assert rows.tolist() == exact_rows.tolist()
    assert scores == pytest.approx(exact_scores)
    assert graph.recall(vectors, vectors[:50], 10, setting) == 1.0


def test_a_narrow_graph_loses_recall_and_the_number_says_so(tmp_path):
    many = unit_rows(np.random.default_rng(1).normal(size=(3000, 48)).astype(np.float32))
    narrow = HNSW(m=2, ef_construction=5, ef_search=1)
    Graph.build(many, narrow, tmp_path)
    graph = Graph.load(tmp_path, 48, 3000)
    recall = graph.recall(many, many[:100], 10, narrow)
    wide = graph.recall(many, many[:100], 10, HNSW(m=2, ef_construction=5, ef_search=1000))
    assert recall < wide < 1.0001
    assert recall < 0.9


def test_k_beyond_the_corpus_and_one_vector(tmp_path):
    one = unit_rows(np.ones((1, 4), np.float32))
    Graph.build(one, HNSW(), tmp_path)
    graph = Graph.load(tmp_path, 4, 1)
    assert graph.search(one, one[0], 100, HNSW())[0].tolist() == [0]
    assert exact_search(one, one[0], 100)[0].tolist() == [0]


def test_a_broken_graph_file_is_named(tmp_path):
    (tmp_path / Graph.FILE).write_bytes(b"not a graph")
    with pytest.raises(IndexCorrupted, match="cannot be read"):
        Graph.load(tmp_path, 4, 1)


@pytest.mark.parametrize("wrong", [{"m": 1}, {"ef_construction": 0}, {"ef_search": 0}])
def test_settings_are_guarded(wrong):
    with pytest.raises(BadSetting, match="must"):
        HNSW(**wrong)
