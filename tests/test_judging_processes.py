"""Judging between processes: raters at once lose and double nothing, and a killed process had on disk what it acknowledged."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval.judging import JudgmentStore, QuerySets
from retrieval.types import Query
from tests.judging_worker import verdict

ROOT = Path(__file__).resolve().parents[1]
RATERS, EACH, KILLS = 8, 500, 50
PATIENCE = 300.0  # seconds for all raters together, on a machine that does much else


@pytest.fixture
def key(database_home):
    return QuerySets(database_home).create("shop", "Head", [Query(f"q{at}", "x") for at in range(10)]).key


@pytest.fixture
def start(database_home, key, tmp_path):
    """Starts a process that judges; gives its id and the file of what it acknowledged."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-W", "error", "-m", "tests.judging_worker"]
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as mother:

        def started(rater, count):
            file = tmp_path / rater
            order = {"home": str(database_home), "key": key, "rater": rater, "count": count, "acknowledged": str(file)}
            mother.stdin.write(json.dumps(order) + "\n")
            mother.stdin.flush()
            return int(mother.stdout.readline()), file

        yield started
        mother.stdin.close()
        assert mother.stderr.read() == ""


def wait_until(happened, what):
    """Look again and again, which takes little of the processor's time."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f"it took more than {PATIENCE:g} s until {what}")
        time.sleep(0.005)


def gone(process):
    """Whether a process has ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def wait_for(process):
    wait_until(lambda: gone(process), "a process ended")


def numbers(file):
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def stored(store, key):
    """The numbers of what is stored of each rater, after a look that every word is whole."""
    found = {}
    for word in store.history(key):
        number = int(word.note)
        assert (*word.place, word.grade) == (*verdict(number, word.rater).place, number % 4)
        found.setdefault(word.rater, []).append(number)
    return found


def test_raters_in_as_many_processes_lose_and_double_nothing(database_home, key, start):
    raters = [f"rater {at}" for at in range(RATERS)]
    for process, _ in [start(rater, EACH) for rater in raters]:
        wait_for(process)
    store = JudgmentStore(database_home)
    assert stored(store, key) == {rater: list(range(EACH)) for rater in raters}
    assert store.stats(key).verdicts == len(store.latest(key)) == RATERS * EACH


def test_what_a_killed_process_acknowledged_is_there(database_home, key, start):
    chance, store = random.Random(4), JudgmentStore(database_home)
    acknowledged = {}
    for at in range(KILLS):
        process, file = start(f"rater {at}", 1_000_000)
        if at % 10:  # every tenth is killed while it opens the database
            wait_until(lambda file=file: numbers(file), "a verdict was given")
        time.sleep(chance.uniform(0, 0.04))
        os.kill(process, signal.SIGKILL)
        wait_for(process)
        acknowledged[f"rater {at}"] = numbers(file)
    found = stored(store, key)
    for rater, given in acknowledged.items():
        kept = found.get(rater, [])
        assert kept[: len(given)] == given
        assert len(kept) <= len(given) + 1  # the one on disk that it had no time to acknowledge
    assert sum(map(len, acknowledged.values())) >= KILLS * 9 // 10
    print(f"{sum(map(len, acknowledged.values()))} acknowledged, {sum(map(len, found.values()))} stored")
