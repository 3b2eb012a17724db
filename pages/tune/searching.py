"""What both retrievers find for a query set: what is kept is taken, a little is searched at once, more of it by a job."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.common import building, cached, running, state
from pages.common.markup import plain
from pages.tune.words import asked
from retrieval import RRF, Engine, NoReranker, Pipeline, PlaygroundError, Query, judging, tuning

AT_ONCE = 100
EQUAL = 0.5
DEFAULTS = Pipeline()
MISSING = "The index for these settings is not built yet."


@dataclass(frozen=True, eq=False)
class Tuned:
    """A judged query set with what both retrievers of `pipeline` find; `key` names all that the candidates depend on,
    `scored_by` what they are scored by and for which queries.

    `choosing`, `folds` and `classes` are by query, `level` is what they are scored on; `notes` are sentences on what is odd.
    """

    corpus: str
    query_set: judging.QuerySet
    queries: tuple[Query, ...]
    engine: Engine
    pipeline: Pipeline
    candidates: tuning.Candidates
    key: Hashable
    scored_by: tuple[Hashable, ...]
    choosing: NDArray[np.bool_]
    folds: NDArray[np.int64]
    classes: tuple[str, ...]
    level: str
    notes: tuple[str, ...]

    def curve(self, fusion: Any, metric: str) -> tuning.Curve:
        """The metric of every query under every weight."""
        return cached.curve((self.key, fusion, metric), lambda: tuning.weight_curve(self.candidates, fusion, metric))

    def reference(self, metric: str) -> NDArray[np.float64]:
        """The metric of every query under equal-weight RRF, (q,)."""
        curve = self.curve(RRF(), metric)
        return curve.scores[curve.at(EQUAL)]

    def overview(self, fusion: Any, metric: str) -> tuning.Overview:
        """The curve with its intervals, its gain over equal-weight RRF, and its best weight tested on other queries."""
        curve = self.curve(fusion, metric)
        return self.swept((fusion, metric), curve.scores, curve.distances, metric)

    def swept(self, name: Hashable, scores: NDArray[np.float64], distances: NDArray[np.float64], metric: str) -> tuning.Overview:
        """The same for any `scores` (v, q), which `name` tells from all others."""
        look = partial(tuning.overview, scores, distances, self.reference(metric), self.folds, self.choosing)
        found: tuning.Overview = cached.sweep((self.key, name), look)
        return found


def first_stage(pipeline: Pipeline, candidates: int | None = None) -> Pipeline:
    """What the candidates depend on, all else at one value, so that they are the same for every fusion and reranker."""
    return pipeline.with_(
        fusion=DEFAULTS.fusion,
        weight=DEFAULTS.weight,
        reranker=NoReranker(),
        blend=DEFAULTS.blend,
        rerank_count=DEFAULTS.rerank_count,
        results=DEFAULTS.results,
        candidates=candidates or pipeline.candidates,
    )


def opened(corpus: str, pipeline: Pipeline) -> Engine | None:
    """The engine, built here where that takes moments; None, with the reason or an offer on the page, where there is none."""
    documents = cached.corpus(corpus)
    if not cached.ready(corpus, pipeline) and not building.at_once(documents):
        building.offer(corpus, documents, pipeline, MISSING)
        return None
    bar = st.empty()
    try:
        engine, _ = cached.engine(corpus, pipeline, lambda sentence, share: bar.progress(min(share, 1.0), plain(sentence)))
    except PlaygroundError as error:
        bar.error(plain(str(error)), icon=":material/error:")
        return None
    bar.empty()
    return engine


def searched(job: str, work: cached.Work, engine: Engine) -> bool:
    """Whether all searches are done. If not, a few are done now, for more there is a button, or the job that does them."""
    last = cached.jobs().status(job)
    if last is not None and last.alive:
        running.watch(job)
        return False
    missing = cached.unsearched(work, engine)
    if missing > AT_ONCE:
        _offer(job, work, engine, missing)
        return False
    if missing:
        running.here(partial(cached.search, work, engine))
    return not cached.unsearched(work, engine)


def _offer(job: str, work: cached.Work, engine: Engine, missing: int) -> None:
    """What is missing, and the button that begins it; above it how the last one ended, where it did not finish."""
    running.unfinished(job)
    depth = f"the first {work.pipeline.candidates} results of both retrievers"
    said = f"{asked(missing)} still to be searched for {depth}; done once, it is kept."
    if running.offer(said, f"Search {asked(missing)}", f"search {job}", ":material/search:"):
        running.begin(job, "The search", partial(cached.search, work, engine))
        st.rerun()


def tuned(
    corpus: str, query_set: judging.QuerySet, pipeline: Pipeline, queries: Sequence[Query], purpose: str = "candidates"
) -> Tuned | None:
    """The candidates of judged `queries`, at least one of them not held out; None, with the reason on the page, until there.

    Queries without words are not searched for: like all that has no results they count 0. `purpose` names the job.
    """
    engine = opened(corpus, pipeline)
    if engine is None:
        return None
    work = cached.Work(corpus, pipeline, tuple(query for query in queries if query.text.strip()))
    if not searched(f"{purpose} of {query_set.key}", work, engine):
        return None
    passages = bool(st.session_state.get(state.PASSAGES, True))
    traces = cached.traced(work, engine)
    judgeable = cached.judgeable(query_set.key, passages, work, engine)
    scored_by = (cached.judgments().version(query_set.key), passages, cached.queries_name(queries))
    key = (cached.searched_as(work, engine), scored_by)
    candidates = cached.candidates(key, lambda: tuning.traced_candidates(traces, queries, judgeable))
    choosing = np.array([not query.held_out for query in queries])
    classes = tuple(query.category for query in queries)
    return Tuned(
        corpus=corpus,
        query_set=query_set,
        queries=tuple(queries),
        engine=engine,
        pipeline=pipeline,
        candidates=candidates,
        key=(key, choosing.tobytes()),
        scored_by=scored_by,
        choosing=choosing,
        folds=tuning.balanced_folds(classes),
        classes=classes,
        level=" and ".join(sorted({judgeable.level(query.id) for query in queries})),
        notes=(*traces.notes, *_refused(traces.refused)),
    )


def _refused(refused: Mapping[str, str]) -> list[str]:
    return [f"{asked(len(refused))} answered with an error: {next(iter(refused.values()))}"] if refused else []
