"""The popover Pipeline: the session's settings, the same as on Search."""

from __future__ import annotations

import streamlit as st

from pages.common import chunkers, controls
from retrieval import Pipeline


def pipeline_popover(fusing: bool) -> Pipeline:
    """Draw it. While the page is `fusing`, method and weight are elsewhere on it, and have their defaults in what is returned."""
    with st.popover("Pipeline", icon=":material/account_tree:", width="stretch"):
        dense_tab, sparse_tab, fused_tab, reranked_tab = st.tabs(["Dense", "Sparse", "Fused", "Reranked"])
        with dense_tab:
            embedder = controls.embedder(controls.embedder_kind())
            dense = controls.dense()
            chunker = chunkers.chunker()
        with sparse_tab:
            bm25 = controls.bm25(controls.bm25_variant())
            analyser = controls.analyser()
        with fused_tab:
            candidates = controls.candidates()
            fused = {} if fusing else {"weight": controls.weight(), "fusion": controls.fusion()}
        with reranked_tab:
            blend = controls.blend()
            reranker = controls.reranker()
            results = controls.results()
            count = controls.rerank_count(results)
    return Pipeline(
        chunker=chunker,
        embedder=embedder,
        dense=dense,
        analyser=analyser,
        bm25=bm25,
        reranker=reranker,
        candidates=candidates,
        rerank_count=count,
        blend=blend,
        results=results,
        **fused,
    )
