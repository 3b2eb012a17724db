"""Queries drawn from the corpus itself: a sentence or heading of a document, for which that document is the one to be found."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, state
from pages.judge.candidates import Candidate, candidates_table, suggested
from pages.judge.working import Working, asked, busy, figures, store_button
from retrieval import PlaygroundError, judging


def known(working: Working) -> None:
    """Draw it."""
    st.markdown(
        ":orange-badge[:material/smart_toy: synthetic] A distinctive sentence or heading of a document becomes a query for it:"
        " a start without any label. Such queries repeat the words of their document, so they flatter keyword search; they tell"
        " whether a pipeline works, not which of two is better for what people ask."
    )
    settings = _settings()
    if settings is None:
        return
    corpus = cached.corpus(working.corpus)
    if st.button("Draw", key="draw known items", icon=":material/casino:"):
        with busy("Reading the documents") as progress:
            drawn = settings.draw(corpus.documents, working.analyser, progress)
        st.session_state[state.KNOWN_ITEMS] = (corpus.fingerprint, drawn)
    of, found = st.session_state.get(state.KNOWN_ITEMS, (None, None))
    if of == corpus.fingerprint:
        _review(working, found)


def _settings() -> judging.KnownItems | None:
    """The controls of the draw; None, with the reason on the page, where it cannot be made so."""
    size, seed, shortest, longest, headings = st.columns([1, 1, 1, 1, 1.6], gap="small", vertical_alignment="bottom")
    many = size.number_input("Queries", 1, 1_000, 50, key="known size", persist_state="session", help="One a document.")
    drawn = seed.number_input("Seed", 0, 10_000, 0, key="known seed", persist_state="session", help="Another one, another draw.")
    least = shortest.number_input("Shortest, words", 1, 50, 4, key="known shortest", persist_state="session")
    most = longest.number_input("Longest, words", 1, 50, 20, key="known longest", persist_state="session")
    titles = headings.toggle("Titles and headings too", True, key="known headings", persist_state="session")
    try:
        return judging.KnownItems(int(many), int(drawn), int(least), int(most), bool(titles))
    except PlaygroundError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _review(working: Working, drawn: judging.Drawn) -> None:
    """The queries that were drawn, and the button."""
    there = working.ids
    new = {item.query.id: item for item in drawn.items if item.query.id not in there}
    figures({"Drawn": len(drawn.items), "There already": len(drawn.items) - len(new), "Documents passed over": drawn.passed_over})
    if drawn.passed_over:
        st.caption("Passed over: documents without a sentence or heading of this length that no other document has.")
    if not new:
        st.info("None of these is new to the set; draw with another seed.", icon=":material/inbox:")
        return
    rows, documents = working.rows, working.documents
    titles = {id: documents[rows[item.document_id]].title or item.document_id for id, item in new.items()}
    found = [
        Candidate(one.query, one.reason, {"document": titles[one.query.id]})
        for one in suggested((item.query for item in new.values()), working.language)
    ]
    taken = candidates_table(f"known {hash(tuple(new))}", found)
    verdicts = [
        judging.Verdict(query.id, new[query.id].document_id, new[query.id].judgment.grade, rater=judging.KNOWN_ITEM)
        for query in taken
    ]

    def add() -> str:
        cached.judgments().give(working.record.key, verdicts, taken)
        st.session_state.pop(state.KNOWN_ITEMS, None)
        return f"{asked(len(taken), 'synthetic')} added, each with its document as Perfect (3) by the rater {judging.KNOWN_ITEM}."

    store_button(f"Add {asked(len(taken), 'synthetic')}", "add known items", "add", add, not taken)
