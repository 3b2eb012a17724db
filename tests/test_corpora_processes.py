"""The store between processes: killed at any moment nothing is half done, and two who add at once lose nothing."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval.corpora import CorpusStore
from retrieval.types import Document

ROOT = Path(__file__).resolve().parents[1]
OPEN = """
import itertools, sys
from pathlib import Path
from retrieval.corpora import CorpusStore
from retrieval.types import Document, Judgment, Query

store, key = CorpusStore(Path(sys.argv[1])), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
"""
GENERATIONS = """
for generation in itertools.count(1):
    words = f"generation {generation}"
    documents = [Document(f"d{at}", f"{words}, document {at}", words) for at in range(20)]
    store.add(key, documents, [Query("q", words)], {"test": [Judgment("q", "d0", generation % 4)]})
    store.adopt(key, store.record(key).latest, words)
    print(generation, flush=True)
"""
ONE_BY_ONE = """
for at in range(8):
    store.add(key, [Document(f"{sys.argv[3]}-{at}", "x" * at)], [Query(f"{sys.argv[3]}-{at}", "x")])
"""
KILLS = 12


@pytest.fixture
def start(database_home):
    """Starts a process that opens the store and then waits for a line."""
    processes = []

    def started(code, *arguments):
        command = [sys.executable, "-W", "error", "-c", OPEN + code, str(database_home), *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
        processes.append(process)
        return process

    yield started
    for process in processes:
        process.kill()
        process.communicate()


def go(processes):
    """Let processes run once all are ready."""
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * len(processes)
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def generation_of(store, key):
    """Which generation is stored, after a look that nothing of another one is mixed into it."""
    collection, record = store.collection(key), store.record(key)
    (query,) = collection.queries
    words = query.text
    documents = {document.title for document in collection.documents}
    assert documents == {words}
    assert collection.judgments["test"][0].grade == int(words.split()[1]) % 4
    assert store.corpus(key).fingerprint == record.latest
    used, _ = store.in_use(key)
    assert used.fingerprint in (record.used, record.latest)
    return int(words.split()[1])


def test_a_killed_process_leaves_the_old_state_or_the_new_one(database_home, start):
    store, chance = CorpusStore(database_home), random.Random(4)
    reached = []
    for at in range(KILLS):
        key = store.create(f"Corpus {at}").key
        process = start(GENERATIONS, key)
        go([process])
        told = [int(process.stdout.readline()) for _ in range(1 + at % 3)]
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        last = [*told, *map(int, process.communicate()[0].split())][-1]
        found = generation_of(store, key)
        assert found in (last, last + 1)
        CorpusStore(database_home).sweep()
        assert generation_of(store, key) == found
        record = store.record(key)
        names = {path.name for path in (database_home / "corpora" / key).iterdir()}
        assert names == {record.latest, record.used, "collection"}
        assert store.add(key, [Document("after", "still writable")]).added == 1
        reached.append(found)
    assert len(set(reached)) > 1


def test_processes_that_add_at_once_lose_nothing(database_home, start):
    key = CorpusStore(database_home).create("Shared").key
    processes = [start(ONE_BY_ONE, key, name) for name in "abc"]
    go(processes)
    assert [process.communicate()[1] for process in processes] == [""] * 3
    collection = CorpusStore(database_home).collection(key)
    everything = {f"{name}-{at}" for name in "abc" for at in range(8)}
    assert {document.id for document in collection.documents} == everything
    assert {query.id for query in collection.queries} == everything
    assert CorpusStore(database_home).record(key).documents == 24
