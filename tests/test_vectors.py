"""Vectors by content: found again after any end of the process, cut where a kill left half, and begun anew where outgrown."""

from __future__ import annotations

import os

import numpy as np
import pytest

from retrieval.chunks import content_hash
from retrieval.embedders import Batch
from retrieval.rerankers import tokens as token_module
from retrieval.types import Tokens, unit_rows
from retrieval.vectors import JOURNAL, RECORD, VECTORS, VectorStore, journal, read_shape, read_vectors, store_folder

WIDTH, WORDS = 8, 40


def batch(names, seed=0, tokens=3):
    """Random vectors and `tokens` token vectors for each name."""
    random = np.random.default_rng([seed, len(names)])
    rows = np.arange(len(names))
    vectors = unit_rows(random.normal(size=(len(names), WIDTH)).astype(np.float32))
    made = Tokens(
        unit_rows(random.normal(size=(len(names) * tokens, WIDTH)).astype(np.float32)),
        random.integers(0, WORDS, len(names) * tokens).astype(np.int32),
        np.full(len(names), tokens),
    )
    return [content_hash(name) for name in names], Batch(rows, vectors, made)


def known(folder):
    return [record.tobytes() for record in journal(folder)["hash"]]


def test_what_was_added_is_found_by_its_content(tmp_path):
    store = VectorStore(tmp_path, WIDTH, WORDS)
    (hashes, made), (others, more) = batch(["a", "b"]), batch(["c"], seed=1)
    store.add(hashes, made)
    store.add(others, more)
    store.close()
    assert known(tmp_path) == hashes + others
    assert journal(tmp_path)["start"].tolist() == [0, 3, 6]
    assert read_shape(tmp_path) == (WIDTH, WORDS)
    assert np.array_equal(read_vectors(tmp_path, np.array([2, 0]), WIDTH), np.stack([more.vectors[0], made.vectors[0]]))


def test_a_second_writer_goes_on_behind_the_first(tmp_path):
    for seed, names in enumerate((["a", "b"], ["c"], [])):
        store = VectorStore(tmp_path, WIDTH, WORDS)
        if names:
            store.add(*batch(names, seed))
        store.close()
    assert known(tmp_path) == [content_hash(name) for name in "abc"]
    assert journal(tmp_path)["start"].tolist() == [0, 3, 6]
    assert (tmp_path / VECTORS).stat().st_size == 3 * WIDTH * 4


@pytest.mark.parametrize("cut", range(0, RECORD.itemsize, 5))
def test_half_a_record_and_all_behind_it_is_cut_off(tmp_path, cut):
    store = VectorStore(tmp_path, WIDTH, WORDS)
    store.add(*batch(["a", "b"]))
    store.close()
    os.truncate(tmp_path / JOURNAL, RECORD.itemsize + cut)
    assert known(tmp_path) == [content_hash("a")]
    again = VectorStore(tmp_path, WIDTH, WORDS)
    hashes, made = batch(["c"], seed=1)
    again.add(hashes, made)
    again.close()
    assert known(tmp_path) == [content_hash("a"), *hashes]
    assert journal(tmp_path)["start"].tolist() == [0, 3]
    assert np.array_equal(read_vectors(tmp_path, np.array([1]), WIDTH), made.vectors)
    assert (tmp_path / "tokens.int8").stat().st_size == 6 * WIDTH


def test_a_journal_ahead_of_its_vectors_is_not_believed(tmp_path):
    store = VectorStore(tmp_path, WIDTH, WORDS)
    store.add(*batch(["a", "b"]))
    store.close()
    os.truncate(tmp_path / VECTORS, WIDTH * 4 + 1)
    assert known(tmp_path) == [content_hash("a")]


def test_an_embedder_without_token_vectors_is_noted(tmp_path):
    store = VectorStore(tmp_path, WIDTH, WORDS)
    hashes, made = batch(["a"])
    store.add(hashes, Batch(made.rows, made.vectors, None))
    store.close()
    assert journal(tmp_path)["length"].tolist() == [-1]


def test_the_journal_follows_while_the_writer_works(tmp_path, monkeypatch):
    monkeypatch.setattr("retrieval.vectors.CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(token_module, "PCA_SAMPLE", 6)
    store = VectorStore(tmp_path, WIDTH, WORDS)
    store.add(*batch(["a"]))
    assert known(tmp_path) == []  # the axes are not learned yet
    store.add(*batch(["b"], seed=1))
    assert known(tmp_path) == [content_hash("a"), content_hash("b")]
    store.close()


def test_a_store_learned_from_little_is_begun_anew_when_far_more_comes(tmp_path, monkeypatch):
    monkeypatch.setattr("retrieval.vectors.PCA_SAMPLE", 100)
    assert store_folder(tmp_path, ["a"], [content_hash("a")]) == (tmp_path / "0", set())
    store = VectorStore(tmp_path / "0", WIDTH, WORDS)
    hashes, made = batch(["a", "b"])  # six tokens
    store.add(hashes, made)
    store.close()
    little, much = "x" * 4 * 24, "x" * 4 * 25  # 24 tokens are four times six
    assert store_folder(tmp_path, [little], [content_hash(little)]) == (tmp_path / "0", set(hashes))
    assert store_folder(tmp_path, [much], [content_hash(much)]) == (tmp_path / "1", set())
    monkeypatch.setattr("retrieval.vectors.PCA_SAMPLE", 6)
    assert store_folder(tmp_path, [much], [content_hash(much)]) == (tmp_path / "0", set(hashes))
