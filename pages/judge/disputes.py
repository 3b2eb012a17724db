"""The queue of disagreements: places with different grades, the largest difference first, opened or settled from here."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.common import cached, state
from pages.common import judging as common
from pages.common.markup import counted, marked, plain
from pages.judge import beside
from retrieval import GRADES, Analyser, Document, PlaygroundError, Query, judging, passage

A_PAGE = 10
WIDTH = 280
READ = 20_000  # characters of a document in which the query's words are looked for
BADGES = {0: "gray", 1: "blue", 2: "violet", 3: "green"}
OPEN, EVERY = "open", "all"
Counting = Mapping[tuple[str, str, int | None, int | None], int]


def disputes(corpus: str, chosen: judging.QuerySet, found: judging.Comparison, analyser: Analyser) -> None:
    """Draw it."""
    st.markdown("##### Disagreements")
    if not found.disagreements:
        places = counted(found.alpha.places, "place")
        st.success(f"No disagreement: on {places} that two or more graded, all grades are the same.", icon=":material/handshake:")
        return
    if not common.rater():
        common.ask_rater()
    queue = _choice(chosen, found.disagreements)
    if not queue:
        st.success("The adjudicator has decided every disagreement.", icon=":material/gavel:")
        return
    pages = -(-len(queue) // A_PAGE)
    at = st.session_state[state.DISPUTE_PAGE] = min(st.session_state.get(state.DISPUTE_PAGE, 1), pages)
    queries = {query.id: query for query in cached.query_sets().queries(chosen.key)}
    counts: Counting = {
        (item.query_id, item.document_id, item.start, item.end): item.grade for item in cached.counted(chosen.key)
    }
    for item in queue[(at - 1) * A_PAGE : at * A_PAGE]:
        with st.container(border=True, gap="small"):
            _card(corpus, chosen, item, queries[item.query_id], counts, analyser)
    if pages > 1:
        st.pagination(pages, key=state.DISPUTE_PAGE)


def _choice(chosen: judging.QuerySet, every: tuple[judging.Disagreement, ...]) -> tuple[judging.Disagreement, ...]:
    """The disagreements to list: where an adjudicator counts, those that he or she has not decided, unless all are asked for."""
    kind, _, name = chosen.rule.partition(":")
    if kind != "adjudicator":
        return every
    left = tuple(item for item in every if name not in item.grades)
    wanted = st.segmented_control(
        "Listed disagreements",
        [OPEN, EVERY],
        default=OPEN,
        required=True,
        key=state.DISPUTED,
        format_func=lambda which: f"not decided by the adjudicator ({len(left):,})" if which == OPEN else f"all ({len(every):,})",
        label_visibility="collapsed",
    )
    return every if wanted == EVERY else left


def _card(
    corpus: str, chosen: judging.QuerySet, item: judging.Disagreement, query: Query, counts: Counting, analyser: Analyser
) -> None:
    """One place: what it is, who said what, what counts, and what can be done."""
    what, said = st.columns([1.5, 1], gap="large")
    with what:
        st.markdown(_place(corpus, item, query, analyser))
    with said:
        st.markdown("  \n".join(_word(word) for word in item.words))
        grade = counts.get((item.query_id, item.document_id, item.start, item.end))
        st.markdown(f":small[:gray[what counts:] **{'nothing' if grade is None else f'{grade} {GRADES[grade]}'}**]")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _actions(chosen, item)


def _place(corpus: str, item: judging.Disagreement, query: Query, analyser: Analyser) -> str:
    """Query and document as Markdown, with some of the text around the query's words."""
    head = f"**{plain(query.text)}**"
    documents = cached.corpus(corpus)
    row = cached.rows(documents.fingerprint, documents).get(item.document_id)
    if row is None:
        return f"{head}  \n:small[:gray[the document {plain(item.document_id)} is not in this corpus]]"
    document = documents.documents[row]
    where = "" if item.start is None else f" · characters {item.start:,} to {item.end:,}"
    title = f"{plain(document.title or document.id)} :gray[:small[{plain(document.id)}{where}]]"
    return f"{head}  \n{title}  \n:small[{_text(document, item, query, analyser)}]"


def _text(document: Document, item: judging.Disagreement, query: Query, analyser: Analyser) -> str:
    text = document.text[item.start : item.end][:READ]
    return marked(passage(text, analyser.tokens(text), frozenset(analyser.terms(query.text)), WIDTH))


def _word(word: judging.Verdict) -> str:
    colour = "gray" if word.grade is None else BADGES[word.grade]
    note = f" · {plain(word.note)}" if word.note else ""
    return f":{colour}-badge[{common.label(word)}] :small[**{plain(common.who(word.rater))}**{note}]"


def _actions(chosen: judging.QuerySet, item: judging.Disagreement) -> None:
    rater = common.rater()
    place = f"{chosen.key} {item.query_id} {item.document_id} {item.start} {item.end}"
    span = None if item.start is None or item.end is None else (item.start, item.end)
    if st.button(
        "Open",
        key=f"open {place}",
        icon=":material/article:",
        help="The document in the section Judge",
        on_click=beside.open_card,
        args=(chosen.key, item.query_id, item.document_id, span),
    ):
        st.rerun()
    own = item.grades.get(rater) if rater else None
    key = f"settle {place} {rater} {own}"
    st.segmented_control(
        "Your grade",
        list(GRADES),
        default=own,
        key=key,
        format_func=lambda grade: f"{grade} {GRADES[grade]}",
        label_visibility="collapsed",
        disabled=not rater,
        on_change=settle,
        args=(chosen.key, item, key),
    )
    st.caption(f"your grade, {plain(rater)}" if rater else "say above who you are to settle it here")


def settle(query_set: str, item: judging.Disagreement, control: str) -> None:
    """Callback of the control with this key: the present rater's grade on the place, none takes it back; the note stays."""
    rater, grade = common.rater(), st.session_state[control]
    note = next((word.note for word in item.words if word.rater == rater), "") if grade is not None else ""
    word = judging.Verdict(item.query_id, item.document_id, grade, False, item.start, item.end, rater, note)
    try:
        cached.judgments().give(query_set, [word])
    except PlaygroundError as error:
        st.session_state[state.FAULT] = str(error)
        st.session_state[control] = item.grades.get(rater)
        return
    st.session_state.pop(state.FAULT, None)
