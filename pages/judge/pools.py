"""The pool of a query on the page: how it is made, and the search behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.common import cached, chunkers, controls, engines, state
from pages.common.markup import counted, plain
from pages.common.runs import ENDINGS, LINES, UploadedRun, read_upload
from pages.judge.working import kept
from retrieval import STAGES, Engine, Finished, Pipeline, PlaygroundError, Query, judging

DEEPEST = 100


@dataclass(frozen=True)
class Pooling:
    """How pools are made: the first `depth` documents of every stage of `pipeline` and of every imported run, in an `order`."""

    pipeline: Pipeline
    depth: int
    order: str
    runs: tuple[UploadedRun, ...]


@dataclass(frozen=True)
class Pooled:
    """The pool of a query, and by document the best chunk that a stage found in it, the latest stage first."""

    pool: judging.Pool
    best: Mapping[str, str]


@dataclass(frozen=True)
class Opened:
    """A corpus that can be searched."""

    corpus: str
    engine: Engine
    finished: Finished
    pipeline: Pipeline
    pooling: Pooling

    def pooled(self, query: Query) -> Pooled:
        """The pool of a query, searched for once."""
        made_with = (cached.index_name(self.corpus, self.pipeline), self.pipeline.to_toml(), str(self.pooling.depth))
        key = (*made_with, query.id, query.text, *(imported.id for imported in self.pooling.runs))
        found: Pooled = cached.pooled(key, lambda: self._search(query))
        return found

    def _search(self, query: Query) -> Pooled:
        trace = self.engine.search(query.text, self.pipeline, self.finished)
        rankings = judging.document_rankings({stage: trace.rankings[stage] for stage in STAGES}, self.engine.document_of)
        for imported in self.pooling.runs:
            if query.id in imported.run.rankings:
                rankings[imported.name] = imported.run.rankings[query.id]
        best: dict[str, str] = {}
        for stage in reversed(STAGES):
            for chunk in trace.rankings[stage].ids:
                best.setdefault(self.engine.document_of[chunk], chunk)
        return Pooled(judging.pool_of(query.id, rankings, self.pooling.depth), best)


def pool_popover(corpus: str) -> Pooling:
    """What goes into the pool, in what order, from which index."""
    with st.popover("Pool", icon=":material/filter_list:", width="stretch"):
        depth = st.slider(
            "Documents of every stage",
            5,
            DEEPEST,
            20,
            5,
            key=state.POOL_DEPTH,
            persist_state="session",
            help="The pool of a query is the union of so many documents from the top of each stage and of each imported run.",
        )
        order = st.radio(
            "Order",
            list(judging.ORDERS),
            key=state.POOL_ORDER,
            persist_state="session",
            help="Most informative first: where the stages disagree, and what ranks high. Neither tells a rank.",
        )
        runs = _runs(corpus)
        st.markdown("**Index**")
        pipeline = _pipeline()
    return Pooling(pipeline, int(depth), str(order), runs)


def _runs(corpus: str) -> tuple[UploadedRun, ...]:
    """Runs of other systems, whose documents join the pool."""
    files = st.file_uploader(
        "Runs of other systems",
        type=ENDINGS,
        accept_multiple_files=True,
        key=f"{state.RUN_UPLOADS} {corpus}",
        help=f"TREC runs. {LINES}",
    )

    runs = kept(
        state.RUNS, (corpus, *(file.file_id for file in files)), lambda: tuple(read_upload(file, corpus) for file in files)
    )
    for refused in (imported.run.refused for imported in runs if imported.run.refused):
        st.warning(f"{counted(len(refused), 'line')} left out: {plain(str(refused[0]))}", icon=":material/warning:")
    return runs


def _pipeline() -> Pipeline:
    """The pipeline that searched last, over the index that is chosen here; its candidates bound what a stage can add."""
    kind = controls.embedder_kind()
    last: Pipeline = st.session_state.get(state.LAST_GOOD, engines.DEFAULTS)
    return last.with_(
        chunker=chunkers.chunker(), embedder=controls.embedder(kind), dense=controls.dense(), analyser=controls.analyser()
    )


def opened(corpus: str, pooling: Pooling) -> Opened | None:
    """The engine behind the pools; None, with the reason on the page, where there is none yet."""
    try:
        found = engines.open_engine(corpus, pooling.pipeline)
    except PlaygroundError as error:
        st.error(str(error), icon=":material/error:")
        return None
    return Opened(corpus, *found, pooling) if found else None
