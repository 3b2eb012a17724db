"""Parts on disk: whole or not at all, checked, and rebuilt where damaged."""

import json
import threading

import pytest

from retrieval.errors import IndexCorrupted
from retrieval.workspace import MANIFEST, Workspace, check, write_whole


def write(text):
    return lambda folder: (folder / "data.txt").write_text(text)


def read(folder):
    return (folder / "data.txt").read_text()


def test_a_part_is_built_once_and_then_read(tmp_path):
    built = []
    for _ in range(2):
        workspace = Workspace(tmp_path)
        value = workspace.part("kind", "abc", lambda folder: (built.append(1), write("hello")(folder)), read)
        assert value == "hello"
    assert built == [1]


def test_the_same_part_is_loaded_from_memory(tmp_path):
    workspace = Workspace(tmp_path)
    first = workspace.part("kind", "abc", write("x"), lambda folder: object())
    assert workspace.part("kind", "abc", write("x"), lambda folder: object()) is first


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "manifest"])
def test_a_damaged_part_is_built_again(tmp_path, damage):
    Workspace(tmp_path).part("kind", "abc", write("hello"), read)
    folder = tmp_path / "indexes" / "kind-abc"
    if damage == "flip":
        (folder / "data.txt").write_text("hellO")
    elif damage == "cut":
        (folder / "data.txt").write_text("hel")
    elif damage == "gone":
        (folder / "data.txt").unlink()
    else:
        (folder / MANIFEST).write_text("{")
    with pytest.raises(IndexCorrupted, match="built again"):
        check(folder)
    assert Workspace(tmp_path).part("kind", "abc", write("anew"), read) == "anew"
    check(folder)


def test_a_failed_build_leaves_nothing(tmp_path):
    def fail(folder):
        (folder / "half.txt").write_text("half")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_whole(tmp_path / "indexes" / "kind-abc", fail)
    assert list((tmp_path / "indexes").iterdir()) == []


def test_a_folder_without_manifest_does_not_exist(tmp_path):
    folder = tmp_path / "indexes" / "kind-abc"
    folder.mkdir(parents=True)
    (folder / "data.txt").write_text("half")
    workspace = Workspace(tmp_path)
    assert not workspace.has("kind", "abc")
    assert workspace.part("kind", "abc", write("whole"), read) == "whole"
    assert json.loads((folder / MANIFEST).read_text())["files"]["data.txt"]["size"] == 5


def test_two_threads_build_a_part_once(tmp_path):
    workspace = Workspace(tmp_path)
    built, results = [], []
    started = threading.Barrier(2)

    def build(folder):
        built.append(1)
        write("x")(folder)

    def ask():
        started.wait()
        results.append(workspace.part("kind", "abc", build, read))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (built, results) == ([1], ["x", "x"])
