"""Where are the relevant ones: a row for each relevant document of a judged query with its rank in every stage."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from retrieval import GRADES, STAGES, Engine, Finished, Pipeline, Trace, standings

BEYOND = {"dense": "no vector", "sparse": "no shared word", "fused": "not a candidate", "reranked": "not reranked"}


def relevant_table(engine: Engine, trace: Trace, grades: Mapping[str, int], pipeline: Pipeline, finished: Finished) -> None:
    """Draw the table; dense and sparse ranks run over the whole corpus."""
    relevant = sorted((document for document, grade in grades.items() if grade > 0), key=lambda id: (-grades[id], id))
    if not relevant:
        st.info("No document is judged relevant for this query yet; grade some results above.", icon=":material/rule:")
        return
    titles = {document.id: document.title for document in engine.corpus.documents}
    rows = []
    for standing in standings(engine, trace, relevant, pipeline, finished):
        id = standing.document_id
        row = {"grade": f"{grades[id]} {GRADES[grades[id]]}", "document": titles.get(id) or id, "id": id}
        rows.append(row | {stage: _said(stage, getattr(standing, stage)) for stage in STAGES})
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    st.caption(
        f"Dense and sparse ranks run over all {len(engine.corpus.documents):,} documents; fusion sees the first "
        f"{pipeline.candidates} of each, the reranker the first {pipeline.rerank_count} of the fused."
    )


def _said(stage: str, rank: int | None) -> str:
    return str(rank) if rank is not None else BEYOND[stage]
