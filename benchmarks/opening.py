"""A corpus of 100,000 chunks: how long its index takes to open, and how much memory the app takes that searches it.

    python benchmarks/opening.py                       the time of opening, in processes that have loaded the model
    python benchmarks/opening.py --app                 and the app's memory after searches; needs Playwright and a Chromium

The texts are recombined from those of the sample corpora (or `--collection FOLDER`). Their vectors and token vectors are random,
since nobody wants to wait for an hour of embedding; they have the model's shape and go the way that real ones go.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import numpy as np
from browsing import chromium
from tables import HEADER, contents, documents, parser, row

from retrieval import Corpus, CorpusStore, Document, Engine, Pipeline, Workspace
from retrieval.building import build
from retrieval.chunks import content_hash
from retrieval.cli.serving import served
from retrieval.embedders import Batch
from retrieval.embedding import store_home
from retrieval.types import Tokens, unit_rows
from retrieval.vectors import VectorStore

DIMENSIONS, VOCABULARY, TOKENS, BATCH = 384, 30_522, 100, 500
QUERIES = ("which relay may be hosed down", "retention of invoices", "partition leader election", "24 V power supply", "holiday")


def texts(count: int, sources: list[str]) -> list[Document]:
    """Documents of about 100 words, recombined from the sentences of `sources`."""
    chosen = random.Random(0)
    sentences = [sentence for source in sources for sentence in source.split(". ") if len(sentence.split()) > 4]
    made = []
    for number in range(count):
        words: list[str] = []
        while len(words) < 100:
            words += chosen.choice(sentences).split()
        made.append(Document(f"d{number:06d}", " ".join(words), f"Note {number}"))
    return made


def fill(store: Path, items: list[Document]) -> None:
    """Random vectors and token vectors for the contents of `items`."""
    numbers = np.random.default_rng(0)
    keep = VectorStore(store, DIMENSIONS, VOCABULARY)
    for start in range(0, len(items), BATCH):
        hashes = [content_hash(f"{item.title} {item.text}") for item in items[start : start + BATCH]]
        size = len(hashes)
        vectors = unit_rows(numbers.standard_normal((size, DIMENSIONS), dtype=np.float32))
        token_vectors = unit_rows(numbers.standard_normal((size * TOKENS, DIMENSIONS), dtype=np.float32))
        ids = numbers.integers(0, VOCABULARY, size * TOKENS).astype(np.int32)
        keep.add(hashes, Batch(np.arange(size), vectors, Tokens(token_vectors, ids, np.full(size, TOKENS))))
    keep.close()


def prepare(home: Path, options: argparse.Namespace) -> str:
    """A stored corpus with a built index; its key."""
    store = CorpusStore(home)
    key = store.create("Large").key
    items = texts(options.chunks, contents(documents(options.collection)))
    store.add(key, items)
    fill(store_home(home, key, Pipeline().embedder) / "0", items)
    build(key, Pipeline(), home)
    return key


def opening(home: Path, key: str) -> float:
    """Seconds from the key to an engine that has answered a query, the model being loaded."""
    store = CorpusStore(home)
    started = perf_counter()
    corpus: Corpus = store.corpus(key)
    engine = Engine.open(corpus, Pipeline(), Workspace(home))
    seconds = perf_counter() - started
    assert isinstance(engine.indexes.embedding.vectors, np.memmap)
    return seconds


def in_a_process(home: Path, key: str) -> float:
    """`opening` in a process of its own."""
    command = [sys.executable, __file__, "--open", str(home), key]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def app_memory(home: Path) -> dict[str, float]:
    """Megabytes of the app's process after some searches: resident, and of these anonymous and mapped from files."""
    with chromium() as browser, served({"PLAYGROUND_HOME": str(home), "HF_HUB_OFFLINE": "1"}) as app:
        page = browser.new_page()
        for query in QUERIES:
            page.goto(f"{app.address}/?{urlencode({'corpus': 'Large', 'q': query})}")
            page.get_by_text("on the critical path").wait_for(timeout=180_000)
            page.wait_for_timeout(1500)
        status = dict(line.split(":", 1) for line in Path(f"/proc/{app.pid}/status").read_text().splitlines())
        return {name: int(status[name].split()[0]) / 1000 for name in ("VmRSS", "RssAnon", "RssFile")}


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--chunks", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--app", action="store_true")
    arguments.add_argument("--open", nargs=2, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.open:
        Pipeline().embedder.load(Path(options.open[0]))
        print(opening(Path(options.open[0]), options.open[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        key = prepare(home, options)
        print(HEADER)
        seconds = median(in_a_process(home, key) for _ in range(options.rounds))
        words = f"opening {options.chunks:,} chunks from disk, vectors memory-mapped"
        print(row(words, f"{seconds:.2f} s", "", None, "< 2 s", seconds < 2), flush=True)
        if options.app:
            memory = app_memory(home)
            parts = f"{memory['RssAnon']:,.0f} its own, {memory['RssFile']:,.0f} mapped files"
            words = f"memory of the app after {len(QUERIES)} searches over them ({parts})"
            print(row(words, f"{memory['VmRSS']:,.0f} MB", "", None, "< 1,500 MB", memory["VmRSS"] < 1500))


if __name__ == "__main__":
    main()
