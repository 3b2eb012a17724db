"""Time of fusing two rankings of 100 documents with half of them in common, a Markdown table. Run: python benchmarks/fusion.py"""

from __future__ import annotations

from statistics import median, quantiles
from time import perf_counter

import numpy as np

from retrieval.fusion import FUSIONS
from retrieval.types import Ranking

REPETITIONS = 2_000
WEIGHTS = (0.5, 0.5)


def rankings(depth: int = 100) -> list[Ranking]:
    """A ranking of cosines and one of BM25 scores, half of their documents in common."""
    rng = np.random.default_rng(7)
    dense = Ranking.of((f"doc-{n:05d}" for n in range(depth)), rng.uniform(0.2, 0.9, depth))
    sparse = Ranking.of((f"doc-{n:05d}" for n in range(depth // 2, depth + depth // 2)), rng.uniform(1, 25, depth))
    return [dense, sparse]


def microseconds(action) -> list[float]:
    """The time of each of `REPETITIONS` calls, after a warm-up."""
    for _ in range(20):
        action()
    times = []
    for _ in range(REPETITIONS):
        start = perf_counter()
        action()
        times.append((perf_counter() - start) * 1e6)
    return times


def row(name: str, times: list[float]) -> str:
    return f"| {name} | {median(times):.0f} | {quantiles(times, n=20)[-1]:.0f} |"


def ranx_rrf(pair: list[Ranking]):
    """The same fusion by ranx, its runs already built."""
    from ranx import Run, fuse

    runs = [Run({"q": dict(zip(ranking.ids, ranking.scores, strict=True))}) for ranking in pair]
    return lambda: fuse(runs=runs, norm=None, method="rrf", params={"k": 60})


def main() -> None:
    pair = rankings()
    print("| method | p50 µs | p95 µs |\n|---|---|---|")
    for name, method in FUSIONS.items():
        print(row(name, microseconds(lambda method=method: method().fuse(pair, WEIGHTS))))
    try:
        print(row("ranx RRF", microseconds(ranx_rrf(pair))))
    except ImportError:
        print("| ranx RRF | not installed | |")


if __name__ == "__main__":
    main()
