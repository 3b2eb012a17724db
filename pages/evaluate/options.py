"""How it is measured: the popover Options, and the queries that are asked."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.common import state
from retrieval import Query, judging

EVERY = next(iter(judging.PORTIONS))


@dataclass(frozen=True)
class Options:
    """`passages`: on the passages that are judged, where there are any. `portion` is one of `judging.PORTIONS`."""

    repetitions: int = 1
    condensed: bool = False
    passages: bool = True
    portion: str = EVERY
    budget: int = 50


def options_popover(queries: Sequence[Query]) -> Options:
    """Draw it."""
    with st.popover("Options", icon=":material/tune:", width="stretch"):
        repetitions = st.slider(
            "Repetitions",
            1,
            20,
            1,
            key=state.PASSES,
            bind="query-params",
            persist_state="session",
            help="1 = quick · 20 = steady times. How often every query is timed; rankings are the same each time.",
        )
        budget = st.number_input(
            "Budget, ms",
            1,
            60_000,
            50,
            key=state.BUDGET,
            bind="query-params",
            help="What a query may take at p95; what takes longer is marked.",
        )
        condensed = st.toggle(
            "Condensed lists",
            False,
            key=state.CONDENSED,
            bind="query-params",
            persist_state="session",
            help="Off: a result without a judgment counts as irrelevant. On: it is removed before scoring (Sakai, 2007).",
        )
        passages = st.toggle(
            "Passages where judged",
            True,
            key=state.PASSAGES,
            bind="query-params",
            persist_state="session",
            help="On: queries with judged passages are scored on these. Off: every query is scored on documents.",
        )
        portion = _portion(queries)
        if any(map(judging.is_synthetic, queries)):
            st.toggle(
                "Synthetic queries",
                True,
                key=state.SYNTHETIC,
                persist_state="session",
                help="Known items: words of a document, which nobody ever asked. Off: they are left out.",
            )
    return Options(int(repetitions), bool(condensed), bool(passages), portion, int(budget))


def _portion(queries: Sequence[Query]) -> str:
    """Which part of a set that holds queries out."""
    if not any(query.held_out for query in queries):
        return EVERY
    return st.radio(
        "Queries",
        list(judging.PORTIONS),
        key=state.PORTION,
        bind="query-params",
        persist_state="session",
        help="Nothing may be tuned on held-out queries; what was tuned is believed where it wins on these.",
    )


def asked(queries: Sequence[Query], judged: Container[str], options: Options) -> tuple[Query, ...]:
    """The judged queries that are evaluated."""
    kept = queries if st.session_state.get(state.SYNTHETIC, True) else judging.without_synthetic(queries)
    return tuple(query for query in judging.portion_of(kept, options.portion) if query.id in judged)
