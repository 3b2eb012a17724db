"""The engine behind a page: opened, built where that takes moments, or offered to be built."""

from __future__ import annotations

import streamlit as st

from pages.common import building, cached, state
from retrieval import Engine, Finished, ModelUnavailable, Pipeline

DEFAULTS = Pipeline()
INDEXED = ("chunker", "embedder", "analyser", "dense")
MISSING = "The index for these settings is not built yet. Meanwhile the index before stays in use, where there is one."


def open_engine(corpus: str, pipeline: Pipeline) -> tuple[Engine, Finished, Pipeline] | None:
    """The engine for the pipeline; where a model cannot be had, one sentence and the models that worked last.

    Where its index is missing and takes long to build, an offer to build it, and the engine of the index before; None where
    there is none.
    """
    documents = cached.corpus(corpus)
    if not cached.ready(corpus, pipeline) and not building.at_once(documents):
        building.offer(corpus, documents, pipeline, MISSING)
        good = st.session_state.get(state.LAST_GOOD, DEFAULTS)
        pipeline = pipeline.with_(**{part: getattr(good, part) for part in INDEXED})
        if not cached.ready(corpus, pipeline):
            return None
    bar = st.empty()

    def progress(sentence: str, share: float) -> None:
        bar.progress(min(share, 1.0), sentence)

    def opened(chosen: Pipeline) -> tuple[Engine, Finished, Pipeline]:
        engine, finished = cached.engine(corpus, chosen, progress)
        engine.reranker(chosen)
        bar.empty()
        return engine, finished, chosen

    try:
        result = opened(pipeline)
    except ModelUnavailable as error:
        good = st.session_state.get(state.LAST_GOOD, DEFAULTS)
        st.error(f"{error} The previous choice stays in use.", icon=":material/cloud_off:")
        return opened(pipeline.with_(embedder=good.embedder, reranker=good.reranker))
    st.session_state[state.LAST_GOOD] = pipeline
    return result
