"""What is searched: the corpus, the query or a judged query of its set, and the engine behind them."""

from __future__ import annotations

import streamlit as st

from pages.common import building, cached, choosing, pipelines, state
from pages.common.markup import plain
from retrieval import Engine, Finished, ModelUnavailable, Pipeline, Query, grades_by_query, kind_of

DEFAULTS = Pipeline()
INDEXED = ("chunker", "embedder", "analyser", "dense")
MISSING = "The index for these settings is not built yet. Meanwhile the index before stays in use, where there is one."


def presets(pipeline: Pipeline) -> None:
    """Presets of weight and reranker; the one in force is lit, none where the settings are the user's own."""
    st.session_state[state.PRESET] = pipelines.preset_of(pipeline.weight, kind_of("reranker", pipeline.reranker))
    st.segmented_control(
        "Preset",
        list(pipelines.PRESETS),
        key=state.PRESET,
        on_change=pipelines.choose_preset,
        label_visibility="collapsed",
        help="Keywords only: weight 0. Meaning only: weight 1. Hybrid: equal weights. Hybrid + rerank: late interaction on top.",
    )


def judged_queries(corpus: str) -> tuple[Query, ...]:
    """The queries of a corpus's query set that carry judgments, in the set's order."""
    collection = cached.collection(corpus)
    judged = {judgment.query_id for judgments in collection.judgments.values() for judgment in judgments}
    return tuple(query for query in collection.queries if query.id in judged)


def grades_of(corpus: str, query: Query | None) -> dict[str, int]:
    """Grade by document id: what came with the corpus, with what was graded here on top."""
    if query is None:
        return {}
    shipped = tuple(judgment for judgments in cached.collection(corpus).judgments.values() for judgment in judgments)
    return grades_by_query(cached.judgments().overlay(corpus, shipped)).get(query.id, {})


def query_row() -> tuple[str, str, Query | None]:
    """Corpus, query box and the walk through judged queries; returns the corpus, the text, and the judged query that it is."""
    left, middle, right = st.columns([1.2, 2.6, 2.2], gap="small", vertical_alignment="bottom")
    with left:
        corpus = choosing.corpus_picker(on_change=_forget_query, help="The documents to search.")
    with middle:
        text = st.text_input(
            "Query", key=state.QUERY, bind="query-params", placeholder="Type a query, or pick a judged one", max_chars=100_000
        )
    queries = judged_queries(corpus)
    judged = next((query for query in queries if query.text == text), None)
    with right:
        _walk(queries, judged)
    return corpus, text or "", judged


def _walk(queries: tuple[Query, ...], judged: Query | None) -> None:
    """The picker over judged queries with previous and next; it always shows the query that is in the box."""
    by_id = {query.id: query for query in queries}
    st.session_state[state.PICKED] = judged.id if judged else None
    picker, before, after = st.columns([6, 1, 1], gap="xsmall", vertical_alignment="bottom")
    with picker:
        st.selectbox(
            f"Query set · {len(queries)} judged",
            list(by_id),
            key=state.PICKED,
            format_func=lambda id: f"{by_id[id].category} · {by_id[id].text}" if by_id[id].category else by_id[id].text,
            on_change=lambda: _take(by_id.get(st.session_state[state.PICKED])),
            placeholder="Pick a judged query",
            help="Queries with judgments, each with its class.",
            disabled=not queries,
        )
    at = list(by_id).index(judged.id) if judged else -1
    with before:
        st.button(
            "",
            key="previous",
            icon=":material/chevron_left:",
            help="Previous judged query",
            disabled=at <= 0,
            on_click=_take,
            args=(queries[at - 1] if at > 0 else None,),
            width="stretch",
        )
    with after:
        last = at >= len(queries) - 1
        st.button(
            "",
            key="next",
            icon=":material/chevron_right:",
            help="Next judged query",
            disabled=last,
            on_click=_take,
            args=(None if last else queries[at + 1],),
            width="stretch",
        )


def _take(query: Query | None) -> None:
    if query is not None:
        st.session_state[state.QUERY] = query.text


def _forget_query() -> None:
    st.session_state[state.QUERY] = ""


def store_grade(key: str, query_id: str, document_id: str) -> None:
    """Callback of a grading control: the grade is on disk before the page is drawn again."""
    corpus = st.session_state[state.CORPUS]
    cached.judgments().add(corpus, query_id, document_id, st.session_state[key])


def invitation(corpus: str) -> None:
    """What to do where no query is given."""
    collection = cached.collection(corpus)
    st.divider()
    st.markdown(f"#### {len(collection.documents):,} documents are waiting for a query")
    queries = judged_queries(corpus)
    if not queries:
        st.markdown("Type one above. This corpus has no judged queries, so results come without grades and quality.")
        return
    st.markdown("Type one above, walk through the judged queries with :material/chevron_right:, or start from one of these:")
    seen: dict[str, Query] = {}
    for query in queries:
        seen.setdefault(query.category, query)
    for category, query in list(seen.items())[:8]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(plain(category) or "query", color="gray")
            st.button(plain(query.text), key=f"start {query.id}", type="tertiary", on_click=_take, args=(query,))


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
        good: Pipeline = st.session_state.get(state.LAST_GOOD, DEFAULTS)
        st.error(f"{error} The previous choice stays in use.", icon=":material/cloud_off:")
        return opened(pipeline.with_(embedder=good.embedder, reranker=good.reranker))
    st.session_state[state.LAST_GOOD] = pipeline
    return result
