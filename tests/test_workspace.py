"""Parts on disk: whole or not at all, checked, and rebuilt where damaged."""

import json
import os
import re
import threading
import time

import pytest

from retrieval.errors import IndexCorrupted
from retrieval.workspace import MANIFEST, Part, Workspace, check, folder_name, read_manifest, write_whole

ABC = Part("corpus", "kind", "settings", "abc")


def write(text):
    return lambda folder: (folder / "data.txt").write_text(text)


def read(folder):
    return (folder / "data.txt").read_text()


def test_a_part_is_built_once_and_then_read(tmp_path):
    built = []
    for _ in range(2):
        workspace = Workspace(tmp_path)
        value = workspace.part(ABC, lambda folder: (built.append(1), write("hello")(folder)), read)
        assert value == "hello"
    assert built == [1]


def test_the_same_part_is_loaded_from_memory(tmp_path):
    workspace = Workspace(tmp_path)
    first = workspace.part(ABC, write("x"), lambda folder: object())
    assert workspace.part(ABC, write("x"), lambda folder: object()) is first


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "manifest"])
def test_a_damaged_part_is_built_again(tmp_path, damage):
    Workspace(tmp_path).part(ABC, write("hello"), read)
    folder = tmp_path / "indexes" / ABC.path
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
    assert Workspace(tmp_path).part(ABC, write("anew"), read) == "anew"
    check(folder)


def test_a_failed_build_leaves_nothing(tmp_path):
    def fail(folder):
        (folder / "half.txt").write_text("half")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_whole(tmp_path / "indexes" / ABC.path, fail)
    assert list((tmp_path / "indexes" / ABC.corpus).iterdir()) == []


def test_a_folder_without_manifest_does_not_exist(tmp_path):
    folder = tmp_path / "indexes" / ABC.path
    folder.mkdir(parents=True)
    (folder / "data.txt").write_text("half")
    workspace = Workspace(tmp_path)
    assert not workspace.has(ABC)
    assert workspace.part(ABC, write("whole"), read) == "whole"
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
        results.append(workspace.part(ABC, build, read))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (built, results) == ([1], ["x", "x"])


def test_the_earlier_version_of_a_part_is_the_newest_other_one(tmp_path):
    workspace = Workspace(tmp_path)
    parts = [Part("corpus", "kind", settings, version) for settings, version in (("a", "1"), ("a", "2"), ("b", "3"))]
    assert workspace.earlier(ABC) is None
    for at, part in enumerate(parts):
        workspace.part(part, write(part.version), read)
        os.utime(workspace.folder(part) / MANIFEST, ns=(at, at))
    assert workspace.earlier(Part("corpus", "kind", "a", "4")) == workspace.folder(parts[1])
    assert workspace.earlier(parts[1]) == workspace.folder(parts[0])
    assert workspace.earlier(Part("other", "kind", "a", "4")) is None


def test_sweeping_keeps_the_versions_that_are_named(tmp_path):
    workspace = Workspace(tmp_path)
    for version in ("1", "2", "3"):
        workspace.part(Part("corpus", "kind", "a", version), write(version), read)
    workspace.sweep("corpus", {"2", "3"})
    assert sorted(path.name for path in (tmp_path / "indexes" / "corpus").glob("kind-*")) == ["kind-a-2", "kind-a-3"]


def test_what_a_killed_builder_left_is_swept_by_the_next(tmp_path):
    stale = tmp_path / "indexes" / ABC.corpus / ".making-abc"
    stale.mkdir(parents=True)
    (stale / "half.npy").write_text("half")
    Workspace(tmp_path).part(ABC, write("whole"), read)
    assert not stale.exists()


def test_the_manifest_says_how_long_it_took(tmp_path):
    Workspace(tmp_path).part(ABC, lambda folder: (time.sleep(0.05), write("x")(folder)), read)
    assert 0.05 <= read_manifest(tmp_path / "indexes" / ABC.path)["seconds"] < 5


@pytest.mark.parametrize("key", ["../up", "a/b", "", ".hidden", "with space", "x" * 101])
def test_keys_that_are_no_names_are_digested(key):
    assert re.fullmatch(r"[0-9a-f]{16}", folder_name(key))
    assert folder_name("parts-catalogue") == "parts-catalogue"
