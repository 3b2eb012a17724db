"""Token vectors on disk: quantised within bounds, found by row, small enough, and MaxSim equal to brute force."""

import math

import numpy as np
import pytest

from retrieval.rerankers import tokens as module
from retrieval.rerankers.tokens import TokenFiles, TokenIndex, principal_axes, quantise, text_frequencies
from retrieval.types import Tokens, unit_rows

WORDS = 50
LIMIT = 24 * 1024  # bytes of a chunk of 150 tokens


def some_texts(lengths, width, seed=0):
    """Random unit token vectors and ids, a pair for each text."""
    random = np.random.default_rng(seed)
    return [
        (unit_rows(random.normal(size=(n, width)).astype(np.float32)), random.integers(0, WORDS, n).astype(np.int32))
        for n in lengths
    ]


def write(texts, folder, batches):
    files = TokenFiles(folder, WORDS)
    starts, lengths = np.zeros((2, len(texts)), np.int64)
    for rows in batches:
        vectors = np.concatenate([texts[row][0] for row in rows])
        ids = np.concatenate([texts[row][1] for row in rows])
        lengths[list(rows)] = [len(texts[row][1]) for row in rows]
        starts[list(rows)] = files.add(Tokens(vectors, ids, lengths[list(rows)]))
    files.close()
    return TokenIndex.load(folder, starts, lengths, text_frequencies(folder, starts, lengths, WORDS))


def brute_force(query, texts):
    return np.array([(query @ vectors.T).max(1) if len(vectors) else np.zeros(len(query)) for vectors, _ in texts])


def test_quantised_rows_are_within_half_a_step():
    vectors = unit_rows(np.random.default_rng(0).normal(size=(200, 64)).astype(np.float32))
    values, scales = quantise(vectors)
    assert (values.dtype, scales.dtype) == (np.int8, np.float16)
    error = np.abs(values * scales.astype(np.float32)[:, None] - vectors)
    assert (error <= 0.5001 * scales.astype(np.float32)[:, None]).all()


def test_a_zero_row_stays_zero():
    values, _ = quantise(np.zeros((1, 4), np.float32))
    assert values.tolist() == [[0, 0, 0, 0]]


def test_the_axes_are_orthonormal_and_hold_the_most():
    vectors = np.random.default_rng(0).normal(size=(300, 6)).astype(np.float32) * np.array([5, 1, 4, 1, 1, 1], np.float32)
    axes = principal_axes([vectors[:100], vectors[100:]], 2)
    assert axes.T @ axes == pytest.approx(np.eye(2), abs=1e-5)
    assert np.abs(axes).argmax(0).tolist() == [0, 2]


@pytest.mark.parametrize("batches", [[[0, 1, 2, 3, 4]], [[3], [0, 4], [2, 1]]], ids=["in order", "shuffled batches"])
def test_maxima_equal_brute_force_where_nothing_is_reduced(tmp_path, batches):
    texts = some_texts([3, 7, 0, 1, 12], 32)
    index = write(texts, tmp_path, batches)
    query = some_texts([4], 32, seed=1)[0][0]
    assert index.projection.shape == (32, 32)
    assert index.maxima(query, np.arange(5)) == pytest.approx(brute_force(query, texts), abs=1e-2)
    assert index.maxima(query, np.array([4, 0])) == pytest.approx(brute_force(query, texts)[[4, 0]], abs=1e-2)


def test_reduced_vectors_keep_what_the_axes_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "WIDTH", 8)
    flat = [(np.pad(vectors, ((0, 0), (0, 24))), ids) for vectors, ids in some_texts([5, 9], 8)]  # 8 of 32 dimensions in use
    index = write(flat, tmp_path, [[0, 1]])
    query = np.pad(some_texts([4], 8, seed=1)[0][0], ((0, 0), (0, 24)))
    assert index.vectors.shape == (14, 8)
    assert index.maxima(query, np.arange(2)) == pytest.approx(brute_force(query, flat), abs=1e-2)


def test_texts_after_the_sample_of_the_axes_are_written_too(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PCA_SAMPLE", 10)
    texts = some_texts([6, 6, 6, 6], 16)
    index = write(texts, tmp_path, [[1], [3], [0], [2]])
    query = some_texts([2], 16, seed=1)[0][0]
    assert index.maxima(query, np.arange(4)) == pytest.approx(brute_force(query, texts), abs=1e-2)


def test_texts_without_tokens_get_zeros(tmp_path):
    index = write(some_texts([0, 0], 16), tmp_path, [[0, 1]])
    query = some_texts([3], 16)[0][0]
    assert index.maxima(query, np.arange(2)).tolist() == [[0.0] * 3] * 2
    assert index.maxima(query, np.zeros(0, np.int64)).shape == (0, 3)
    assert index.maxima(query[:0], np.arange(2)).shape == (2, 0)


def test_idf_by_hand(tmp_path):
    """Word 7 stands in both texts (twice in one), word 8 in one, word 9 nowhere."""
    vectors = unit_rows(np.ones((3, 4), np.float32))
    texts = [(vectors, np.array([7, 7, 8], np.int32)), (vectors[:1], np.array([7], np.int32))]
    index = write(texts, tmp_path, [[0, 1]])
    expected = [math.log(1 + 0.5 / 2.5), math.log(1 + 1.5 / 1.5), math.log(1 + 2.5 / 0.5)]
    assert index.idf(np.array([7, 8, 9], np.int32)) == pytest.approx(expected)


def test_a_chunk_of_150_tokens_is_small(tmp_path):
    index = write(some_texts([150] * 20, 384), tmp_path, [range(20)])
    tables = index.starts.nbytes + index.lengths.nbytes
    assert (sum((tmp_path / name).stat().st_size for name in TokenFiles.NAMES) + tables) / 20 <= LIMIT
    assert (tmp_path / "tokens.int8").stat().st_size == 20 * 150 * module.WIDTH


def test_loading_again_gives_equal_tables(tmp_path):
    index = write(some_texts([3, 0, 5], 16), tmp_path, [[2, 0, 1]])
    again = TokenIndex.load(tmp_path, index.starts, index.lengths, index.frequencies)
    for name in ("vectors", "scales", "starts", "lengths", "frequencies", "projection"):
        assert np.array_equal(getattr(again, name), getattr(index, name)), name


def test_files_go_on_where_they_were_cut(tmp_path):
    """Six tokens count, two more lie behind them as after a kill: the files go on at the sixth, with the axes they had."""
    texts = some_texts([6, 2, 5], 16)
    first = TokenFiles(tmp_path, WORDS)
    first.add(Tokens(*texts[0], np.array([6])))
    first.settle()
    first.add(Tokens(*texts[1], np.array([2])))
    first.close()
    axes = (tmp_path / module.AXES).read_bytes()
    second = TokenFiles(tmp_path, WORDS, kept=6)
    assert second.add(Tokens(*texts[2], np.array([5]))).tolist() == [6]
    second.close()
    assert (tmp_path / module.AXES).read_bytes() == axes
    assert (tmp_path / "tokens.int8").stat().st_size == 11 * 16
    starts, lengths = np.array([0, 6]), np.array([6, 5])
    index = TokenIndex.load(tmp_path, starts, lengths, text_frequencies(tmp_path, starts, lengths, WORDS))
    query = some_texts([4], 16, seed=1)[0][0]
    assert index.maxima(query, np.arange(2)) == pytest.approx(brute_force(query, [texts[0], texts[2]]), abs=0.2)
    expected = np.bincount(np.concatenate([np.unique(texts[0][1]), np.unique(texts[2][1])]), minlength=WORDS)
    assert index.frequencies.tolist() == expected.tolist()


def test_token_ids_take_two_bytes_where_they_fit():
    assert (module.id_type(65_536), module.id_type(65_537)) == (np.uint16, np.int32)
