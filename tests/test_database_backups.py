"""Backups: consistent while others write, whole or not there, the last ten of them."""

import re
import sqlite3
import threading
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import text

from retrieval.database import back_up, backups, faults, latest_backup, open_database, writing
from retrieval.database.migrations import SCHEMA
from retrieval.errors import BadInput, DatabaseUnavailable
from tests.databases import asked, bound, first_version

ADD = text("INSERT INTO deleted_corpora VALUES (:key, :at)")


def names(home):
    return sorted(path.name for path in (home / "backups").iterdir() if path.name != ".lock")


def fill(home, rows=2000):
    engine = open_database(home)
    with writing(engine) as connection:
        connection.execute(ADD, [{"key": f"{at:06d}", "at": "x" * 500} for at in range(rows)])
    engine.dispose()
    return home / "playground.db"


def test_a_backup_is_one_file_that_holds_everything(home, tmp_path):
    fill(home)
    backup = back_up(home)
    assert re.fullmatch(rf"playground-v{len(SCHEMA)}-\d{{8}}T\d{{6}}Z\.db", backup.name)
    assert backup == latest_backup(home)
    assert names(home) == [backup.name]
    restored = tmp_path / "restored"
    restored.mkdir()
    (restored / "playground.db").write_bytes(backup.read_bytes())
    with open_database(restored).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM deleted_corpora")).scalar_one() == 2000


def test_what_is_written_meanwhile_is_in_a_backup_whole_or_not_at_all(home):
    engine, stop = open_database(home), threading.Event()

    def write():
        at = 0
        while not stop.is_set():
            with writing(engine) as connection:
                connection.execute(ADD, [{"key": f"{at}-{half}", "at": "x" * 3000} for half in "ab"])
            at += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        counts = [asked(back_up(home), "SELECT count(*) FROM deleted_corpora")[0][0] for _ in range(8)]
    finally:
        stop.set()
        thread.join()
    assert [count % 2 for count in counts] == [0] * 8
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_the_last_ten_are_kept(home):
    fill(home, 1)
    (home / "backups").mkdir()
    old = [f"playground-v{version}-2026010{day}T000000Z.db" for day, version in enumerate((10, 9, 1, 2, 1, 1, 1), start=1)]
    for name in (*old, "playground-v1-20260101T000000Z-2.db", "mine.db", "playground-of-ann.db"):
        (home / "backups" / name).write_bytes(b"")
    made = [back_up(home).name for _ in range(4)]
    assert len(set(made)) == 4
    assert latest_backup(home).name == made[-1]
    assert set(names(home)) == {*old[1:], *made, "mine.db", "playground-of-ann.db"}


def test_equal_moments_get_numbers_in_their_order(home, monkeypatch):
    fill(home, 1)

    class Clock:
        @staticmethod
        def now(zone):
            return datetime(2026, 11, 24, 23, 15, tzinfo=zone)

    monkeypatch.setattr(backups, "datetime", Clock)
    made = [back_up(home).name for _ in range(12)]
    stem = f"playground-v{len(SCHEMA)}-20261124T231500Z"
    assert made == [f"{stem}.db", *(f"{stem}-{number}.db" for number in range(2, 13))]
    assert latest_backup(home).name == f"{stem}-12.db"
    assert set(names(home)) == set(made[2:])


def test_nothing_stored_is_nothing_to_back_up(home):
    with pytest.raises(BadInput, match=r"there is no .*playground\.db; there is nothing to back up before something is stored"):
        back_up(home)
    assert latest_backup(home) is None
    assert not home.exists()


def test_a_server_is_backed_up_by_its_operator(home, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_DATABASE_URL", "postgresql://ann:s3cret@db.example:5433/judging")
    with pytest.raises(
        BadInput, match=r"the PostgreSQL database 'judging' on db.example:5433 is backed up by its operator"
    ) as caught:
        back_up(home)
    assert "s3cret" not in str(caught.value)
    (home / "backups").mkdir(parents=True)
    (home / "backups" / "playground-v1-20260101T000000Z.db").write_bytes(b"of the file that was used before")
    assert latest_backup(home) is None


@pytest.mark.parametrize("damage", ["page", "file"])
def test_a_damaged_database_takes_the_place_of_no_backup(home, damage):
    file = fill(home)
    good = back_up(home)
    content = bytearray(file.read_bytes())
    content[20_480:24_576] = b"\xa5" * 4096
    file.write_bytes(b"no database, but long enough to look like one" * 99 if damage == "file" else content)
    with pytest.raises(DatabaseUnavailable, match=rf"playground\.db is damaged .* the last backup is .*{good.name}"):
        back_up(home)
    assert names(home) == [good.name]


def test_a_backup_that_does_not_fit_is_not_there(home):
    file = fill(home)
    before = file.read_bytes()
    code = """
import resource, sys
from pathlib import Path
from retrieval.database import back_up
from retrieval.errors import DatabaseUnavailable
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
try:
    back_up(Path(sys.argv[1]))
except DatabaseUnavailable as error:
    print(error)
"""
    said = bound(code, home)
    assert re.search(
        r"playground\.db was left as it is, because it could not be backed up \(disk I/O error\); make space in", said
    )
    assert names(home) == []
    assert file.read_bytes() == before


def test_a_database_that_stays_locked_is_not_waited_for_forever(home, monkeypatch):
    file = fill(home, 1)
    monkeypatch.setattr(faults, "PATIENCE", 0.2)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseUnavailable, match=r"because it could not be backed up \(database is locked\)"):
            back_up(home)
    assert names(home) == []


def test_what_a_killed_backup_left_is_swept(home):
    fill(home, 1)
    (home / "backups" / ".making-abc").mkdir(parents=True)
    (home / "backups" / ".making-abc" / "copy.db").write_bytes(b"half")
    assert names(home) == [".making-abc"]
    assert names(home) != [back_up(home).name]
    assert names(home) == [latest_backup(home).name]


def test_nothing_is_migrated_that_cannot_be_backed_up(home):
    file = first_version(home)
    (home / "backups").write_text("a file where the folder would be")
    with pytest.raises(DatabaseUnavailable, match=r"was left as it is, because it could not be backed up \(File exists\)"):
        open_database(home)
    assert asked(file, "PRAGMA user_version") == [(1,)]
    (home / "backups").unlink()
    open_database(home)
    assert asked(file, "PRAGMA user_version") == [(len(SCHEMA),)]
