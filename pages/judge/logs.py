"""Queries from a log of what people really asked: a sample of its head, torso and tail, reviewed before it enters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from pages.common import cached, state
from pages.common.markup import counted
from pages.judge.candidates import Candidate, candidates_table
from pages.judge.working import Working, anew, asked, figures, kept, refusals, round_of, store_button
from retrieval import PlaygroundError, Query, judging

UPLOADS = "log"
RATER = "clicks"
RELATED = 1
CLICKED = 3  # documents that are named in a cell


def logs(working: Working) -> None:
    """Draw it."""
    upload, choose = st.columns([1.5, 1], gap="large")
    file = upload.file_uploader(
        "A query log: CSV or TSV with the columns query, count, clicked document and time, or one query a line",
        type=["csv", "tsv", "txt", "log"],
        key=f"{state.QUERY_UPLOADS} {UPLOADS} {round_of(UPLOADS)}",
    )
    if file is None:
        upload.caption("Query is enough. The same query in other cases and spaces is counted once, in its usual spelling.")
        return
    with choose:
        sample = _sample()
    with st.spinner("Reading the log"):
        log = kept(state.LOG, file.file_id, lambda: judging.read_log(file.name, file.getvalue()))
    figures({"Rows read": log.rows, "Requests": log.requests, "Different queries": len(log.queries), "Refused": len(log.refused)})
    if log.untimed:
        st.caption(f"The time of {log.untimed:,} rows cannot be read; they count all the same.")
    refusals([(refusal.where, refusal.reason) for refusal in log.refused], "log")
    if sample is not None and log.queries:
        texts = tuple(query.text for query in working.queries)
        key = (file.file_id, sample, texts, working.language)
        _review(working, file.file_id, kept(state.LOG_DRAWN, key, lambda: sample.draw(log, texts, working.language)))


def _sample() -> judging.LogSample | None:
    """The controls of the sample; None, with the reason on the page, where it cannot be drawn so."""
    size, seed = st.columns(2, gap="small")
    many = size.number_input("Queries", 1, 1_000, 50, key="log size", persist_state="session")
    drawn = seed.number_input("Seed", 0, 10_000, 0, key="log seed", persist_state="session", help="Another one, another sample.")
    shares = []
    helps = {
        "Head": "The most frequent queries, which make up a third of all requests.",
        "Torso": "The queries of the second third of the requests.",
        "Tail": "All rarer queries, the last third of the requests.",
    }
    for place, (band, words) in zip(st.columns(3, gap="small"), helps.items(), strict=True):
        shares.append(
            place.number_input(f"{band}, parts", 0.0, 10.0, 1.0, 0.5, key=f"log {band}", persist_state="session", help=words)
        )
    try:
        return judging.LogSample(int(many), int(drawn), *shares)
    except PlaygroundError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _review(working: Working, file_id: str, drawn: Sequence[judging.Candidate]) -> None:
    """The candidates, and the button."""
    if not drawn:
        st.info("All queries of this log are in the set already.", icon=":material/inbox:")
        return
    counts = Counter(candidate.band for candidate in drawn)
    st.caption("Drawn: " + " · ".join(f"{counts[band]:,} from the {band}" for band in judging.BANDS))
    by_id = {candidate.query().id: candidate for candidate in drawn}
    taken = candidates_table(f"{file_id} {hash(tuple(by_id))}", [_candidate(candidate) for candidate in drawn])
    verdicts = _clicks(working, taken, by_id)

    def add() -> str:
        cached.judgments().give(working.record.key, verdicts, taken)
        anew(UPLOADS)
        clicks = f", with {len(verdicts):,} judgments by the rater {RATER}" if verdicts else ""
        return f"{asked(len(taken))} of the log added{clicks}."

    store_button(f"Add {asked(len(taken))}", "add of log", "add", add, not taken)


def _candidate(found: judging.Candidate) -> Candidate:
    clicks = found.logged.clicks
    named = " · ".join(f"{document} ({count:,})" for document, count in clicks[:CLICKED])
    more = f" and {len(clicks) - CLICKED:,} more" if len(clicks) > CLICKED else ""
    facts = {"requests": found.logged.count, "band": found.band} | ({"clicked": named + more} if clicks else {})
    return Candidate(found.query(), found.suggestion.reason, facts)


def _clicks(working: Working, taken: Sequence[Query], by_id: dict[str, judging.Candidate]) -> list[judging.Verdict]:
    """The judgments that clicks stand for, where the user wants that: a click says that a result was looked at, no more."""
    clicked = [(query.id, document) for query in taken for document, _ in by_id[query.id].logged.clicks]
    if not clicked:
        return []
    rows = working.rows
    there = [(query, document) for query, document in clicked if document in rows]
    on = st.toggle(
        f"Count a click as Related ({RELATED}): {len(there):,} judgments by the rater {RATER}",
        False,
        key=state.CLICKS,
        disabled=not there,
        help="People click what ranks high and looks right, so a click is weak evidence. Off: clicks are only shown.",
    )
    if gone := len(clicked) - len(there):
        st.caption(f"Left out: {counted(gone, 'clicked document')} that the corpus does not have.")
    return [judging.Verdict(query, document, RELATED, rater=RATER) for query, document in there] if on else []
