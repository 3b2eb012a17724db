"""How many candidates to rerank: quality and time for every count, from one scoring pass over the largest pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.engine import Engine, Finished
from retrieval.errors import BadInput, require
from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.pieces import resumed
from retrieval.pipeline import Pipeline
from retrieval.rerankers import Reranker, blend
from retrieval.tracing import Hits, Traces
from retrieval.tuning.scored import Scored, ScoreStore, scores_key
from retrieval.types import Progress, Ranking, unheard

Floats = NDArray[np.float64]

COUNTS = (10, 20, 30, 40, 50, 60, 80, 100, 120, 150, 200)
TIMED = 30
WARM_UP = 3


@dataclass(frozen=True, slots=True, eq=False)
class CountSweep:
    """Each metric of `queries` (ids) for each number of reranked candidates: `counts`, ascending, `scores` {metric: (c, q)}.

    `timed` (t,) are the places of the queries that times were measured on: `reranking` (c, t) are the seconds of the reranker,
    `before` (t,) those until the fused ranking is there.
    """

    queries: tuple[str, ...]
    counts: tuple[int, ...]
    scores: Mapping[str, Floats]
    timed: NDArray[np.int64]
    reranking: Floats
    before: Floats

    def reranking_milliseconds(self, percent: float) -> Floats:
        """A percentile of the reranker's time for each count, (c,)."""
        return np.asarray(np.percentile(self.reranking, percent, axis=1) * 1000.0)

    def total_milliseconds(self, percent: float) -> Floats:
        """A percentile of the time of the whole search for each count, (c,)."""
        return np.asarray(np.percentile(self.before + self.reranking, percent, axis=1) * 1000.0)


def count_sweep(
    engine: Engine,
    traces: Traces,
    judgeable: Judgeable,
    metrics: Sequence[str],
    counts: Sequence[int] = COUNTS,
    pipeline: Pipeline | None = None,
    progress: Progress = unheard,
    store: ScoreStore | None = None,
) -> CountSweep:
    """Rerank the fused rankings of `traces` with each count: the rankings that `Engine.search` gives with it.

    `pipeline` may differ from that of the traces in reranker, blend and results. Counts below its number of results are left
    out, and those beyond the first that takes in every candidate. A reranker whose scores depend on the company is timed alone
    with each count on `TIMED` queries, spread over the set; for another one, the seconds of the pass are shared out by
    candidate, as `Engine.search` does. With a `store` only what it lacks is scored, and what is scored stays there, also where
    `progress` raises, which stops the sweep, or the process is killed.

    Raises BadInput without a query, a judgment of each or a reranker, or where the reranker gives no finite number, BadSetting
    where no count is left.
    """
    pipeline = pipeline or traces.pipeline
    reranker = _checked(engine, traces, judgeable, pipeline)
    chosen = _usable(counts, pipeline.results, max(len(rows) for rows, _ in traces.hits("fused")))
    scored = _scored(engine, pipeline, traces, chosen, progress, store)
    if reranker.independent:
        places, seconds = np.arange(len(scored)), np.array([one.shares for one in scored]).T
    else:
        places = np.unique(np.linspace(0, len(scored) - 1, TIMED).round().astype(np.int64))
        seconds = _timed(engine, pipeline, [traces.queries[place].text for place in places], chosen, progress)
    return CountSweep(
        queries=tuple(query.id for query in traces.queries),
        counts=chosen,
        scores=_quality(traces, judgeable, metrics, scored, pipeline.blend, progress),
        timed=places,
        reranking=seconds,
        before=np.median(traces.until("fused"), axis=1)[places],
    )


def reranked(ids: Sequence[str], hits: Hits, scores: NDArray[np.float32], weight: float) -> Ranking:
    """The first candidates of a fused ranking, those that have `scores` (n,), by the blend; `ids` are those of the rows."""
    count = len(scores)
    if not count:
        return Ranking()
    rows, fused = hits
    return Ranking.of((ids[row] for row in rows[:count].tolist()), blend(fused[:count], scores.astype(np.float64), weight))


def _checked(engine: Engine, traces: Traces, judgeable: Judgeable, pipeline: Pipeline) -> Reranker:
    if not traces.queries:
        raise BadInput("There is no query to sweep over; choose a query set with judgments.")
    for query in traces.queries:
        if query.id not in judgeable.grades:
            raise BadInput(f'The query "{query.id}" has no judgment; tune on judged queries only.')
    ours = traces.pipeline
    if pipeline.with_(reranker=ours.reranker, blend=ours.blend, rerank_count=ours.rerank_count, results=ours.results) != ours:
        raise BadInput("The traces are those of another first stage; trace the queries with this pipeline.")
    reranker = engine.reranker(pipeline)
    if reranker is None:
        raise BadInput("Nothing is reranked: the pipeline has no reranker or the corpus is empty; choose others to sweep over.")
    return reranker


def _usable(counts: Sequence[int], least: int, most: int) -> tuple[int, ...]:
    """The counts from `least` on up to the first that is at least `most`, ascending."""
    require(len(counts) > 0, "The sweep has no count; give at least one number of candidates.")
    large = sorted({count for count in counts if count >= least})
    require(len(large) > 0, f"The largest count, {max(counts)}, is below the {least} results shown; rerank more or show fewer.")
    return tuple(large[: 1 + sum(count < most for count in large)])


def _scored(
    engine: Engine,
    pipeline: Pipeline,
    traces: Traces,
    counts: tuple[int, ...],
    progress: Progress,
    store: ScoreStore | None,
) -> list[Scored]:
    """The one pass: every query's candidates scored for all counts."""
    texts = [query.text for query in traces.queries]
    with resumed(store, lambda: (engine.corpus.lineage, scores_key(engine, pipeline, counts)), texts) as (kept, keep):
        for done, (query, (rows, _)) in enumerate(zip(traces.queries, traces.hits("fused"), strict=True), start=1):
            if query.text not in kept:
                kept[query.text] = _score(engine, pipeline, query.text, rows[: counts[-1]], counts)
                keep(query.text, kept[query.text])
            progress(f"Reranked {done:,} of {len(traces.queries):,} queries", done / len(traces.queries))
    return [kept[text] for text in texts]


def _score(engine: Engine, pipeline: Pipeline, text: str, rows: NDArray[np.int64], counts: Sequence[int]) -> Scored:
    if not len(rows):
        return Scored(tuple(np.zeros(0, np.float32) for _ in counts), 0.0)
    scores, seconds = engine.rerank_scores(pipeline, text, engine.embed(text)[0], rows, counts)
    return Scored(tuple(scores), seconds)


def _timed(engine: Engine, pipeline: Pipeline, texts: Sequence[str], counts: Sequence[int], progress: Progress) -> Floats:
    """The seconds that reranking takes with each count for each text, (c, t), after a warm-up."""
    finished = Finished()

    def seconds(text: str, count: int) -> float:
        return engine.search(text, pipeline.with_(rerank_count=count), finished).seconds["reranked"]

    for text in texts[:WARM_UP]:
        seconds(text, counts[-1])
    runs = []
    for done, text in enumerate(texts, start=1):
        runs.append([seconds(text, count) for count in counts])  # a busy moment strikes all counts alike
        progress(f"Timed {done} of {len(texts)} queries", done / len(texts))
    return np.array(runs).T


def _quality(
    traces: Traces,
    judgeable: Judgeable,
    metrics: Sequence[str],
    scored: Iterable[Scored],
    weight: float,
    progress: Progress,
) -> dict[str, Floats]:
    """Each metric for each count and query, (c, q)."""
    grades = {query.id: judgeable.grades[query.id] for query in traces.queries}
    found: dict[str, list[list[float]]] = {metric: [] for metric in metrics}
    by_count = list(zip(*(one.scores for one in scored), strict=True))
    for done, scores in enumerate(by_count, start=1):
        rankings = {
            query.id: judgeable.ranking(query.id, reranked(traces.ids, hits, own, weight))
            for query, hits, own in zip(traces.queries, traces.hits("fused"), scores, strict=True)
        }
        for metric, values in score_rankings(rankings, grades, metrics).items():
            found[metric].append([values[query.id] for query in traces.queries])
        progress(f"Scored {done} of {len(by_count)} counts", done / len(by_count))
    return {metric: np.array(values) for metric, values in found.items()}
