"""Why is this here: the arithmetic behind one result, in the order of the flow."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import charts
from pages.common.markup import plain
from pages.search.cards import place_of
from retrieval import Engine, Explanation, Pipeline, Trace, explain

NumberColumn = st.column_config.NumberColumn


@st.dialog("Why is this here?", width="large")
def why(engine: Engine, trace: Trace, chunk_id: str, pipeline: Pipeline) -> None:
    """Show every number behind the place of `chunk_id`."""
    chunk = engine.chunk(chunk_id)
    st.markdown(f"**{plain(chunk.title or chunk_id)}** :gray[{plain(chunk_id)}]")
    if where := place_of(chunk):
        st.caption(plain(where))
    ranks = [f"{stage} **{ranking.ranks.get(chunk_id, '—')}**" for stage, ranking in trace.rankings.items()]
    st.markdown("Rank: " + " · ".join(ranks))
    told = explain(engine, trace, chunk_id, pipeline)
    meaning, words = st.columns(2, gap="medium")
    with meaning:
        _dense(told)
    with words:
        _sparse(told)
    _fusion(told)
    _reranking(told)
    with st.expander("Whole text"):
        st.text(chunk.text)


def _dense(told: Explanation) -> None:
    st.markdown(f"##### Dense · cosine {told.cosine:.4f}")
    if told.sentence is None:
        st.caption("The text has no sentence.")
        return
    st.markdown(f"Best-matching sentence, cosine {told.sentence_cosine:.4f}:")
    st.markdown(f"> {plain(told.sentence)}")


def _sparse(told: Explanation) -> None:
    total = sum(item.score for item in told.bm25)
    st.markdown(f"##### Sparse · BM25 {total:.4f}")
    if not told.bm25:
        st.caption("No term of the query is known.")
        return
    table = pd.DataFrame(
        {
            "term": [item.term for item in told.bm25],
            "in text": [item.tf for item in told.bm25],
            "in chunks": [item.document_frequency for item in told.bm25],
            "idf": [item.idf for item in told.bm25],
            "adds": [item.score for item in told.bm25],
        }
    )
    config = {"idf": NumberColumn("idf", format="%.3f"), "adds": NumberColumn("adds", format="%.4f")}
    st.dataframe(table.sort_values("adds", ascending=False), hide_index=True, width="stretch", column_config=config)


def _fusion(told: Explanation) -> None:
    total = sum(term.contribution for term in told.fusion)
    st.markdown(f"##### Fused · {total:.5f}")
    for name, term in zip(("dense", "sparse"), told.fusion, strict=True):
        st.markdown(f"{name}: {plain(term.formula)}")


def _reranking(told: Explanation) -> None:
    if told.blending is None:
        st.markdown("##### Reranked · not among the reranked candidates")
        return
    one = told.blending
    st.markdown(f"##### Reranked · {one.score:.4f}")
    st.markdown(
        f"{1 - one.weight:.2f} × z(fused {one.fused:.5f}) + {one.weight:.2f} × z(reranker {one.reranker:.4f}) "
        f"= {1 - one.weight:.2f} × {one.fused_z:.3f} + {one.weight:.2f} × {one.reranker_z:.3f} = **{one.score:.4f}**"
    )
    if told.tokens:
        best = sorted(told.tokens, key=lambda match: -match.contribution)[:12]
        st.caption("Late interaction: weight × best cosine among the text's tokens, for each query token and for the whole text")
        names = [f"{match.token} · {match.weight:.2f} × {match.cosine:.2f}" for match in best]
        figure = charts.contributions(
            names, [match.contribution for match in best], charts.STAGE_COLOURS["reranked"], "of the score"
        )
        st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="token-matches")
