"""The database file: pragmas in force, shared by all tables, refused in a sentence where it is none of ours."""

import sqlite3

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, inspect

from retrieval.corpora import CorpusStore
from retrieval.database import SCHEMA, open_database, writing
from retrieval.errors import BadInput
from retrieval.judging import JudgmentStore
from retrieval.types import Document

TABLES = MetaData()
THINGS = Table("things", TABLES, Column("id", Integer, primary_key=True))


def test_the_pragmas_are_in_force(tmp_path):
    with open_database(tmp_path / "deep" / "a.db", TABLES).connect() as connection:
        names = ("journal_mode", "foreign_keys", "busy_timeout", "user_version")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
    assert found == ["wal", 1, 30_000, SCHEMA]


def test_a_failed_transaction_leaves_nothing(tmp_path):
    engine = open_database(tmp_path / "a.db", TABLES)

    def fail():
        with writing(engine) as connection:
            connection.execute(THINGS.insert().values(id=1))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        fail()
    with engine.connect() as connection:
        assert connection.execute(THINGS.select()).all() == []


def test_one_file_holds_judgments_and_corpora(tmp_path):
    path = tmp_path / "playground.db"
    JudgmentStore(path).add("shop", "q", "d", 2)
    store = CorpusStore(tmp_path)
    store.add(store.create("Shop").key, [Document("d", "x")])
    assert JudgmentStore(path).latest("shop") == {("q", "d"): 2}
    assert set(inspect(open_database(path, TABLES)).get_table_names()) == {"corpora", "deleted_corpora", "judgments", "things"}


def test_a_file_of_before_the_versions_is_taken_over(tmp_path):
    path = tmp_path / "playground.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO things VALUES (7)")
    connection.close()
    with open_database(path, TABLES).connect() as connection:
        assert connection.execute(THINGS.select()).all() == [(7,)]
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == SCHEMA


def test_a_file_of_a_later_app_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    with pytest.raises(BadInput, match=rf"a\.db has the schema version {SCHEMA + 1}, this app knows {SCHEMA}; update the app"):
        open_database(tmp_path / "a.db", TABLES)


def test_what_is_no_database_is_refused(tmp_path):
    (tmp_path / "a.db").write_text("not a database, but long enough to have a header" * 10)
    with pytest.raises(BadInput, match=r"a\.db cannot be used as the app's database \(file is not a database\); repair"):
        open_database(tmp_path / "a.db", TABLES)
