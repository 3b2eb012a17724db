"""Evaluating a run: four metrics for 300 queries with 100 results each, beside ranx and ir-measures.

    python benchmarks/metrics.py

Ours starts from rankings and judgments as the app has them. ranx is timed warm, with and without building its own Qrels and Run
from dicts; ir-measures from lists of its records. All three must agree first. The first calls are those of fresh processes.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
from tables import HEADER, row

from retrieval.metrics import score_rankings
from retrieval.types import Ranking

QUERIES, RESULTS, DOCUMENTS, JUDGED = 300, 100, 5_000, 5
NAMES = ("nDCG@10", "R@100", "RR@10", "AP@100")
RANX = ("ndcg@10", "recall@100", "mrr@10", "map@100")
REPETITIONS, PROCESSES = 50, 5
FIRST = """
from time import perf_counter
import metrics
rankings, grades = metrics.made()
start = perf_counter()
metrics.{action}(rankings, grades)()
print(perf_counter() - start)
"""

Made = tuple[dict[str, Ranking], dict[str, dict[str, int]]]
Call = Callable[[], dict[str, float]]


def made() -> Made:
    """Rankings that hold about half of what is judged, and grades from 0 to 3."""
    random = np.random.default_rng(0)
    names = np.array([f"document-{number}" for number in range(DOCUMENTS)])
    rankings, grades = {}, {}
    for query in map(str, range(QUERIES)):
        ids = random.choice(names, RESULTS, replace=False).tolist()
        judged = [*random.choice(ids, JUDGED // 2, replace=False).tolist(), *random.choice(names, JUDGED).tolist()][:JUDGED]
        rankings[query] = Ranking(tuple(ids), tuple(np.linspace(1, 0, RESULTS).tolist()))
        grades[query] = dict(zip(judged, random.integers(0, 4, JUDGED).tolist(), strict=True))
    return rankings, grades


def ours(rankings: dict[str, Ranking], grades: dict[str, dict[str, int]]) -> Call:
    def call() -> dict[str, float]:
        scores = score_rankings(rankings, grades, NAMES)
        return {name: float(np.mean(list(values.values()))) for name, values in scores.items()}

    return call


def ranx_warm(rankings: dict[str, Ranking], grades: dict[str, dict[str, int]]) -> Call:
    """Only `evaluate`, what it takes being built."""
    from ranx import evaluate

    qrels, run = ranx_types(rankings, grades)
    return lambda: dict(zip(NAMES, evaluate(qrels, run, list(RANX)).values(), strict=True))


def ranx_from_dicts(rankings: dict[str, Ranking], grades: dict[str, dict[str, int]]) -> Call:
    """`evaluate` and what it takes."""
    from ranx import evaluate

    return lambda: dict(zip(NAMES, evaluate(*ranx_types(rankings, grades), list(RANX)).values(), strict=True))


def ranx_types(rankings: dict[str, Ranking], grades: dict[str, dict[str, int]]):
    from ranx import Qrels, Run

    return Qrels(grades), Run({query: dict(zip(found.ids, found.scores, strict=True)) for query, found in rankings.items()})


def ir_measures_warm(rankings: dict[str, Ranking], grades: dict[str, dict[str, int]]) -> Call:
    import ir_measures

    measures = {ir_measures.parse_measure(name): name for name in NAMES}
    qrels = [ir_measures.Qrel(query, id, grade) for query, given in grades.items() for id, grade in given.items()]
    run = [
        ir_measures.ScoredDoc(query, id, score)
        for query, found in rankings.items()
        for id, score in zip(found.ids, found.scores, strict=True)
    ]

    def call() -> dict[str, float]:
        values: dict[str, list[float]] = {name: [] for name in NAMES}
        for found in ir_measures.iter_calc(list(measures), qrels, run):
            values[measures[found.measure]].append(found.value)
        return {name: float(np.mean(of_queries)) for name, of_queries in values.items()}

    return call


def seconds(call: Call) -> float:
    """Median of `REPETITIONS` calls after a warm-up."""
    call()
    times = []
    for _ in range(REPETITIONS):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return median(times)


def first_call(action: str) -> float:
    """Median over fresh processes: what it imports and compiles included, the data being there."""
    command = [sys.executable, "-W", "ignore", "-c", FIRST.format(action=action)]
    runs = [subprocess.run(command, cwd=sys.path[0], check=True, capture_output=True, text=True) for _ in range(PROCESSES)]
    return median(float(run.stdout.split()[-1]) for run in runs)


def main() -> None:
    warnings.simplefilter("ignore")  # numba, on ranx's casts
    data = made()
    expected = ours(*data)()
    peers = {"ranx warm": ranx_warm, "ranx from dicts": ranx_from_dicts, "ir-measures": ir_measures_warm}
    calls = {name: peer(*data) for name, peer in peers.items()}
    for name, call in calls.items():
        assert all(abs(value - expected[metric]) < 1e-9 for metric, value in call().items()), name
    print(HEADER)
    own = seconds(ours(*data))
    for name, call in calls.items():
        peer = seconds(call)
        target = (">= 1", peer >= own) if name == "ranx warm" else ("", None)
        what = f"four metrics, {QUERIES} queries × {RESULTS} results, against {name}"
        print(row(what, f"{own * 1e3:.1f} ms", f"{peer * 1e3:.1f} ms", peer / own, *target))
    own, peer = first_call("ours"), first_call("ranx_from_dicts")
    print(row("the first call of a process, against ranx", f"{own:.3f} s", f"{peer:.1f} s", peer / own, "< 0.1 s", own < 0.1))


if __name__ == "__main__":
    main()
