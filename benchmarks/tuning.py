"""Sweeps over a judged query set, all queries at once, beside ranx; a Markdown table.

    python benchmarks/tuning.py                          300 generated queries of 2 x 100 candidates
    python benchmarks/tuning.py --collection FOLDER      the judged queries of a BEIR folder, searched by the default pipeline

The sweep is 101 weights for each of 5 normalisations and for each of 7 values of RRF's k, nDCG@10 of every query. Its time starts
with the candidates as arrays, which are made once, and is the median of five. ranx tries its own weights for min-max, after a
compilation that is not counted; its best mean stands beside ours. With a folder the grid of k1 and b is measured as well. Index
and hits are kept in PLAYGROUND_HOME, or else in the system's folder for temporary files, so that a second run starts at once.
"""

from __future__ import annotations

import os
import resource
import tempfile
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from tables import HEADER, parser, row

from retrieval import Corpus, Engine, Pipeline, Workspace, read_beir
from retrieval.embedders.base import encode
from retrieval.fusion import MinMaxSum
from retrieval.judgeable import Judgeable
from retrieval.tuning import NORMALISATIONS, RRF_KS, Candidates, Items, bm25_grid, weight_curve, weight_curves

METRIC = "nDCG@10"
DEPTH = 100
MANY = 1_000  # queries, from which on the targets are those of a large set


def main() -> None:
    options = parser(__doc__).parse_args()
    rows, grid = [], None
    if options.collection:
        items, dense, sparse, grid = searched(options.collection)
    else:
        items, dense, sparse = generated(300)
    made, candidates = clocked(lambda: Candidates.of(items, dense, sparse), 1)
    swept, _ = clocked(lambda: weight_curves(candidates, (*NORMALISATIONS, *RRF_KS), METRIC), 5)
    live, curve = clocked(lambda: weight_curve(candidates, MinMaxSum(), METRIC), 5)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    large = len(items.queries) >= MANY
    limit = 40.0 if large else 1.0
    variants = 101 * (len(NORMALISATIONS) + len(RRF_KS))
    what = f"{len(items.queries):,} queries, {len(candidates.numbers):,} candidates"
    rows.append(row(f"{variants:,} variants of fusion, {what}", f"{swept:.2f} s", "", None, f"< {limit:g} s", swept < limit))
    each, peer = swept / variants, by_ranx(items, candidates, curve.scores.mean(axis=1))
    ours, theirs, ratio = f"{each * 1e3:.3f} ms", f"{peer * 1e3:.1f} ms", peer / each
    rows.append(row("one of them, against ranx `optimize_fusion`", ours, theirs, ratio, ">= 100", ratio >= 100))
    rows.append(row("the live curve of min-max, 101 weights", f"{live * 1e3:.0f} ms", "", None, "< 4 s", live < 4))
    rows.append(row("candidates as arrays, once, the compiled loop loaded", f"{made * 1e3:.0f} ms", "", None, "", None))
    rows.append(row("memory of the process, the model included", f"{memory:,.0f} MB", "", None, "< 2,000 MB", memory < 2_000))
    if grid is not None:
        seconds, _ = clocked(grid, 1)
        target, reached = ("", None) if large else ("< 15 s", seconds < 15)
        rows.append(row("k1 x b, 10 x 10, sparse and fused", f"{seconds:.1f} s", "", None, target, reached))
        best = curve.scores.mean(axis=1).argmax()
        print(f"min-max is best at weight {curve.weights[best]:.2f}, where {METRIC} is {curve.scores[best].mean():.4f}.\n")
    print(HEADER + "\n" + "\n".join(rows))


def clocked(action: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The median seconds and the last result."""
    seconds = []
    for _ in range(times):
        start = perf_counter()
        result = action()
        seconds.append(perf_counter() - start)
    return median(seconds), result


def generated(queries: int) -> tuple[Items, list, list]:
    """Random hits over 5,000 documents, about a third of them in both rankings, and two judged documents a query."""
    rng = np.random.default_rng(0)
    ids, names = [f"d{number:04d}" for number in range(5_000)], tuple(f"q{number:03d}" for number in range(queries))
    sides: list[list] = [[], []]
    grades = {}
    for name in names:
        pool = rng.choice(len(ids), 170, replace=False)
        for hits, scale in zip(sides, (0.5, 20.0), strict=True):
            hits.append((rng.permutation(pool)[:DEPTH], -np.sort(-rng.random(DEPTH)) * scale))
        grades[name] = {ids[at]: int(rng.integers(1, 4)) for at in pool[:2]}
    return Items.of(names, ids, Judgeable(grades, dict(zip(ids, ids, strict=True)))), *sides


def searched(folder: Path) -> tuple[Items, list, list, Callable[[], Any]]:
    """The judged queries of a collection with what the default pipeline finds, and its grid of k1 and b."""
    collection = read_beir(folder)
    home = Path(os.environ.get("PLAYGROUND_HOME") or Path(tempfile.gettempdir()) / "playground-benchmarks")
    engine = Engine.open(Corpus(folder.name, collection.documents), Pipeline(candidates=DEPTH), Workspace(home))
    judgments = [judgment for split in collection.judgments.values() for judgment in split]
    judgeable = Judgeable.of(judgments, engine.indexes.chunks, engine.document_of)
    queries = [query for query in collection.queries if query.id in judgeable.grades]
    items = Items.of([query.id for query in queries], engine.indexes.chunks.table.ids, judgeable)
    texts = [query.text for query in queries]
    dense, sparse = kept(home / "tuning-benchmark" / f"{folder.name}-{DEPTH}.npz", lambda: hits(engine, texts))
    return items, dense, sparse, lambda: bm25_grid(engine.indexes.sparse, texts, items, dense, engine.pipeline, METRIC)


def hits(engine: Engine, texts: list[str]) -> tuple[list, list]:
    """What each retriever finds."""
    pipeline, index = engine.pipeline, engine.indexes.sparse
    vectors = encode(engine.indexes.embedding.embedder, texts, "query")
    dense = [engine.dense_hits(vector, pipeline, DEPTH) for vector in vectors]
    return dense, [index.search(pipeline.analyser.terms(text), DEPTH, pipeline.bm25) for text in texts]


def kept(file: Path, make: Callable[[], tuple[list, list]]) -> tuple[list, list]:
    """The hits in `file`, which is made where it is missing."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        arrays = {}
        for side, found in zip(("dense", "sparse"), make(), strict=True):
            arrays[f"{side}_ends"] = np.cumsum([len(rows) for rows, _ in found])
            arrays[f"{side}_rows"], arrays[f"{side}_scores"] = map(np.concatenate, zip(*found, strict=True))
        np.savez(file, **arrays)
    with np.load(file) as arrays:
        sides = [[arrays[f"{side}_{part}"] for part in ("rows", "scores", "ends")] for side in ("dense", "sparse")]
    dense, sparse = (
        list(zip(np.split(rows, ends[:-1]), np.split(scores, ends[:-1]), strict=True)) for rows, scores, ends in sides
    )
    return dense, sparse


def by_ranx(items: Items, candidates: Candidates, means: np.ndarray) -> float:
    """Seconds for each weight that `optimize_fusion` tries."""
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        from ranx import Qrels, Run, optimize_fusion

        qrels: dict[str, dict[str, int]] = {query: {} for query in items.queries}
        for at, number, grade in zip(items.query_of, items.keys % items.stride, items.grades, strict=True):
            qrels[items.queries[at]][str(number)] = int(grade)
        runs = []
        for found in (candidates.dense, candidates.sparse):
            named = [
                dict(zip(items.document_of[rows].astype(str).tolist(), scores.tolist(), strict=True)) for rows, scores in found
            ]
            runs.append({query: run or {"none": 0.0} for query, run in zip(items.queries, named, strict=True)})
        few = items.queries[:5]

        def optimise(queries):
            judged = Qrels({query: qrels[query] for query in queries})
            given = [Run({query: run[query] for query in queries}) for run in runs]
            options = {"norm": "min-max", "method": "wsum", "metric": METRIC.lower(), "return_optimization_report": True}
            return clocked(lambda: optimize_fusion(judged, given, **options)[1], 3 if len(queries) < MANY else 1)

        optimise(few)
        seconds, report = optimise(items.queries)
    print(f"ranx's best is {max(map(float, report.results)):.4f}, ours at 11 weights {means[::10].max():.4f}.\n")
    return seconds / len(report.results)


if __name__ == "__main__":
    main()
