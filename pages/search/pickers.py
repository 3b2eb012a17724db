"""What is searched: the corpus, the query or a judged query of its set, and the engine behind them."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.common import cached, choosing, pipelines, state
from pages.common.judging import queries_of, query_set_picker, rater
from pages.common.markup import plain
from pages.search.keeping import keeping
from retrieval import GRADES, Engine, Pipeline, PlaygroundError, Query, grades_by_query, judging, kind_of


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


def queries_with_text(query_set: judging.QuerySet | None) -> tuple[Query, ...]:
    """The queries of a set, in its order, but for those whose words are not known."""
    return tuple(query for query in queries_of(query_set) if query.text) if query_set else ()


def judged(query_set: judging.QuerySet | None, queries: tuple[Query, ...]) -> tuple[Query, ...]:
    """Those of a set's queries that carry judgments."""
    counted = cached.counted_by_query(query_set.key) if query_set else {}
    return tuple(query for query in queries if query.id in counted)


def grades_of(query_set: judging.QuerySet, query_id: str) -> dict[str, int]:
    """Grade by document id for a query, by the rule of the set."""
    return grades_by_query(cached.counted_by_query(query_set.key).get(query_id, ())).get(query_id, {})


def passages_of(query_set: judging.QuerySet, query_id: str, engine: Engine) -> dict[str, int]:
    """Grade by chunk id where places in documents are judged for a query; chunks that hold none are left out."""
    spans = [item for item in cached.counted_by_query(query_set.key).get(query_id, ()) if item.span]
    if not spans:
        return {}
    return judging.inherited(spans, engine.indexes.chunks.of({item.document_id for item in spans}))[query_id]


def query_row() -> tuple[str, judging.QuerySet | None, str, Query | None]:
    """Corpus, query box and the walk through judged queries; returns corpus, query set, text, and the query of the set it is."""
    left, middle, keep, right = st.columns([1.2, 2.4, 0.3, 2.1], gap="small", vertical_alignment="bottom")
    with left:
        corpus = choosing.corpus_picker(on_change=_forget_query, help="The documents to search.")
    with middle:
        text = st.text_input(
            "Query", key=state.QUERY, bind="query-params", placeholder="Type a query, or pick a judged one", max_chars=100_000
        )
    with right:
        query_set, walk = _query_set(corpus)
    every = queries_with_text(query_set)
    walked = judged(query_set, every)
    known = next((query for query in (*walked, *every) if query.text == text), None)
    with walk:
        _walk(walked, known if known in walked else None)
    with keep:
        keeping(corpus, query_set, text or "", known)
    return corpus, query_set, text or "", known


def _query_set(corpus: str) -> tuple[judging.QuerySet | None, DeltaGenerator]:
    """The query set to walk through, chosen where there are several, and the place of the walk."""
    found = cached.sets_of(corpus)
    if len(found) < 2:
        return next(iter(found), None), st.container()
    chooser, walk = st.columns([1, 2], gap="xsmall", vertical_alignment="bottom")
    with chooser:
        return query_set_picker(corpus), walk


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


def store_grade(query_set: str, key: str, shown: int | None, query_id: str, document_id: str) -> None:
    """Callback of a grading control: the grade is on disk before the page is drawn again.

    What counts may be another grade by the rule of the set, or one that other people gave: then a message says so, and the
    control goes on showing it, as it has `shown` before.
    """
    grade: int | None = st.session_state[key]
    st.session_state[key] = shown
    try:
        cached.judgments().give(query_set, [judging.Verdict(query_id, document_id, grade, rater=rater())])
    except PlaygroundError as error:
        st.toast(str(error), icon=":material/error:")
        return
    counted = grades_of(cached.query_sets().record(query_set), query_id).get(document_id)
    if counted != grade:
        what = "no grade" if counted is None else f"{counted} {GRADES[counted]}"
        st.toast(f"Stored. By the rule of the query set, {what} counts for this document.", icon=":material/rule:")


def invitation(corpus: str, query_set: judging.QuerySet | None) -> None:
    """What to do where no query is given."""
    collection = cached.collection(corpus)
    st.divider()
    st.markdown(f"#### {len(collection.documents):,} documents are waiting for a query")
    queries = judged(query_set, queries_with_text(query_set))
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
