"""The database, in a file and on a server: what a transaction promises, and that all stores share it."""

import os
import sqlite3
import subprocess
import sys
import threading

import pytest
from sqlalchemy import inspect, text

from retrieval.corpora import CorpusStore
from retrieval.corpora.records import METADATA as OF_CORPORA
from retrieval.database import SCHEMA, exists, faults, open_database, writing
from retrieval.errors import BadInput
from retrieval.experiments.tables import METADATA as OF_EXPERIMENTS
from retrieval.judging.tables import METADATA as OF_JUDGING
from tests.databases import ROOT

OPEN = """
import sys
from pathlib import Path
from retrieval.database import open_database

print("ready", flush=True)
for line in sys.stdin:
    open_database(Path(line.strip()))
    print("open", flush=True)
"""
ADD = text("INSERT INTO deleted_corpora VALUES (:key, 'now')")
COUNT = text("SELECT count(*) FROM deleted_corpora")


def deleted(engine):
    with engine.connect() as connection:
        return connection.execute(COUNT).scalar_one()


def test_the_pragmas_are_in_force(home):
    with open_database(home / "deep").connect() as connection:
        names = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous", "user_version")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
    assert found == ["wal", 1, 30_000, 2, SCHEMA[-1].version]


def test_a_server_is_asked_to_wait_as_long_as_a_file(postgres, home, monkeypatch):
    with postgres.database() as url:
        monkeypatch.setenv("PLAYGROUND_DATABASE_URL", url)
        with open_database(home).connect() as connection:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "30s"


def test_a_failed_transaction_leaves_nothing(database_home):
    engine = open_database(database_home)

    def fail():
        with writing(engine) as connection:
            connection.execute(ADD, {"key": "a"})
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        fail()
    assert deleted(engine) == 0


def test_nothing_changes_between_the_reads_and_writes_of_a_transaction(database_home):
    engines = [open_database(database_home) for _ in range(4)]

    def count_up(engine):
        for _ in range(15):
            with writing(engine) as connection:
                connection.execute(ADD, {"key": str(connection.execute(COUNT).scalar_one())})

    threads = [threading.Thread(target=count_up, args=(engine,)) for engine in engines]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with engines[0].connect() as connection:
        keys = connection.scalars(text("SELECT key FROM deleted_corpora")).all()
    assert sorted(map(int, keys)) == list(range(60))


def test_readers_do_not_wait_for_a_writer(database_home, monkeypatch):
    monkeypatch.setattr(faults, "PATIENCE", 0.2)
    writer, reader = open_database(database_home), open_database(database_home)
    with writing(writer) as connection:
        connection.execute(ADD, {"key": "a"})
        assert deleted(reader) == 0
    assert deleted(reader) == 1


def test_the_migrations_make_the_tables_that_the_stores_use(database_home):
    tables = OF_CORPORA.tables | OF_JUDGING.tables | OF_EXPERIMENTS.tables
    inspector = inspect(open_database(database_home))
    assert set(inspector.get_table_names()) - {"playground_schema"} == set(tables)
    for name, table in tables.items():
        found = {column["name"]: column for column in inspector.get_columns(name)}
        assert list(found) == [column.name for column in table.columns]
        for column in table.columns:
            assert found[column.name]["nullable"] == column.nullable, f"{name}.{column.name}"
            assert found[column.name]["type"]._type_affinity is column.type._type_affinity, f"{name}.{column.name}"
        assert inspector.get_pk_constraint(name)["constrained_columns"] == [column.name for column in table.primary_key]
        keys = {(key["constrained_columns"][0], key["referred_table"]) for key in inspector.get_foreign_keys(name)}
        assert keys == {(key.parent.name, key.column.table.name) for key in table.foreign_keys}


def test_the_rows_of_a_query_set_go_with_it(database_home):
    engine = open_database(database_home)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO query_sets VALUES (1, 'k', 'c', 'n', '', 'latest', '', '')"))
        connection.execute(text("INSERT INTO queries VALUES (1, 1, 'q', '', '', '', '', false, '')"))
        connection.execute(text("INSERT INTO verdicts VALUES (1, 1, 'd', null, null, 2, false, '', '', '')"))
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM query_sets"))
        assert connection.execute(text("SELECT count(*) FROM verdicts")).scalar_one() == 0


@pytest.mark.parametrize("id", ["x" * 10_000, "".join(map(chr, range(0x4E00, 0x4E00 + 10_000)))], ids=["equal", "all different"])
def test_a_query_has_one_row_in_a_set_however_long_its_id(database_home, id):
    row = text("INSERT INTO queries (query_set_id, query_id, text, category, note, source, held_out, added)"
               " VALUES (1, :id, '', '', '', '', false, '')")  # fmt: skip
    engine = open_database(database_home)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO query_sets VALUES (1, 'k', 'c', 'n', '', 'latest', '', '')"))
        connection.execute(row, {"id": id})
        connection.execute(row, {"id": id[:-1]})

    def again():
        with writing(engine) as connection:
            connection.execute(row, {"id": id})

    with pytest.raises(Exception, match=r"UNIQUE constraint failed|duplicate key value violates unique constraint"):
        again()


@pytest.mark.parametrize("database_home", ["postgresql"], indirect=True)
def test_the_character_nul_is_refused_where_it_cannot_be_stored(database_home):
    store = CorpusStore(database_home)
    with pytest.raises(BadInput, match="a text holds the character NUL, which PostgreSQL cannot store; remove it"):
        store.record("a\0b")


def test_half_a_surrogate_pair_is_refused(database_home):
    store = CorpusStore(database_home)
    with pytest.raises(BadInput, match="a text holds half a surrogate pair, which cannot be stored; remove it"):
        store.record("a\ud800")


def test_a_home_has_a_database_once_it_was_opened(home, monkeypatch):
    assert not exists(home)
    open_database(home)
    assert exists(home)
    assert not exists(home / "other")
    monkeypatch.setenv("PLAYGROUND_DATABASE_URL", "postgresql://u@h/d")
    assert exists(home / "other")


def test_processes_that_open_a_new_home_at_once_all_get_it(database_home):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = [sys.executable, "-W", "error", "-c", OPEN]
    processes = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(3)]
    try:
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
        rounds = 1 if "PLAYGROUND_DATABASE_URL" in os.environ else 15
        for at in range(rounds):
            for process in processes:
                process.stdin.write(f"{database_home / str(at)}\n")
                process.stdin.flush()
            assert [process.stdout.readline() for process in processes] == ["open\n"] * 3
    finally:
        for process in processes:
            process.communicate()
    with open_database(database_home / "0").connect() as connection:
        assert connection.execute(COUNT).scalar_one() == 0


def test_a_file_that_is_not_in_wal_mode_yet_is_waited_for_while_another_writes(home):
    home.mkdir()
    writer = sqlite3.connect(home / "playground.db", isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("CREATE TABLE mine (id INTEGER)")
    timer = threading.Timer(0.5, lambda: writer.execute("COMMIT"))
    timer.start()
    with open_database(home).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert inspect(connection).has_table("mine")
    timer.join()
    writer.close()


def test_a_closed_database_is_one_file(home):
    engine = open_database(home)
    with writing(engine) as connection:
        connection.execute(ADD, {"key": "a"})
    engine.dispose()
    assert [path.name for path in home.iterdir()] == ["playground.db"]
    with sqlite3.connect(home / "playground.db") as connection:
        assert connection.execute("SELECT key FROM deleted_corpora").fetchall() == [("a",)]
    connection.close()
