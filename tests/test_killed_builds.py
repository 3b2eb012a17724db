"""kill -9 at any moment: what is in use stays whole, and what was embedded is not embedded again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval.corpora import CorpusStore
from retrieval.engine import Engine
from retrieval.jobs import Job, Jobs
from retrieval.types import Document
from retrieval.vectors import journal
from retrieval.workspace import MANIFEST, Workspace, check
from tests.slow_build import PIPELINE, prepare

ROOT = Path(__file__).resolve().parents[1]
KILLS = 20
WORDS = "crane hook wire drum brake cabin ladder berth tide pilot anchor winch grab rail bogie motor cable".split()  # noqa: SIM905


@pytest.fixture(autouse=True)
def _slow(monkeypatch):
    from retrieval import vectors
    from retrieval.embedders import EMBEDDERS
    from retrieval.rerankers import tokens

    monkeypatch.setitem(EMBEDDERS, "slow", type(PIPELINE.embedder))
    for module, name in ((vectors, "CHECKPOINT_SECONDS"), (vectors, "PCA_SAMPLE"), (tokens, "PCA_SAMPLE")):
        monkeypatch.setattr(module, name, getattr(module, name))
    prepare()


def documents(first, count):
    chosen = random.Random(first)
    numbers = range(first, first + count)
    return [Document(f"d{number:04d}", " ".join(chosen.choices(WORDS, k=12)), f"Note {number}") for number in numbers]


def embedded(home):
    return sum(len(journal(path.parent)) for path in home.glob("vectors/*/*/*/journal"))


def rankings(engine):
    return [engine.search(query).rankings for query in ("crane brake", "tide pilot anchor", "grab")]


def test_twenty_kills(home, tmp_path):
    store = CorpusStore(home)
    key = store.create("Harbour").key
    store.add(key, documents(0, 30))
    work = build(home, key)
    used = store.record(key).used
    assert used == store.record(key).latest
    moments, count, killed, kept = random.Random(0), 30, 0, 0
    while killed < KILLS:
        if store.record(key).used == store.record(key).latest:
            store.add(key, documents(count, 40))
            count += 40
        before = embedded(home)
        process = started(home, key)
        time.sleep(moments.uniform(0.0, work))
        process.kill()
        process.wait()
        state, record = Jobs(home).status(key).state, store.record(key)
        killed += state == "killed"
        kept += state == "killed" and embedded(home) > before
        assert record.used in (used, record.latest)
        assert embedded(home) >= before
        assert state == "killed" or (state, record.used) == ("done", record.latest)
        used = record.used
        corpus = store.corpus(key, used)
        whole = Engine.open(corpus, PIPELINE, Workspace(home))
        assert rankings(whole) == rankings(Engine.open(corpus, PIPELINE, Workspace(tmp_path / "from nothing")))
        for manifest in home.glob(f"indexes/{key}/[!.]*/{MANIFEST}"):
            check(manifest.parent)
    build(home, key)
    assert store.record(key).used == store.record(key).latest
    assert embedded(home) == count  # nothing twice, nothing lost
    assert kept > 0  # what a killed build had embedded was there for the next one
    assert not list(home.glob("indexes/*/.making-*"))


def started(home, key):
    """A build that has just begun, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "tests.slow_build", str(home), key], cwd=ROOT)
    jobs = Jobs(home)
    while process.poll() is None and (jobs.status(key) or Job(key, "")).pid != process.pid:
        time.sleep(0.005)
    return process


def build(home, key):
    """Seconds of a build that is left alone."""
    process = started(home, key)
    began = time.monotonic()
    assert process.wait() == 0
    return time.monotonic() - began
