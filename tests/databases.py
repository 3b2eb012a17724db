"""What the tests of the database share: a file of the first version, the place of PostgreSQL, processes with fewer rights."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
VERSION_1 = """
CREATE TABLE corpora (
    "key" VARCHAR NOT NULL, name VARCHAR NOT NULL, latest VARCHAR NOT NULL, collection VARCHAR NOT NULL, used VARCHAR NOT NULL,
    settings VARCHAR NOT NULL, documents INTEGER NOT NULL, created VARCHAR NOT NULL, updated VARCHAR NOT NULL,
    PRIMARY KEY ("key"), UNIQUE (name)
);
CREATE TABLE deleted_corpora ("key" VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE judgments (
    id INTEGER NOT NULL, corpus VARCHAR NOT NULL, query_id VARCHAR NOT NULL, document_id VARCHAR NOT NULL, grade INTEGER,
    rater VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_judgments_corpus ON judgments (corpus);
PRAGMA user_version = 1;
"""
GRADES = (
    ("shop", "q2", "d1", 3, "ann", "2026-01-01T10:00:00+00:00"),
    ("port", "q1", "d1", 1, "", "2026-01-01T11:00:00+00:00"),
    ("shop", "q1", "d2", 0, "bob", "2026-01-02T10:00:00+00:00"),
    ("shop", "q2", "d1", 2, "bob", "2026-01-03T10:00:00+00:00"),
    ("shop", "q2", "d1", None, "ann", "2026-01-04T10:00:00+00:00"),
)


def first_version(home, grades=GRADES):
    """The file that the app of version 1 left behind, in WAL mode and closed."""
    home.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(home / "playground.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(VERSION_1)
        rows = "INSERT INTO judgments (corpus, query_id, document_id, grade, rater, at) VALUES (?, ?, ?, ?, ?, ?)"
        connection.executemany(rows, grades)
        connection.execute("INSERT INTO corpora VALUES ('shop-1a2b', 'Shop', '', '', '', '', 0, 'then', 'then')")
        connection.commit()
    return home / "playground.db"


def asked(path, statement):
    """The rows that a statement gives of an SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def bound(code, *arguments):
    """What a process says that has no more rights than its files' modes give: root is not above them there."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root is above all modes of files, and there is no setpriv to take that away")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    return done.stdout.strip()
