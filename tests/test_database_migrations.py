"""Migrations: what was stored is carried over, once, whole or not at all, and after a backup."""

import subprocess
import sys

import pytest
from sqlalchemy import inspect, text

from retrieval.corpora import CorpusStore
from retrieval.database import SCHEMA, Migration, latest_backup, migrations, open_database, writing
from retrieval.errors import DatabaseUnavailable
from retrieval.experiments import ExperimentStore, PipelineStore
from retrieval.judging import JudgmentStore, QuerySets, Verdict
from retrieval.pipeline import Pipeline
from retrieval.types import Query
from tests.databases import GRADES, ROOT, asked, first_version

VERDICTS = """
SELECT s.corpus, q.query_id, v.document_id, v.grade, v.rater, v.at
FROM verdicts v JOIN queries q ON q.id = v.query JOIN query_sets s ON s.id = q.query_set_id ORDER BY v.id
"""
QUERIES = """
SELECT s.corpus, q.query_id, q.text, q.category, q.note, q.source, q.held_out, q.added
FROM queries q JOIN query_sets s ON s.id = q.query_set_id ORDER BY q.id
"""


def rows(engine, statement):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def first(database_home, monkeypatch):
    """A home with a database of version 1 that holds grades, on both databases."""
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "SCHEMA", SCHEMA[:1])
        engine = open_database(database_home)
    names = ("corpus", "query_id", "document_id", "grade", "rater", "at")
    with writing(engine) as connection:
        values = ", ".join(f":{name}" for name in names)
        added = text(f"INSERT INTO judgments ({', '.join(names)}) VALUES ({values})")
        connection.execute(added, [dict(zip(names, grade, strict=True)) for grade in GRADES])
    engine.dispose()
    return database_home


def test_versions_count_up_from_one():
    assert [step.version for step in SCHEMA] == list(range(1, len(SCHEMA) + 1))


def test_grades_become_verdicts_in_their_order(first):
    engine = open_database(first)
    assert rows(engine, VERDICTS) == list(GRADES)
    assert rows(engine, "SELECT DISTINCT start, cant_tell, note FROM verdicts") == [(None, False, "")]
    assert not inspect(engine).has_table("judgments")


def test_queries_that_were_judged_become_queries_of_a_set_by_corpus(first):
    engine = open_database(first)
    assert rows(engine, QUERIES) == [
        ("shop", "q2", "", "", "", "", False, "2026-01-01T10:00:00+00:00"),
        ("port", "q1", "", "", "", "", False, "2026-01-01T11:00:00+00:00"),
        ("shop", "q1", "", "", "", "", False, "2026-01-02T10:00:00+00:00"),
    ]
    sets = rows(engine, "SELECT corpus, name, rule, shipped, created FROM query_sets ORDER BY id")
    assert sets == [
        ("shop", "Judgments", "latest", "", "2026-01-01T10:00:00+00:00"),
        ("port", "Judgments", "latest", "", "2026-01-01T11:00:00+00:00"),
    ]
    keys = [key for (key,) in rows(engine, "SELECT key FROM query_sets")]
    assert len(set(keys)) == 2
    assert {key[:10] for key in keys} == {"judgments-"}
    assert [len(words) > 100 for (words,) in rows(engine, "SELECT guidelines FROM query_sets")] == [True, True]


def test_a_file_that_the_first_version_left_is_taken_over(home):
    first_version(home)
    engine = open_database(home)
    assert rows(engine, VERDICTS) == list(GRADES)
    assert [record.name for record in CorpusStore(home).records()] == ["Shop"]
    assert rows(engine, "PRAGMA user_version") == [(SCHEMA[-1].version,)]
    backup = latest_backup(home)
    assert backup.name.startswith("playground-v1-")
    assert asked(backup, "SELECT corpus, query_id, document_id, grade, rater, at FROM judgments ORDER BY id") == list(GRADES)


@pytest.mark.parametrize("kept", ["judgments", "corpora"])
@pytest.mark.parametrize("version", [0, 1])
def test_a_file_with_the_tables_of_one_store_alone_is_taken_over(home, kept, version):
    file = first_version(home)
    dropped = ("corpora", "deleted_corpora") if kept == "judgments" else ("judgments",)
    for statement in (*(f"DROP TABLE {name}" for name in dropped), f"PRAGMA user_version = {version}"):
        asked(file, statement)
    engine = open_database(home)
    assert rows(engine, VERDICTS) == (list(GRADES) if kept == "judgments" else [])
    assert len(CorpusStore(home).records()) == (0 if kept == "judgments" else 1)


def test_what_is_up_to_date_or_new_is_not_backed_up(database_home):
    open_database(database_home)
    open_database(database_home)
    assert latest_backup(database_home) is None
    assert not (database_home / "backups").exists()


def breaking(connection):
    connection.execute(text("CREATE TABLE half (id INTEGER)"))
    connection.execute(text("DELETE FROM judgments"))
    connection.execute(text("INSERT INTO nowhere VALUES (1)"))


def test_a_migration_that_fails_leaves_the_old_state(first, monkeypatch):
    monkeypatch.setattr(migrations, "SCHEMA", (SCHEMA[0], Migration(2, "Breaks", breaking)))
    with pytest.raises(
        DatabaseUnavailable, match=r"could not be brought to the schema version 2 .*nowhere[^\n]*\), nothing was changed"
    ):
        open_database(first)
    monkeypatch.setattr(migrations, "SCHEMA", SCHEMA[:1])
    engine = open_database(first)
    assert len(rows(engine, "SELECT * FROM judgments")) == len(GRADES)
    assert not inspect(engine).has_table("half")


def test_a_process_that_dies_while_it_migrates_leaves_the_old_state(home):
    file = first_version(home)
    code = f"""
import os, signal
from pathlib import Path
from retrieval.database import Migration, SCHEMA, migrations, open_database
die = Migration(len(SCHEMA) + 1, "Dies", lambda connection: os.kill(os.getpid(), signal.SIGKILL))
migrations.SCHEMA = (*SCHEMA, die)
open_database(Path({str(home)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT)
    assert done.returncode == -9
    assert asked(file, "SELECT count(*) FROM judgments") == [(len(GRADES),)]
    assert rows(open_database(home), VERDICTS) == list(GRADES)


def stored_in(home):
    """What the stores of the second version give: corpora, query sets, their queries and verdicts."""
    sets, judgments = QuerySets(home), JudgmentStore(home)
    records = sets.records()
    return (
        CorpusStore(home).records(),
        records,
        [sets.queries(record.key) for record in records],
        [judgments.history(record.key) for record in records],
    )


@pytest.fixture
def second(database_home, monkeypatch):
    """A home with a database of version 2 in use, on both databases, and what is in it."""
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "SCHEMA", SCHEMA[:2])
        CorpusStore(database_home).create("Shop")
        sets, judgments = QuerySets(database_home), JudgmentStore(database_home)
        for name in ("Head", "Tail"):
            key = sets.create("shop", name, [Query("q1", "24 V relay", "numeric", held_out=True), Query("q2", "pump")]).key
            judgments.give(key, [Verdict("q1", "d1", 2, rater="ann"), Verdict("q2", "d2", None, True, 0, 4)])
        before = stored_in(database_home)
    return database_home, before


def test_experiments_come_beside_what_was_there(second):
    home, before = second
    assert ExperimentStore(home).records() == PipelineStore(home).records() == ()
    assert stored_in(home) == before
    assert [len(part) for part in before] == [1, 2, 2, 2]
    PipelineStore(home).save("Fast", Pipeline())
    assert [record.name for record in PipelineStore(home).records()] == ["Fast"]


def test_a_file_is_backed_up_before_experiments_come(home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "SCHEMA", SCHEMA[:2])
        QuerySets(home).create("shop", "Head")
        assert latest_backup(home) is None
    ExperimentStore(home)
    backup = latest_backup(home)
    assert backup.name.startswith("playground-v2-")
    assert asked(backup, "SELECT name FROM query_sets") == [("Head",)]
    assert asked(backup, "SELECT count(*) FROM sqlite_master WHERE name = 'experiments'") == [(0,)]


def test_the_next_version_is_reached_from_any_earlier_one(first, monkeypatch):
    def more(connection):
        connection.execute(text("CREATE TABLE more (id INTEGER)"))

    monkeypatch.setattr(migrations, "SCHEMA", (*SCHEMA, Migration(len(SCHEMA) + 1, "A table more", more)))
    engine = open_database(first)
    assert inspect(engine).has_table("more")
    assert rows(engine, VERDICTS) == list(GRADES)
    open_database(first)


def test_a_database_of_a_later_app_is_refused_and_left(database_home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "SCHEMA", (*SCHEMA, Migration(SCHEMA[-1].version + 1, "Later", lambda connection: None)))
        open_database(database_home).dispose()
    newest = SCHEMA[-1].version
    sentence = rf"has the schema version {newest + 1}, this app knows {newest}; update the app; .*backup"
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable, match=sentence):
            open_database(database_home)


def test_processes_that_open_at_once_migrate_once(first):
    code = "import sys; from pathlib import Path; from retrieval.database import open_database; print('ready', flush=True);"
    code += "sys.stdin.readline(); open_database(Path(sys.argv[1]))"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT}
    processes = [subprocess.Popen([sys.executable, "-W", "error", "-c", code, str(first)], **pipes) for _ in range(3)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in processes] == [""] * 3
    assert rows(open_database(first), VERDICTS) == list(GRADES)
    backups = first / "backups"
    assert len(list(backups.glob("playground-*.db"))) == (1 if backups.exists() else 0)
