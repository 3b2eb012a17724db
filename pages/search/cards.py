"""Result cards: what one ranking found, with movement, matches, the other retriever's rank and the grade."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.common import state
from pages.common.markup import marked, plain
from retrieval import GRADES, Chunk, Engine, Finished, Query, Trace

OTHER = {"dense": "sparse", "sparse": "dense"}
GRADE_BADGES = {0: "gray", 1: "blue", 2: "violet", 3: "green"}
PASSAGE_WIDTH = 180
TITLE_LENGTH = 90


@dataclass(frozen=True)
class Shown:
    """What every card of a page needs. `grades` are by document, `passages` by chunk: the best grade of the places in it."""

    engine: Engine
    finished: Finished
    trace: Trace
    key: str
    query: Query | None
    grades: Mapping[str, int]
    passages: Mapping[str, int]
    results: int
    grade: Callable[[str, int | None, str, str], None]


def column(shown: Shown, stage: str) -> None:
    """The cards of one stage."""
    ranking = shown.trace.rankings[stage]
    if not len(ranking):
        st.info("Nothing found.", icon=":material/search_off:")
    for chunk_id in ranking.ids[: shown.results]:
        with st.container(border=True, gap="xsmall", key=f"card-{stage}-{ranking.ranks[chunk_id]}"):
            st.markdown(card_text(shown, stage, chunk_id))
            _actions(shown, stage, chunk_id)


def card_text(shown: Shown, stage: str, chunk_id: str) -> str:
    """The Markdown of one card; all user text is escaped."""
    ranking = shown.trace.rankings[stage]
    chunk = shown.engine.chunk(chunk_id)
    score = ranking.score_of(chunk_id) or 0.0
    pieces = shown.engine.passage(chunk_id, shown.trace.query, PASSAGE_WIDTH, shown.finished)
    title = plain(chunk.title[:TITLE_LENGTH]) or plain(chunk.text[:60])
    place = f"**{ranking.ranks[chunk_id]}** {movement(shown.trace, stage, chunk_id)}"
    head = f"{place} :gray[{score:.4f}] {grade_badge(shown, chunk_id)}"
    foot = f":gray[:small[{plain(chunk_id)}]] {found_by(shown.trace, stage, chunk_id)}"
    where = place_of(chunk)
    title = f"**{title}**  \n:gray[:small[{plain(where)}]]" if where else f"**{title}**"
    return f"{head}  \n{title}  \n:small[{marked(pieces)}]  \n{foot}"


def place_of(chunk: Chunk) -> str:
    """Where in its document a chunk stands: its page or pages and the headings above it, the title left out."""
    pages = []
    if chunk.pages is not None:
        first, last = chunk.pages
        pages = [f"page {first}" if first == last else f"pages {first}–{last}"]
    headings = [heading for heading in chunk.headings if heading != chunk.title]
    return " · ".join([*pages, *([" › ".join(headings)] if headings else [])])


def movement(trace: Trace, stage: str, chunk_id: str) -> str:
    """`▲3`, `▼2`, `=` or `new` against the previous stage; for fusion that is the better of the two retrievers' ranks."""
    rank = trace.rankings[stage].ranks[chunk_id]
    before = previous_rank(trace, stage, chunk_id)
    if stage in OTHER:
        return ""
    if before is None:
        return ":violet[new]"
    if before == rank:
        return ":gray[=]"
    return f":green[▲{before - rank}]" if before > rank else f":red[▼{rank - before}]"


def previous_rank(trace: Trace, stage: str, chunk_id: str) -> int | None:
    """The rank before `stage`: in the fused ranking for reranked, the better retriever's for fused."""
    if stage == "reranked":
        return trace.rankings["fused"].ranks.get(chunk_id)
    ranks = [trace.rankings[retriever].ranks.get(chunk_id) for retriever in OTHER]
    return min((rank for rank in ranks if rank is not None), default=None)


def found_by(trace: Trace, stage: str, chunk_id: str) -> str:
    """Where the other retriever, or both, have this result."""
    names = (OTHER[stage],) if stage in OTHER else tuple(OTHER)
    said = []
    for name in names:
        rank = trace.rankings[name].ranks.get(chunk_id)
        colour = "blue" if name == "dense" else "orange"
        said.append(f":{colour}-badge[{name} {rank}]" if rank is not None else f":gray-badge[not {name}]")
    return " ".join(said)


def grade_badge(shown: Shown, chunk_id: str) -> str:
    """The grade in words and colour; "unjudged" looks different from "irrelevant"; nothing for a query without judgments."""
    if shown.query is None:
        return ""
    grade, passage = shown.grades.get(shown.engine.document_of[chunk_id]), shown.passages.get(chunk_id)
    said = ":gray[*unjudged*]" if grade is None else f":{GRADE_BADGES[grade]}-badge[{grade} {GRADES[grade]}]"
    return said if passage is None else f"{said} :{GRADE_BADGES[passage]}-badge[passage {passage}]"


def _actions(shown: Shown, stage: str, chunk_id: str) -> None:
    """One-click grades where the query is judged, and the way to the explanation."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if shown.query is not None:
            _grading(shown, stage, chunk_id, shown.query)
        st.button(
            "Why?",
            key=state.why_key(stage, chunk_id),
            type="tertiary",
            icon=":material/help:",
            help="Why is this result here?",
            on_click=lambda: st.session_state.update({state.WHY: chunk_id}),
        )


def _grading(shown: Shown, stage: str, chunk_id: str, query: Query) -> None:
    document = shown.engine.document_of[chunk_id]
    grade = shown.grades.get(document)
    key = state.grade_key(stage, query.id, chunk_id, grade)
    st.session_state.setdefault(key, grade)
    st.segmented_control(
        "Grade",
        list(GRADES),
        key=key,
        label_visibility="collapsed",
        on_change=shown.grade,
        args=(key, grade, query.id, document),
    )
