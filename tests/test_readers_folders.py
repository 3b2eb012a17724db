from __future__ import annotations

import os

import pytest

from retrieval.errors import BadInput
from retrieval.readers.folders import allowed, files_below
from retrieval.readers.settings import Limits


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder that may be read, beside one that may not."""
    (tmp_path / "open" / "sub" / ".git").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    for name in ("open/b.txt", "open/sub/a.txt", "open/.hidden", "open/sub/.git/config", "secret/key.txt"):
        (tmp_path / name).write_text(name)
    monkeypatch.setenv("PLAYGROUND_FOLDERS", f"{tmp_path / 'open'}{os.pathsep}")
    return tmp_path / "open"


def test_files_come_with_their_names_below_the_folder_and_hidden_ones_do_not(root):
    assert allowed() == (root,)
    assert files_below(root) == [("b.txt", root / "b.txt"), ("sub/a.txt", root / "sub" / "a.txt")]
    assert [name for name, _ in files_below(root / "sub")] == ["a.txt"]


def test_nothing_is_read_where_nothing_is_allowed(root, monkeypatch):
    monkeypatch.delenv("PLAYGROUND_FOLDERS")
    with pytest.raises(BadInput, match="no folder of the server may be read; its operator can allow some in PLAYGROUND_FOLDERS"):
        files_below(root)


@pytest.mark.parametrize("path", ["../secret", "sub/../../secret", "..", "/etc", "../open-else"])
def test_a_folder_elsewhere_is_refused(root, path):
    (root.parent / "open-else").mkdir()
    with pytest.raises(BadInput, match=r"is not below an allowed folder \(.*open\); choose another"):
        files_below(root / path)


def test_a_folder_that_is_none_is_refused(root):
    with pytest.raises(BadInput, match="nowhere is not a folder"):
        files_below(root / "nowhere")


def test_links_out_are_refused_and_links_within_are_not(root):
    (root / "sub" / "again.txt").symlink_to(root / "b.txt")
    assert "sub/again.txt" in dict(files_below(root))
    (root / "out").symlink_to(root.parent / "secret")
    assert "out/key.txt" not in dict(files_below(root))
    with pytest.raises(BadInput, match="out is not below an allowed folder"):
        files_below(root / "out")
    (root / "key.txt").symlink_to(root.parent / "secret" / "key.txt")
    with pytest.raises(BadInput, match=r"key\.txt is a link to a file outside the allowed folders; remove it"):
        files_below(root)


def test_too_many_files_are_refused(root):
    with pytest.raises(BadInput, match="holds more than 1 files, which is the limit; read its folders one by one"):
        files_below(root, Limits(files=1))


def test_what_is_no_file_is_left_out(root):
    os.mkfifo(root / "pipe.txt")
    assert "pipe.txt" not in dict(files_below(root))


def test_a_name_that_is_no_utf8_is_made_readable(root):
    (root / "gr\udcfcn.txt").write_text("x")
    assert [name for name, _ in files_below(root)] == ["b.txt", "gr\ufffdn.txt", "sub/a.txt"]
