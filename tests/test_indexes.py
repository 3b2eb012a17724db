"""Which part of an index depends on what, and that damaged parts are built again."""

import numpy as np
import pytest

from retrieval.chunking import FixedSize
from retrieval.dense import HNSW
from retrieval.embedders import LSA, SentenceTransformerModel, encode
from retrieval.engine import Engine
from retrieval.errors import ModelUnavailable
from retrieval.fusion import ZScoreSum
from retrieval.indexes import built, index_key
from retrieval.rerankers import NoReranker
from retrieval.sparse import BM25Lucene
from retrieval.text import Analyser
from retrieval.types import Corpus, Document
from retrieval.workspace import Workspace, write_whole


def parts(workspace):
    return {path.name for path in workspace.indexes.glob("*/*-*")}


def kinds(names):
    return sorted(name.partition("-")[0] for name in names)


@pytest.mark.parametrize(
    "change",
    [
        {"bm25": BM25Lucene(2.0, 0.1)},
        {"fusion": ZScoreSum()},
        {"reranker": NoReranker()},
        {"weight": 0.1, "candidates": 5, "rerank_count": 20, "blend": 1.0, "results": 3},
    ],
    ids=["bm25", "fusion", "reranker", "numbers"],
)
def test_live_settings_leave_the_key_alone(corpus, pipeline, engine, change):
    assert index_key(corpus, pipeline.with_(**change)) == index_key(corpus, pipeline)
    assert engine.fits(pipeline.with_(**change))


@pytest.mark.parametrize(
    "change",
    [{"chunker": FixedSize()}, {"embedder": LSA(7)}, {"analyser": Analyser("none")}, {"dense": HNSW()}],
    ids=["chunker", "embedder", "analyser", "graph"],
)
def test_other_settings_change_the_key(corpus, pipeline, engine, change):
    assert index_key(corpus, pipeline.with_(**change)) != index_key(corpus, pipeline)
    assert not engine.fits(pipeline.with_(**change))


def test_the_width_of_the_graph_search_is_live_and_the_graph_is_not(corpus, pipeline):
    key = index_key(corpus, pipeline.with_(dense=HNSW()))
    assert index_key(corpus, pipeline.with_(dense=HNSW(ef_search=7))) == key
    assert index_key(corpus, pipeline.with_(dense=HNSW(m=7))) != key
    assert index_key(corpus, pipeline.with_(dense=HNSW(ef_construction=7))) != key


def test_the_key_changes_with_the_corpus(corpus, pipeline):
    assert index_key(Corpus("small", corpus.documents[:-1]), pipeline) != index_key(corpus, pipeline)


def test_only_the_parts_that_a_change_touches_are_built(corpus, pipeline, tmp_path):
    workspace = Workspace(tmp_path)
    steps = []
    before = set()
    for change, expected in [
        ({}, ["chunks", "dense", "sparse"]),
        ({"analyser": Analyser("none")}, ["sparse"]),
        ({"embedder": LSA(4)}, ["dense"]),
        ({"dense": HNSW()}, ["graph"]),
        ({"dense": HNSW(m=5)}, ["graph"]),
        ({"dense": HNSW(ef_search=5)}, []),
        ({"chunker": FixedSize(8, 2)}, ["chunks", "dense", "sparse"]),
        ({"weight": 0.9}, []),
    ]:
        assert built(corpus, pipeline.with_(**change), workspace) == (not expected)
        Engine.open(corpus, pipeline.with_(**change), workspace, lambda sentence, share: steps.append((sentence, share)))
        assert kinds(parts(workspace) - before) == expected, change
        assert bool(steps) == bool(expected)
        assert all(0.0 <= share <= 1.0 for _, share in steps)
        steps.clear()
        before = parts(workspace)


def test_chunks_are_in_id_order_and_rows_follow_them(pipeline, tmp_path):
    documents = tuple(Document(id, f"text {id} " + "relay pump water " * 4, f"title {id}") for id in ("b", "a", "c"))
    split_small = pipeline.with_(chunker=FixedSize(8, 1))
    indexes = Engine.open(Corpus("x", documents), split_small, Workspace(tmp_path)).indexes
    chunks, embedding = indexes.chunks, indexes.embedding
    assert [chunk.id for chunk in chunks] == sorted(chunk.id for chunk in chunks)
    assert {chunk.document_id for chunk in chunks} == {"a", "b", "c"}
    expected = encode(embedding.embedder, [chunk.content for chunk in chunks], "document")
    assert np.array_equal(embedding.vectors, expected)
    assert embedding.tokens.lengths.tolist() == [len(chunk.content.split()) for chunk in chunks]


def damage(path, how):
    data = path.read_bytes()
    path.unlink()
    if how == "flip":
        path.write_bytes(data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :])
    elif how == "cut":
        path.write_bytes(data[:-1])
    elif how == "other":
        path.write_bytes(b"not what it was")


@pytest.mark.parametrize("how", ["flip", "cut", "gone", "other"])
@pytest.mark.parametrize(
    "file",
    [
        "dense/vectors.npy",
        "dense/tokens.int8",
        "dense/terms.npy",
        "chunks/spans.npy",
        "chunks/ids.json",
        "graph/graph.hnsw",
        "sparse/rows.npy",
        "sparse/terms.json",
    ],
)
def test_a_damaged_file_is_built_again(corpus, pipeline, tmp_path, file, how):
    approximate = pipeline.with_(dense=HNSW())
    expected = Engine.open(corpus, approximate, Workspace(tmp_path)).search("24 V relay").rankings
    kind, _, name = file.partition("/")
    path = next((tmp_path / "indexes").glob(f"*/{kind}-*/{name}"))
    healthy = path.read_bytes()
    damage(path, how)
    assert Engine.open(corpus, approximate, Workspace(tmp_path)).search("24 V relay").rankings == expected
    assert path.read_bytes() == healthy


def test_vectors_of_another_count_are_built_again(corpus, pipeline, tmp_path):
    Engine.open(corpus, pipeline, Workspace(tmp_path))
    folder = next((tmp_path / "indexes").glob("*/dense-*"))
    contents = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}

    def forge(making):
        for name, data in contents.items():
            (making / name).write_bytes(data)
        np.save(making / "vectors.npy", np.zeros((1, 8), np.float32))

    write_whole(folder, forge)
    assert len(Engine.open(corpus, pipeline, Workspace(tmp_path)).indexes.embedding.vectors) == len(corpus.documents)


def test_a_model_that_cannot_be_had_leaves_nothing_behind(corpus, pipeline, tmp_path):
    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        Engine.open(corpus, pipeline.with_(embedder=SentenceTransformerModel("nobody/no-such-model")), Workspace(tmp_path))
    assert not [name for name in parts(Workspace(tmp_path)) if name.startswith(("dense", ".making"))]
