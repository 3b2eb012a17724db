"""Beneath the columns: rank flow, the relevant ones, repeated timing, the analyser, and the pipeline itself."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import cached, charts, pipelines, state
from pages.search.cards import Shown
from pages.search.relevant import relevant_table
from pages.search.timing import repetitions
from retrieval import GRADES, HNSW, Pipeline

NAMES = ("Rank flow", "Where are the relevant ones", "Timing", "What BM25 sees", "Index and recall", "Pipeline")
RECALL_SAMPLE = 100


def tabs(shown: Shown, pipeline: Pipeline) -> None:
    """Draw them."""
    flow, relevant, time, analyser, index, file = st.tabs(NAMES)
    with flow:
        rank_flow(shown)
    with relevant:
        if shown.query is None:
            st.info(
                "This query is not in the query set, so nothing is judged; pick a judged query above.", icon=":material/rule:"
            )
        else:
            relevant_table(shown.engine, shown.trace, shown.grades, pipeline, shown.finished)
    with time:
        repetitions(shown.engine, shown.trace, pipeline)
    with analyser:
        analysed(shown, pipeline)
    with index:
        index_facts(shown, pipeline)
    with file:
        pipeline_file(pipeline)


def rank_flow(shown: Shown) -> None:
    """The chart, coloured by who found a result or by its grade."""
    choices = ["found by", "grade"] if shown.query is not None else ["found by"]
    by = (
        st.segmented_control("Colour by", choices, default="found by", key=state.COLOUR_BY, persist_state="session") or "found by"
    )
    ids = {id for ranking in shown.trace.rankings.values() for id in ranking.ids[: shown.results]}
    kinds = {id: _grade(shown, id) if by == "grade" else _found(shown, id) for id in ids}
    palette = charts.FOUND_COLOURS | {f"{grade} {GRADES[grade]}": charts.GRADE_COLOURS[grade] for grade in GRADES}
    colours = {id: palette.get(kind, charts.GRADE_COLOURS[None]) for id, kind in kinds.items()}
    labels = {id: _label(shown, id) for id in ids}
    figure = charts.rank_flow(shown.trace.rankings, shown.results, colours, labels, kinds)
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="rank-flow")
    counts = Counter(kinds.values())
    dots = [
        f':color[●]{{foreground="{palette.get(kind, charts.GRADE_COLOURS[None])}"}} {kind} {count}'
        for kind, count in sorted(counts.items())
    ]
    st.caption(
        " · ".join(
            [
                *dots,
                f"thick lines end in the first {shown.results}, a line skips a stage where it is deeper than {2 * shown.results}",
            ]
        )
    )


def _grade(shown: Shown, id: str) -> str:
    grade = shown.grades.get(shown.engine.document_of[id])
    return "unjudged" if grade is None else f"{grade} {GRADES[grade]}"


def _found(shown: Shown, id: str) -> str:
    found = [name for name in ("dense", "sparse") if id in shown.trace.rankings[name].ranks]
    return "both" if len(found) == 2 else f"{found[0]} only"


def _label(shown: Shown, id: str) -> str:
    """Plotly reads tags in labels, so the two characters that make one are replaced."""
    chunk = shown.engine.chunk(id)
    text = (chunk.title or chunk.text).strip()[:46] or id
    return text.replace("&", "&amp;").replace("<", "&lt;")


def analysed(shown: Shown, pipeline: Pipeline) -> None:
    """What the analyser makes of the query, or of any text."""
    text = st.text_input("Text", shown.trace.query, help="Words as written, and the terms that BM25 counts for each.")
    tokens = pipeline.analyser.tokens(text)
    rows = [
        {
            "word": token.surface,
            "terms": "  ".join(token.terms) or "— left out",
            "in chunks": "  ".join(str(shown.engine.indexes.sparse.document_frequency(term)) for term in token.terms),
        }
        for token in tokens[:200]
    ]
    st.dataframe(pd.DataFrame(rows, columns=["word", "terms", "in chunks"]), hide_index=True, width="stretch")


def index_facts(shown: Shown, pipeline: Pipeline) -> None:
    """Sizes, and the recall of the graph against exact search."""
    indexes = shown.engine.indexes
    vectors = indexes.embedding.vectors
    facts = {
        "documents": f"{len(shown.engine.corpus.documents):,}",
        "chunks": f"{len(indexes.chunks):,}",
        "dimensions": f"{vectors.shape[1]:,}",
        "vectors": f"{vectors.nbytes / 1e6:.1f} MB",
    }
    for place, (name, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        place.metric(name, value)
    if not isinstance(pipeline.dense, HNSW) or indexes.graph is None:
        st.caption("Exact search: every vector is compared, so recall is 1 by definition. Choose HNSW to see what a graph loses.")
        return
    graph, setting, k = indexes.graph, pipeline.dense, pipeline.candidates
    batch, _ = shown.engine.embed(shown.trace.query, shown.finished)
    here = graph.recall(vectors, batch.vectors, k, setting)
    rows = np.random.default_rng(0).permutation(len(vectors))[:RECALL_SAMPLE]
    mean = cached.graph_recall(shown.key, repr(setting), k, lambda: graph.recall(vectors, vectors[rows], k, setting))
    average = f"**{mean:.3f}** on average over {len(rows)} chunks as queries"
    st.markdown(f"Recall@{k} of HNSW against exact search: **{here:.3f}** for this query, {average}.")


def pipeline_file(pipeline: Pipeline) -> None:
    """Save and load all settings as the TOML file that the terminal reads."""
    text, files = st.columns([2, 1], gap="medium")
    text.code(pipeline.to_toml(), language="toml")
    with files:
        st.download_button("Save pipeline", pipeline.to_toml(), "pipeline.toml", "application/toml", icon=":material/download:")
        st.file_uploader("Load pipeline", type="toml", key=state.PIPELINE_FILE, on_change=pipelines.load_file)
        if note := st.session_state.get(state.FILE_NOTE):
            st.error(note, icon=":material/error:")
        st.caption("The same file works in the terminal: playground evaluate FOLDER --pipeline pipeline.toml")
