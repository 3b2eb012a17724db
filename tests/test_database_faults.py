"""Faults of the database: each is a sentence that says where the last backup is, and nothing stored is overwritten."""

import os
import re
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import event, text

from retrieval.corpora import CorpusStore
from retrieval.database import back_up, faults, open_database, writing
from retrieval.errors import DatabaseUnavailable
from tests.databases import bound

USE = """
import sys
from pathlib import Path
from retrieval.corpora import CorpusStore
from retrieval.errors import PlaygroundError
try:
    store = CorpusStore(Path(sys.argv[1]))
    print(len(store.records()), "read")
    {first}
    for at in range(2000):
        store.create(f"{{at:090d}}")
except PlaygroundError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def file(home):
    """The file of a database of 500 corpora, closed."""
    store = CorpusStore(home)
    row = "INSERT INTO corpora VALUES (:key, :name, '', '', '', '', 0, '', '')"
    with writing(store._engine) as connection:
        connection.execute(text(row), [{"key": str(at), "name": f"Corpus {at} " + "x" * 80} for at in range(500)])
    store._engine.dispose()
    return home / "playground.db"


@pytest.fixture(params=[False, True], ids=["without a backup", "with a backup"])
def advice(request, file):
    """How the sentence ends."""
    return f"the last backup is {back_up(file.parent)}" if request.param else "there is no backup yet"


def spoil(file):
    """Overwrite the pages behind those of the tables' roots: the corpora."""
    content = bytearray(file.read_bytes())
    assert len(content) > 100_000
    content[-60_000:] = b"\xa5" * 60_000
    file.write_bytes(content)


def refused(what, call, file, advice, same=True):
    """`call` raises the one sentence and the file stays as it was."""
    before = file.read_bytes()
    with pytest.raises(DatabaseUnavailable, match=what) as caught:
        call()
    assert str(caught.value).startswith(f"{file} ")
    assert str(caught.value).endswith(f"; {advice}")
    assert file.read_bytes() == before or not same


@pytest.mark.parametrize("content", [b"this is not a database, and it is long enough" * 99, b"short", b"\0" * 5000])
def test_what_is_no_database_is_refused(file, advice, content):
    file.write_bytes(content)
    refused(r"is damaged and was left as it is \(file is not a database\)", lambda: open_database(file.parent), file, advice)


def test_damaged_pages_are_found_when_it_is_opened(file, advice):
    spoil(file)
    refused("is damaged and was left as it is .*; move it away and put", lambda: open_database(file.parent), file, advice)


def test_damaged_pages_are_found_when_they_are_read(file, advice):
    store = CorpusStore(file.parent)
    store._engine.dispose()
    spoil(file)
    sentence = r"is damaged and was left as it is \(database disk image is malformed\)"
    refused(sentence, store.records, file, advice)
    refused(sentence, lambda: store.delete("250"), file, advice)


def test_text_that_is_none_is_damage(file, advice):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE corpora SET settings = CAST(x'ff' AS TEXT) WHERE key = '7'")
        connection.commit()
    store = CorpusStore(file.parent)
    with pytest.raises(DatabaseUnavailable, match=r"is damaged and was left as it is \(Could not decode to UTF-8.*backup"):
        store.record("7")


def test_a_file_that_lost_its_end_is_refused(file, advice):
    file.write_bytes(file.read_bytes()[:30_000])
    refused("is damaged and was left as it is", lambda: open_database(file.parent), file, advice)


def test_a_folder_in_the_place_of_the_file_is_refused(home):
    (home / "playground.db").mkdir(parents=True)
    with pytest.raises(
        DatabaseUnavailable, match=r"cannot be opened \(unable to open database file\); let this user read and write"
    ):
        open_database(home)


def test_a_home_that_cannot_be_made_is_refused(home):
    home.write_text("a file")
    with pytest.raises(DatabaseUnavailable, match=r"cannot be made \(File exists\); choose another folder by PLAYGROUND_HOME"):
        open_database(home)


def test_a_read_only_file_is_read_and_not_written(file, advice):
    file.chmod(0o444)
    read, said = bound(USE.format(first=""), file.parent).splitlines()
    assert read == "500 read"
    assert said == (
        f"DatabaseUnavailable {file} cannot be written, nothing was changed (attempt to write a readonly database);"
        f" let this user write the file and its folder; {advice}"
    )


def test_a_read_only_folder_is_refused(file, advice):
    file.parent.chmod(0o555)
    try:
        said = bound(USE.format(first=""), file.parent)
    finally:
        file.parent.chmod(0o755)
    assert said.startswith(f"DatabaseUnavailable {file} cannot be ")
    assert said.endswith(f"; {advice}")


def test_a_home_in_a_read_only_folder_is_refused(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o555)
    said = bound(USE.format(first=""), tmp_path / "locked" / "home")
    assert said.startswith(f"DatabaseUnavailable {tmp_path}/locked/home/playground.db cannot be made (Permission denied); choose")


def test_a_full_disk_stores_what_was_told_and_no_more(file, advice):
    store = CorpusStore(file.parent)
    pages = 4 + os.stat(file).st_size // 4096

    @event.listens_for(store._engine, "connect")
    def limit(connection, _):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    store._engine.dispose()
    made = []

    def fill():
        for at in range(2000):
            made.append(store.create(f"{at:090d}").name)

    sentence = r"cannot grow, nothing was changed \(database or disk is full\); free some space on its disk, then try again"
    refused(sentence, fill, file, advice, same=False)
    assert {record.name for record in CorpusStore(file.parent).records()} >= set(made)
    assert len(CorpusStore(file.parent).records()) == 500 + len(made)
    assert made != []


def test_a_file_that_may_not_grow_stores_what_was_told_and_no_more(file, advice):
    first = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))"
    _, said = bound(USE.format(first=first), file.parent).splitlines()
    assert re.search(
        r"playground\.db cannot be read or written, nothing was changed \(disk I/O error\); look after its disk", said
    )
    assert said.endswith(f"; {advice}")
    names = [record.name for record in CorpusStore(file.parent).records()]
    made = [name for name in names if name.startswith("000")]
    assert made == [f"{at:090d}" for at in range(len(made))]
    assert len(names) == 500 + len(made)
    assert made != []


def test_whoever_waits_too_long_for_a_writer_is_told(database_home, monkeypatch):
    monkeypatch.setattr(faults, "PATIENCE", 0.2)
    holder, store = open_database(database_home), CorpusStore(database_home)
    with (
        writing(holder),
        pytest.raises(DatabaseUnavailable, match=r"is kept locked by another process, nothing was changed .*backup"),
    ):
        store.create("Late")
    assert store.records() == ()
    assert store.create("Late").name == "Late"


def test_a_file_that_another_program_locks_is_refused(file, advice, monkeypatch):
    monkeypatch.setattr(faults, "PATIENCE", 0.2)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        sentence = r"is kept locked by another process, nothing was changed \(database is locked\); wait for that process"
        refused(sentence, lambda: open_database(file.parent), file, advice)


def test_a_mistake_of_the_app_is_no_fault_of_the_database(database_home):
    engine = open_database(database_home)
    with pytest.raises(Exception, match="nowhere") as caught, engine.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    assert not isinstance(caught.value, DatabaseUnavailable)
