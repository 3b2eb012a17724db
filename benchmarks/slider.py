"""Moving the fusion weight over 5,000 chunks: the time in our code, with the steps of the first search kept and without.

    python benchmarks/slider.py                          the sample corpora's texts, repeated with a mark to 5,000 chunks
    python benchmarks/slider.py --collection FOLDER      the first 5,000 documents and some queries of a BEIR folder

The default pipeline, reranker on. Each query is searched once, then its weight goes through 100 values in random order. The
index is kept in PLAYGROUND_HOME, or else in the system's folder for temporary files, so that a second run starts at once.
"""

from __future__ import annotations

import os
import tempfile
from itertools import count
from pathlib import Path
from time import perf_counter

import numpy as np
from tables import HEADER, documents, p50_p95, parser, row

from retrieval import Corpus, Document, Engine, Finished, Pipeline, Trace, Workspace, corpora, read_beir

CHUNKS = 5_000
CARDS, WIDTH = 10, 180  # cards of each of the four columns, characters of a passage


def corpus(collection: Path | None) -> Corpus:
    """`CHUNKS` documents, marked repetitions where there are fewer."""
    found = documents(collection)
    repeated = (Document(f"{item.id}#{turn}", f"{item.text} ({turn})", item.title) for turn in count(1) for item in found)
    more = (next(repeated) for _ in range(CHUNKS - len(found)))
    return Corpus("slider", (*found[:CHUNKS], *more))


def queries(collection: Path | None, size: int) -> list[str]:
    """Queries spread over the whole set."""
    folders = [collection] if collection else list(corpora().values())
    texts = [query.text for folder in folders for query in read_beir(folder).queries]
    return texts[:: max(1, len(texts) // size)][:size]


def open_engine(items: Corpus) -> Engine:
    home = os.environ.get("PLAYGROUND_HOME") or Path(tempfile.gettempdir()) / "playground-benchmarks"
    return Engine.open(items, Pipeline(), Workspace(Path(home)))


def draw_passages(engine: Engine, trace: Trace, finished: Finished) -> None:
    """What the page computes for the cards of all four columns; passages drawn before are kept, as on the page."""
    for ranking in trace.rankings.values():
        for id in ranking.ids[:CARDS]:
            engine.passage(id, trace.query, WIDTH, finished)


def move(engine: Engine, text: str, weights: np.ndarray) -> tuple[list[float], list[float], list[float]]:
    """Seconds of searches with finished steps, of passages, and of searches without (for every tenth weight)."""
    finished, kept, cards, fresh = Finished(), [], [], []
    draw_passages(engine, engine.search(text, finished=finished), finished)
    for turn, weight in enumerate(weights):
        pipeline = engine.pipeline.with_(weight=float(weight))
        start = perf_counter()
        trace = engine.search(text, pipeline, finished)
        kept.append(perf_counter() - start)
        start = perf_counter()
        draw_passages(engine, trace, finished)
        cards.append(perf_counter() - start)
        if turn % 10 == 0:
            start = perf_counter()
            engine.search(text, pipeline)
            fresh.append(perf_counter() - start)
    return kept, cards, fresh


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--queries", type=int, default=10)
    options = arguments.parse_args()
    engine = open_engine(corpus(options.collection))
    rng = np.random.default_rng(0)
    kept, cards, fresh = [], [], []
    for text in queries(options.collection, options.queries):
        for all_times, times in zip(
            (kept, cards, fresh), move(engine, text, rng.permutation(np.linspace(0, 1, 100))), strict=True
        ):
            all_times.extend(times)
    both = [search + passages for search, passages in zip(kept, cards, strict=True)]
    print(HEADER)
    for at, name in enumerate(("p50", "p95")):
        ours, peer, whole = p50_p95(kept)[at], p50_p95(fresh)[at], p50_p95(both)[at]
        what = f"search after a move of the weight, {name}; peer: nothing kept"
        print(row(what, f"{ours:.1f} ms", f"{peer:.1f} ms", peer / ours, "< 30 ms", ours < 30))
        print(row(f"the same with the passages of {4 * CARDS} cards, {name}", f"{whole:.1f} ms", "", None, "< 30 ms", whole < 30))
    print(f"\n{len(engine.indexes.chunks):,} chunks, {len(kept):,} moves of {options.queries} queries, reranker on.")


if __name__ == "__main__":
    main()
