"""Saving and loading the sparse index, and what happens to damaged files."""

import json

import numpy as np
import pytest

from retrieval.errors import IndexCorrupted
from retrieval.sparse import BM25Okapi, SparseIndex

DOCUMENTS = [["a", "b", "b"], [], ["b", "line\nbreak", "\ud800"], ["c"] * 5, ["a"], ["d"]]


@pytest.fixture
def folder(tmp_path):
    SparseIndex.build(DOCUMENTS).save(tmp_path / "index")
    return tmp_path / "index"


@pytest.mark.parametrize("documents", [DOCUMENTS, [], [[]]], ids=["some", "none", "wordless"])
def test_save_then_load_is_identity(tmp_path, documents):
    index = SparseIndex.build(documents)
    index.save(tmp_path)
    loaded = SparseIndex.load(tmp_path)
    assert loaded.vocabulary == index.vocabulary
    for name, table in index.lists.tables().items():
        other = loaded.lists.tables()[name]
        assert table.dtype == other.dtype
        assert table.tolist() == other.tolist()
        assert not other.flags.writeable
    for part in zip(index.search(["b", "a"], 9, BM25Okapi()), loaded.search(["b", "a"], 9, BM25Okapi()), strict=True):
        assert part[0].tolist() == part[1].tolist()


def test_nothing_is_pickled(folder):
    for path in folder.glob("*.npy"):
        np.load(path, allow_pickle=False)
    assert json.loads((folder / "terms.json").read_text())[0] == "a"


@pytest.mark.parametrize("name", ["rows.npy", "starts.npy", "stairs.npy", "lengths.npy", "terms.json"])
def test_a_missing_or_cut_file_is_reported(folder, name):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(IndexCorrupted, match=rf"{name} of the sparse index cannot be read .*; build the index again"):
        SparseIndex.load(folder)
    (folder / name).unlink()
    with pytest.raises(IndexCorrupted, match=rf"{name} of the sparse index cannot be read"):
        SparseIndex.load(folder)


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("rows", lambda t: t + 100, "a posting names a row or a pair"),
        ("rows", lambda t: t - 100, "a posting names a row or a pair"),
        ("rows", lambda t: t[::-1], "a posting names a row or a pair"),
        ("codes", lambda t: t + np.uint16(50), "a posting names a row or a pair"),
        ("codes", lambda t: t[:-1], "differ in length"),
        ("pair_tf", lambda t: t[:-1], "differ in length"),
        ("starts", lambda t: t[::-1], "starts does not divide its table among 6 terms"),
        ("stair_starts", lambda t: t[:-1], "stair_starts does not divide"),
        ("stairs", lambda t: t + np.uint16(50), "stairs names a pair"),
        ("lengths", lambda t: t[:2], "a posting names a row"),
        ("rows", lambda t: t.astype(np.float64), "holds float64"),
        ("codes", lambda t: t.reshape(-1, 1), r"holds uint16 \(\d+, 1\), not a list"),
    ],
)
def test_tables_that_do_not_fit_are_refused(folder, name, change, message):
    table = np.load(folder / f"{name}.npy")
    np.save(folder / f"{name}.npy", change(table))
    with pytest.raises(IndexCorrupted, match=message):
        SparseIndex.load(folder)


@pytest.mark.parametrize("terms", ['{"a": 1}', '["a", 2]', '["a", "a"]'])
def test_a_vocabulary_that_is_none_is_refused(folder, terms):
    (folder / "terms.json").write_text(terms)
    with pytest.raises(IndexCorrupted, match="is not a list of different terms"):
        SparseIndex.load(folder)


def test_a_pickle_is_not_loaded(folder):
    np.save(folder / "rows.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(IndexCorrupted, match=r"rows\.npy of the sparse index cannot be read"):
        SparseIndex.load(folder)
