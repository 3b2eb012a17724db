"""What an index costs, against sizes that can be worked out."""

from __future__ import annotations

import pytest

from retrieval.costs import Cost, disk_use, index_cost
from retrieval.dense import HNSW
from retrieval.embedding import duration
from retrieval.engine import Engine
from retrieval.indexes import parts_of
from retrieval.workspace import Workspace


@pytest.fixture
def opened(corpus, pipeline, tmp_path):
    graph = pipeline.with_(dense=HNSW())
    return Engine.open(corpus, graph, Workspace(tmp_path)), graph, Workspace(tmp_path)


def test_the_parts_of_an_index(opened, corpus):
    engine, pipeline, workspace = opened
    cost = index_cost(corpus, pipeline, workspace)
    parts = {part.part: part for part in cost.parts}
    assert list(parts) == ["text and chunks", "postings", "vectors", "token vectors", "graph"]
    assert cost.chunks == cost.embedded == len(corpus.documents)
    stored = engine.indexes.embedding
    assert parts["vectors"].disk == parts["vectors"].mapped == 12 * 8 * 4  # twelve documents, eight dimensions, float32
    tokens = int(stored.tokens.lengths.sum())
    vocabulary = 4 * stored.embedder.vocabulary_size
    assert parts["token vectors"].mapped == tokens * 8
    assert parts["token vectors"].disk == tokens * (8 + 2 + 2) + 2 * 8 * 12 + vocabulary
    assert parts["token vectors"].fixed == vocabulary
    folder = workspace.folder(parts_of(corpus, pipeline)["graph"])
    assert parts["graph"].disk == disk_use(folder)
    assert all(part.seconds > 0 for part in cost.parts if part.seconds is not None)
    assert parts["token vectors"].seconds is None


def test_more_chunks_cost_in_proportion_but_for_what_is_fixed():
    part = Cost("token vectors", 1_100, 600, 500, fixed=100, seconds=2.0)
    assert part.times(10) == Cost("token vectors", 10_100, 5_100, 5_000, 100, 20.0)


def test_the_projection_and_the_speed(opened, corpus):
    cost = index_cost(corpus, opened[1], opened[2])
    vectors = next(part for part in cost.at(1_000_000) if part.part == "vectors")
    assert vectors.disk == 1_000_000 * 8 * 4
    assert cost.texts_per_second == pytest.approx(12 / cost.embedding_seconds)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3_599, "59 min 59 s"), (7_500, "2 h 5 min"), (864_000, "10.0 days")],
)
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words
