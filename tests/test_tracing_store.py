"""The file of traces: shared, bounded, and never in the way of an evaluation when it is damaged."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from retrieval.engine import Engine
from retrieval.tracing import Kept, TraceStore, trace, traces_key
from retrieval.types import STAGES, Query

QUERIES = (Query("q0", "24 V relay"), Query("q1", "pump"))
TEXTS = tuple(query.text for query in QUERIES)


@pytest.fixture
def store(home):
    return TraceStore(home)


def piece(number=0.0, size=2):
    """A trace that holds `number`; it takes 12 bytes for each result of each stage."""
    noise = np.random.default_rng(0).random((4, size))
    noise[0, 0] = number
    return Kept({stage: (np.arange(size), row) for stage, row in zip(STAGES, noise, strict=True)}, np.zeros((1, 5)), 0.0)


def number_of(kept):
    return kept.hits["dense"][1][0]


def texts_in(store, pipeline, texts=TEXTS):
    return sorted(store.read("c", pipeline, texts))


def change(store, statement, *values):
    with closing(sqlite3.connect(store.file("c"))) as connection, connection:
        return connection.execute(statement, values).fetchall()


def test_what_is_written_is_read_by_corpus_pipeline_and_text(store):
    store.write("c", "one", {"pump": piece(1), "relay": piece(2)})
    store.write("c", "two", {"pump": piece(3)})
    store.write("d", "one", {"pump": piece(4)})
    found = store.read("c", "one", ("pump", "relay", "rail"))
    assert {text: number_of(kept) for text, kept in found.items()} == {"pump": 1, "relay": 2}
    assert number_of(store.read("c", "two", ("pump",))["pump"]) == 3
    assert number_of(store.read("d", "one", ("pump",))["pump"]) == 4
    assert store.read("e", "one", ("pump",)) == {}
    assert store.notes == []


def test_what_is_written_again_takes_the_earlier_place(store):
    store.write("c", "one", {"pump": piece(1)})
    store.write("c", "one", {"pump": piece(2)})
    assert number_of(store.read("c", "one", ("pump",))["pump"]) == 2
    assert change(store, "SELECT count(*) FROM pieces") == [(1,)]


def test_a_corpus_whose_key_cannot_be_a_file_has_a_place_too(store, home):
    store.write("../../etc", "one", {"pump": piece(1)})
    assert list(store.read("../../etc", "one", ("pump",))) == ["pump"]
    assert {path.parent.parent for path in home.rglob("pieces.db")} == {home / "pieces"}


def test_a_damaged_trace_is_missing_and_the_others_stay(engine, store):
    key = traces_key(engine, engine.pipeline)
    before = trace(engine, QUERIES, store).rankings("reranked")
    with closing(sqlite3.connect(store.file("small"))) as connection, connection:
        blob = bytearray(connection.execute("SELECT content FROM pieces WHERE rowid = 1").fetchone()[0])
        blob[20] ^= 1
        connection.execute("UPDATE pieces SET content = ? WHERE rowid = 1", (bytes(blob),))
    assert list(store.read("small", key, TEXTS)) == ["pump"]
    assert trace(engine, QUERIES, store).rankings("reranked") == before
    assert sorted(store.read("small", key, TEXTS)) == sorted(TEXTS)


def overwrite(store):
    store.file("c").write_bytes(b"no database at all, only words " * 400)


def hole(store):
    """Zeros over all pages but the first, which names the tables."""
    size = store.file("c").stat().st_size
    with store.file("c").open("r+b") as file:
        file.seek(4096)
        file.write(bytes(size - 4096))


def foreign(store):
    store.file("c").unlink()
    change(store, "CREATE TABLE pieces (something TEXT)")


@pytest.mark.parametrize("damage", [overwrite, hole, foreign])
@pytest.mark.parametrize("reading", [True, False])
def test_a_damaged_file_is_set_aside_with_a_sentence(store, damage, reading):
    store.write("c", "one", {f"query {at}": piece(at, 500) for at in range(20)})
    damage(store)
    if reading:
        assert store.read("c", "one", ("query 1",)) == {}
    else:
        store.write("c", "one", {"pump": piece(1)})
    [note] = store.notes
    assert note.startswith(f"The finished work kept in {store.file('c')} was damaged (")
    assert note.endswith(") and is set aside; it is done again.")
    assert [path.name for path in store.file("c").parent.iterdir()] == ["pieces.damaged"]
    store.write("c", "one", {"pump": piece(2)})
    assert number_of(store.read("c", "one", ("pump",))["pump"]) == 2


def test_an_evaluation_goes_on_over_a_damaged_file(engine, store):
    expected = trace(engine, QUERIES, store).rankings("fused")
    store.file("small").write_bytes(b"nonsense" * 1000)
    traces = trace(engine, QUERIES, store)
    assert traces.rankings("fused") == expected
    assert "was damaged" in traces.notes[0]
    assert sorted(store.read("small", traces_key(engine, engine.pipeline), TEXTS)) == sorted(TEXTS)


def test_an_evaluation_goes_on_where_nothing_can_be_kept(engine, home):
    home.write_text("a file where the folder should be")
    traces = trace(engine, QUERIES, TraceStore(home))
    assert list(traces.rankings("fused")) == ["q0", "q1"]
    [note] = traces.notes
    assert note.startswith(f"Finished work cannot be kept in {home / 'pieces' / 'small' / 'pieces.db'} (")
    assert note.endswith("make room there and allow writing, to save doing it again.")


def test_a_writer_who_waits_in_vain_says_so(store, monkeypatch):
    monkeypatch.setattr("retrieval.pieces.PATIENCE", 0.05)
    store.write("c", "one", {"pump": piece(1)})
    with closing(sqlite3.connect(store.file("c"))) as other:
        other.execute("BEGIN IMMEDIATE")
        store.write("c", "one", {"relay": piece(2)})
        assert "database is locked" in store.notes[0]
        assert number_of(store.read("c", "one", TEXTS)["pump"]) == 1  # readers do not wait
        other.rollback()
    store.write("c", "one", {"relay": piece(2)})
    assert texts_in(store, "one", ("pump", "relay")) == ["pump", "relay"]


def test_pipelines_used_longest_ago_go_first(home, monkeypatch):
    """Pieces of some 50 kB beside 20 kB of tables; four of them are above the limit, three are not."""
    store, hours = TraceStore(home, limit=200_000), count()
    monkeypatch.setattr("retrieval.pieces.time", SimpleNamespace(time=lambda: float(next(hours))))
    for name in ("one", "two", "three"):
        store.write("c", name, {"pump": piece(1, 1000)})
    assert [texts_in(store, name) for name in ("two", "three", "one")] == [["pump"]] * 3  # now one is the latest used
    store.write("c", "four", {"pump": piece(1, 1000)})
    assert [texts_in(store, name) for name in ("one", "two", "three", "four")] == [["pump"], [], ["pump"], ["pump"]]


def test_the_file_stays_bounded(home):
    store = TraceStore(home, limit=200_000)
    for at in range(40):
        store.write("c", f"pipeline {at}", {"pump": piece(at, 1000)})
    assert store.file("c").stat().st_size < 300_000
    assert texts_in(store, "pipeline 39") == ["pump"]
    assert len(change(store, "SELECT work FROM works")) == 3  # of 50 kB, beside 20 kB of tables


def test_what_is_being_kept_is_never_let_go(home):
    store = TraceStore(home, limit=1)
    store.write("c", "one", {"pump": piece(1)})
    store.write("c", "one", {"relay": piece(1)})
    assert texts_in(store, "one", ("pump", "relay")) == ["pump", "relay"]


def test_threads_share_a_store(engine, home):
    """Each half by its own thread over one engine; together they are the whole."""
    queries = [Query(f"q{at}", f"relay {at} rail") for at in range(24)]
    halves = [queries[::2], queries[1::2]]
    threads = [threading.Thread(target=trace, args=(engine, half, TraceStore(home))) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    key = traces_key(engine, engine.pipeline)
    store = TraceStore(home)
    assert len(store.read("small", key, [query.text for query in queries])) == 24
    assert store.notes == []


WRITER = """
import os, signal, sys
from pathlib import Path
from tests.test_tracing_store import piece
from retrieval.tracing import TraceStore
store = TraceStore(Path(sys.argv[1]))
for at in range(25):
    store.write("c", "one", {f"{sys.argv[2]} {at}": piece(at)})
assert not store.notes, store.notes
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_share_a_file_and_being_killed_loses_nothing(home):
    """Both begin at once on a file that is not there yet, and both die without closing anything."""
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    commands = [[sys.executable, "-c", WRITER, str(home), name] for name in ("one", "two")]
    children = [subprocess.Popen(command, env=environment) for command in commands]
    assert [child.wait(60) for child in children] == [-signal.SIGKILL] * 2
    texts = [f"{name} {at}" for name in ("one", "two") for at in range(25)]
    store = TraceStore(home)
    assert texts_in(store, "one", texts) == sorted(texts)
    assert store.notes == []


def test_a_kept_ranking_serves_another_engine_over_the_same_index(engine, store):
    trace(engine, QUERIES, store)
    other = Engine(engine.corpus, engine.pipeline, engine.indexes)
    other.search = None  # nothing to search with
    assert list(trace(other, QUERIES, store).rankings("dense")) == ["q0", "q1"]
