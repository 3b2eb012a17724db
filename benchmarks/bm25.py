"""Sparse search beside its peers, in one process: rank-bm25, bm25s with numba, and this library's index.

    python benchmarks/bm25.py                                    200,000 generated documents
    python benchmarks/bm25.py --documents 20000
    python benchmarks/bm25.py --collection FOLDER                documents recombined from a BEIR folder's texts

Results are compared before anything is timed. k1 and b change with every query of this library, which rank-bm25 allows and
bm25s does not: its index holds finished scores, and stays at one setting here. Queries of ours and of the peer alternate, so that
both see the same machine. Times are the median over the queries of each query's median over the repetitions, after a warm-up.
"""

from __future__ import annotations

import argparse
import gc
import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from retrieval.sparse import BM25Lucene, BM25Okapi, SparseIndex
from retrieval.text import Analyser

Terms = list[str]
VOCABULARY = 200_000
K = 100


def main() -> None:
    """Build, compare, time, print the table."""
    options = arguments()
    if options.collection:
        documents, queries = recombined(options.collection, options.documents, options.queries, options.seed)
    else:
        documents, queries = generated(options.documents, options.queries, options.seed)
    import bm25s
    from rank_bm25 import BM25Okapi as Yardstick

    SparseIndex.build(documents[:10])
    peer = bm25s.BM25(k1=1.2, b=0.75, method="lucene", backend="numba")
    scorer = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    ours_build, index = clocked(lambda: SparseIndex.build(documents))
    peer_build, _ = clocked(lambda: peer.index(documents, show_progress=False))
    scorer.scores, scorer.vocab_dict, scorer.nonoccurrence_array = peer.scores, peer.vocab_dict, None
    scorer.activate_numba_scorer()
    yardstick = Yardstick(documents, k1=1.2, b=0.75)
    few = queries[: options.slow_queries]
    check_yardstick(index, yardstick, few)
    check_bm25s(index, peer, queries)

    slow, fast = options.slow_repetitions, options.repetitions
    rows = [
        row("top 100, against rank-bm25 get_scores + argsort", *race(okapi(index), top_of(yardstick), few, slow), 250.0),
        row("top 100, against bm25s retrieve, numba backend", *race(lucene(index), retrieve(peer), queries, fast), 1.0),
        row("the same with Okapi's formula", *race(okapi(index), retrieve(peer), queries, fast), 1.0),
        row("top 100, against bm25s with its numba scorer", *race(lucene(index), retrieve(scorer, "numba"), queries, fast), 1.0),
        row("build from token lists, against bm25s index", ours_build * 1000, peer_build * 1000, 1.0),
    ]
    print(f"{index.documents:,} documents, {index.terms:,} terms, {index.postings:,} postings, {len(queries)} queries\n")
    print("| what | ours ms | peer ms | ratio | target | reached |\n|---|---:|---:|---:|---:|---|")
    print("\n".join(rows))
    bytes_of_peer = sum(peer.scores[name].nbytes for name in ("data", "indices", "indptr"))
    print(f"\nArrays: {index.nbytes / 1e6:.0f} MB here, {bytes_of_peer / 1e6:.0f} MB in bm25s.")


def generated(count: int, queries: int, seed: int) -> tuple[list[Terms], list[Terms]]:
    """Documents of about 100 words that follow Zipf's law, and queries of 3 to 8 words, half frequent and half rare."""
    random = np.random.default_rng(seed)
    weights = 1.0 / (np.arange(VOCABULARY) + 2.7)
    cumulated = np.cumsum(weights / weights.sum())
    names = np.array([f"w{number}" for number in range(VOCABULARY + 1)], dtype=object)
    lengths = np.maximum(1, random.lognormal(np.log(100) - 0.125, 0.5, count).astype(int))
    words = names[np.searchsorted(cumulated, random.random(lengths.sum()))]
    documents = [part.tolist() for part in np.split(words, np.cumsum(lengths)[:-1])]
    return documents, [mixed(random, cumulated, names) for _ in range(queries)]


def mixed(random: np.random.Generator, cumulated: Any, names: Any) -> Terms:
    """A query: each word is drawn as often as it is written, or evenly over the logarithm of its rank."""
    size = int(random.integers(3, 9))
    frequent = np.searchsorted(cumulated, random.random(size))
    rare = np.exp(random.random(size) * np.log(VOCABULARY)).astype(int)
    return names[np.where(random.random(size) < 0.5, frequent, rare)].tolist()


def recombined(folder: Path, count: int, queries: int, seed: int) -> tuple[list[Terms], list[Terms]]:
    """`count` documents, each the first half of one text and the second half of another; the collection's own queries."""
    random = np.random.default_rng(seed)
    analyse = Analyser().terms
    texts = [analyse(f"{record.get('title', '')} {record['text']}") for record in records(folder / "corpus.jsonl")]
    pairs = random.integers(0, len(texts), (count, 2)).tolist()
    documents = [texts[i][: len(texts[i]) // 2] + texts[j][len(texts[j]) // 2 :] for i, j in pairs]
    asked = [analyse(record["text"]) for record in records(folder / "queries.jsonl")]
    return documents, [asked[i] for i in random.permutation(len(asked))[:queries] if asked[i]]


def records(path: Path) -> list[dict[str, str]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def check_yardstick(index: SparseIndex, yardstick: Any, queries: list[Terms]) -> None:
    """Raise unless our best scores are rank-bm25's best scores, and stand at the rows where it has them."""
    for query in queries:
        expected = yardstick.get_scores(query)
        rows, scores = index.search(query, K, BM25Okapi(1.2, 0.75))
        np.testing.assert_allclose(scores, expected[rows], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(scores, np.sort(expected)[::-1][: len(rows)], rtol=1e-5, atol=1e-5)


def check_bm25s(index: SparseIndex, peer: Any, queries: list[Terms]) -> None:
    """Raise unless our best scores are bm25s's, place by place."""
    for query in queries:
        _, scores = index.search(query, K, BM25Lucene(1.2, 0.75))
        expected = peer.retrieve([query], k=K, show_progress=False).scores[0]
        np.testing.assert_allclose(scores, expected[: len(scores)], rtol=1e-5, atol=1e-5)


def okapi(index: SparseIndex) -> Callable[[int, Terms], Any]:
    """Our search under Okapi; the settings change with the query's number."""
    return lambda number, query: index.search(query, K, BM25Okapi(*moved(number)))


def lucene(index: SparseIndex) -> Callable[[int, Terms], Any]:
    """The same under Lucene's formula, which bm25s has."""
    return lambda number, query: index.search(query, K, BM25Lucene(*moved(number)))


def moved(number: int) -> tuple[float, float]:
    """k1 and b of a query: different for each of 1,000 queries."""
    return 0.8 + number % 1000 / 1000, 0.3 + number % 1000 / 2000


def top_of(yardstick: Any) -> Callable[[int, Terms], Any]:
    """rank-bm25 reads k1 and b at query time too."""

    def search(number: int, query: Terms) -> Any:
        yardstick.k1, yardstick.b = moved(number)
        return np.argsort(yardstick.get_scores(query))[::-1][:K]

    return search


def retrieve(peer: Any, selection: str = "auto") -> Callable[[int, Terms], Any]:
    """bm25s, one query at a time."""
    return lambda _, query: peer.retrieve([query], k=K, show_progress=False, backend_selection=selection)


def race(ours: Callable[[int, Terms], Any], peer: Callable[[int, Terms], Any], queries: list[Terms], times: int) -> Any:
    """Milliseconds of both, one query of each in turn."""
    ours(0, queries[0]), peer(0, queries[0])
    spent: list[tuple[list[float], list[float]]] = [([], []) for _ in queries]
    number = 0
    gc.collect()
    for _ in range(times):
        for query, (first, second) in zip(queries, spent, strict=True):
            number += 1
            first.append(clocked(lambda n=number, q=query: ours(n, q))[0])
            second.append(clocked(lambda n=number, q=query: peer(n, q))[0])
    return median(median(first) for first, _ in spent) * 1000, median(median(second) for _, second in spent) * 1000


def clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of `work`."""
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def row(what: str, ours: float, peer: float, target: float) -> str:
    """A line of the table; the ratio is how many times faster ours is, and must reach `target`."""
    ratio = peer / ours
    return f"| {what} | {ours:,.3f} | {peer:,.3f} | {ratio:,.2f} | {target:g} | {'yes' if ratio >= target else 'no'} |"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--collection", type=Path, help="a folder in BEIR layout; its texts are recombined")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--slow-queries", type=int, default=15, help="queries for rank-bm25")
    parser.add_argument("--slow-repetitions", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
