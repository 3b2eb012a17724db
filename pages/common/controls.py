"""Widgets to settings: each function draws one stage's controls and returns the frozen value they stand for.

Every widget is bound to the URL under its key, so that a copied link reproduces the view.
"""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from pages.common import state
from retrieval import (
    BM25_VARIANTS,
    DENSE,
    EMBEDDERS,
    FUSIONS,
    HNSW,
    LSA,
    RERANKERS,
    RRF,
    Analyser,
    CrossEncoder,
    Exact,
    LateInteraction,
    NoReranker,
    Pipeline,
    SentenceTransformerModel,
    Weighting,
    languages,
)

DEFAULTS = Pipeline()
BOUND: dict[str, Any] = {"bind": "query-params"}


def slider(label: str, low: float, high: float, *given: float, key: str, **options: Any) -> Any:
    """A slider whose ends give way to a value from a pipeline file that lies beyond them; Streamlit would refuse it."""
    value = st.session_state.get(key)
    if isinstance(value, int | float):
        low, high = min(low, type(low)(value)), max(high, type(high)(value))
    return st.slider(label, low, high, *given, key=key, **options)


def embedder_kind() -> str:
    """The family of embedders."""
    return st.selectbox(
        "Embedder",
        list(EMBEDDERS),
        key=state.EMBEDDER,
        **BOUND,
        help="sentence-transformers: any bi-encoder. LSA: TF-IDF and a truncated SVD, learned from this corpus alone.",
    )


def embedder(kind: str) -> SentenceTransformerModel | LSA:
    """The model that makes vectors."""
    if EMBEDDERS[kind] is LSA:
        help_text = "16 = coarse topics · 512 = close to the words themselves."
        return LSA(slider("Dimensions", 16, 512, 256, 16, key=state.LSA_DIMENSIONS, help=help_text, **BOUND))
    model = st.text_input(
        "Model",
        SentenceTransformerModel().model,
        key=state.MODEL,
        help="A hub name or a local folder. all-MiniLM-L6-v2 needs no network.",
        **BOUND,
    )
    prompt_help = "Put in front of every {}. Empty: what the model declares. E5 wants 'query: ' and 'passage: '."
    query = st.text_input("Query prompt", key=state.QUERY_PROMPT, help=prompt_help.format("query"), **BOUND)
    document = st.text_input("Document prompt", key=state.DOCUMENT_PROMPT, help=prompt_help.format("document"), **BOUND)
    return SentenceTransformerModel((model or SentenceTransformerModel().model).strip(), query or None, document or None)


def dense() -> Exact | HNSW:
    """Exact or approximate search."""
    kind = st.selectbox(
        "Vector search",
        list(DENSE),
        key=state.DENSE,
        help="exact: every vector is compared. HNSW: a graph, faster and approximate.",
        **BOUND,
    )
    if DENSE[kind] is Exact:
        return Exact()
    ef_search = slider(
        "ef_search",
        10,
        500,
        100,
        10,
        key=state.EF_SEARCH,
        help="10 = fast · 500 = exact. Live. Never below the candidates.",
        **BOUND,
    )
    m = slider(
        "M",
        4,
        64,
        16,
        2,
        key=state.HNSW_M,
        help="4 = small graph · 64 = high recall. Rebuilds the graph, not the vectors.",
        **BOUND,
    )
    construction = slider(
        "ef_construction",
        20,
        500,
        200,
        20,
        key=state.EF_CONSTRUCTION,
        help="20 = quick build · 500 = good graph. Rebuilds the graph.",
        **BOUND,
    )
    return HNSW(m, construction, ef_search)


def bm25_variant() -> str:
    """The scoring formula."""
    return st.selectbox(
        "BM25 variant",
        list(BM25_VARIANTS),
        key=state.BM25,
        **BOUND,
        help="Okapi, Plus and L as in rank-bm25; Lucene is what OpenSearch and Elasticsearch run.",
    )


def bm25(kind: str) -> Any:
    """The formula with its live k1 and b."""
    k1 = slider(
        "k1", 0.0, 3.0, 1.2, 0.05, key=state.K1, help="0 = a word counts once · 3 = every repetition counts. Live.", **BOUND
    )
    b = slider("b", 0.0, 1.0, 0.75, 0.05, key=state.B, help="0 = length is ignored · 1 = long texts pay in full. Live.", **BOUND)
    return BM25_VARIANTS[kind](k1=k1, b=b)


def analyser() -> Analyser:
    """What BM25 sees of a text."""
    language = st.selectbox(
        "Language",
        languages(),
        index=languages().index(DEFAULTS.analyser.language),
        key=state.LANGUAGE,
        help="Of stop words and stems. Chinese, Japanese and Korean are cut into character pairs in any case.",
        **BOUND,
    )
    stop_words = st.toggle(
        "Leave out stop words", True, key=state.STOP_WORDS, help="the, and, of … carry no meaning of their own.", **BOUND
    )
    stems = st.toggle("Stem words", True, key=state.STEMS, help="relays → relay, so that one form finds the other.", **BOUND)
    identifiers = st.toggle(
        "Identifiers whole and in parts",
        True,
        key=state.IDENTIFIERS,
        help="AB-1234-X is found whole, and by AB, 1234 or X.",
        **BOUND,
    )
    return Analyser(language, stop_words, stems, identifiers)


def weight() -> float:
    """The dense-to-sparse weight."""
    return slider(
        "Weight: 0 = keywords only · 1 = meaning only",
        0.0,
        1.0,
        0.5,
        0.01,
        key=state.WEIGHT,
        help="The share of the dense ranking in the fused score.",
        **BOUND,
    )


def fusion() -> Any:
    """The fusion method."""
    kind = st.selectbox(
        "Fusion", list(FUSIONS), key=state.FUSION, help="RRF looks at ranks; the others sum normalised scores.", **BOUND
    )
    if FUSIONS[kind] is not RRF:
        return FUSIONS[kind]()
    k = slider("RRF k", 1, 200, 60, key=state.RRF_K, help="1 = the top ranks decide · 200 = all ranks count alike.", **BOUND)
    st.caption(f"score = weight / ({k} + dense rank) + (1 - weight) / ({k} + sparse rank)")
    return RRF(k)


def candidates() -> int:
    """Depth of each retriever."""
    return slider(
        "Candidates per retriever", 10, 500, 100, 10, key=state.CANDIDATES, help="10 = quick · 500 = nothing is missed.", **BOUND
    )


def blend() -> float:
    """How much the reranker decides."""
    return slider(
        "Blend: 0 = fused only · 1 = reranker only",
        0.0,
        1.0,
        0.5,
        0.01,
        key=state.BLEND,
        help="The share of the reranker's score, both as z-scores within the candidates.",
        **BOUND,
    )


def reranker() -> LateInteraction | CrossEncoder | NoReranker:
    """The reranker."""
    kind = RERANKERS[
        st.selectbox(
            "Reranker",
            list(RERANKERS),
            key=state.RERANKER,
            **BOUND,
            help="late interaction: best match of every query token, no download. cross-encoder: reads both together, slow.",
        )
    ]
    if kind is CrossEncoder:
        model = st.text_input(
            "Cross-encoder", CrossEncoder().model, key=state.RERANK_MODEL, help="A hub name or a local folder.", **BOUND
        )
        return CrossEncoder((model or CrossEncoder().model).strip())
    if kind is LateInteraction:
        weighting = st.selectbox(
            "Query tokens weighted by",
            get_args(Weighting),
            key=state.WEIGHTING,
            help="idf: rare tokens decide. spread: tokens that tell candidates apart decide. mean: all alike.",
            **BOUND,
        )
        whole = slider(
            "Share of the whole text",
            0.0,
            1.0,
            0.2,
            0.05,
            key=state.WHOLE,
            help="0 = tokens only · 1 = the cosine of whole texts only.",
            **BOUND,
        )
        return LateInteraction(weighting, whole)
    return NoReranker()


def rerank_count(results: int) -> int:
    """How many candidates the reranker sees; at least as many as are shown."""
    count = slider(
        "Rerank count",
        5,
        200,
        50,
        5,
        key=state.RERANK_COUNT,
        help="5 = quick · 200 = rescues deep documents. Never below the results shown.",
        **BOUND,
    )
    return max(count, results)


def results() -> int:
    """How many results each column shows."""
    return slider("Results shown", 3, 30, 10, key=state.RESULTS, help="3 = an overview · 30 = the long tail.", **BOUND)
