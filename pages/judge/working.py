"""What the sections on query sets and files share: the set that is worked on, changes by a press of a button, and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from pages.common import cached, state
from retrieval import Analyser, Document, PlaygroundError, Progress, Query, csv_table, judging

SHOWN = 500
Made = TypeVar("Made")


@dataclass(frozen=True)
class Working:
    """A query set of a corpus with its queries, and how texts are analysed."""

    corpus: str
    record: judging.QuerySet
    queries: tuple[Query, ...]
    analyser: Analyser

    @property
    def language(self) -> str:
        """The language of the corpus, as the analyser names it."""
        return self.analyser.language

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the queries."""
        return frozenset(query.id for query in self.queries)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the corpus."""
        return cached.corpus(self.corpus).documents

    @property
    def rows(self) -> Mapping[str, int]:
        """The place of every document, by id."""
        corpus = cached.corpus(self.corpus)
        return cached.rows(corpus.fingerprint, corpus)

    @property
    def classes(self) -> list[str]:
        """The classes that the set has, and those that the rules know."""
        return sorted({query.category for query in self.queries if query.category} | set(judging.QUERY_CLASSES))


def attempt(change: Callable[[], str], popover: str = "") -> None:
    """Callback: carry out a change and close the `popover`; `outcome` then says what `change` returns, or why it failed."""
    if popover:
        st.session_state[popover] = False
    try:
        st.session_state[state.DONE] = change()
    except PlaygroundError as error:
        st.session_state[state.NOT_DONE] = str(error)


def outcome() -> None:
    """Say once what the last change did, or why it could not be done."""
    if done := st.session_state.pop(state.DONE, None):
        st.success(done, icon=":material/check_circle:")
    if fault := st.session_state.pop(state.NOT_DONE, None):
        st.error(fault, icon=":material/error:")


def kept(slot: str, key: object, make: Callable[[], Made]) -> Made:
    """What `make` gave for `key`, kept in the session's `slot` until it is asked for another key."""
    found = st.session_state.get(slot)
    if found is None or found[0] != key:
        found = st.session_state[slot] = (key, make())
    return found[1]


@contextmanager
def busy(sentence: str) -> Iterator[Progress]:
    """A bar of progress while the block runs; gives the function that moves it."""
    bar = st.progress(0.0, sentence)

    def move(words: str, share: float) -> None:
        bar.progress(min(share, 1.0), words)

    yield move
    bar.empty()


def round_of(name: str) -> int:
    """A number that becomes another by `anew`, to be part of the key of a table or an upload that shall start empty then."""
    return int(st.session_state.get(state.TABLES, {}).get(name, 0))


def anew(name: str) -> None:
    """Have what has `round_of(name)` in its key start empty."""
    rounds = st.session_state.setdefault(state.TABLES, {})
    rounds[name] = rounds.get(name, 0) + 1


def cell(value: Any) -> str:
    """The text in a cell of a table, white space around it left out; one that was emptied holds None or NaN."""
    return "" if pd.isna(value) else str(value).strip()


def asked(count: int, kind: str = "") -> str:
    """ "1 query", "12 synthetic queries"."""
    return f"{count:,} {kind + ' ' if kind else ''}{'query' if count == 1 else 'queries'}"


def figures(named: Mapping[str, int]) -> None:
    """A row of figures."""
    for place, (name, value) in zip(st.columns(len(named), gap="small"), named.items(), strict=True):
        place.metric(name, f"{value:,}", border=True)


def refusals(rows: Sequence[tuple[str, str]], name: str) -> None:
    """What was not taken: where and why, the first 500 on the page and all of it in a file."""
    if not rows:
        return
    st.markdown(f"###### Not taken: {len(rows):,}")
    table = pd.DataFrame(rows[:SHOWN], columns=["where", "why, and what to do"])
    widths = {
        "where": st.column_config.TextColumn(width=160),
        "why, and what to do": st.column_config.TextColumn(width="large"),
    }
    st.dataframe(table, hide_index=True, width="stretch", column_config=widths, key=f"refused {name}")
    st.download_button(
        "Download the list",
        csv_table([("where", "reason"), *rows]),
        "refused.csv",
        "text/csv",
        key=f"download refused {name}",
        icon=":material/download:",
        on_click="ignore",
    )


def store_button(label: str, key: str, icon: str, store: Callable[[], str], off: bool) -> None:
    """The button at the end of a review, which stores what was chosen in it."""
    st.button(label, key=key, type="primary", icon=f":material/{icon}:", disabled=off, on_click=attempt, args=(store,))


def synthetic_switch(queries: Sequence[Query]) -> tuple[Query, ...]:
    """The one switch for synthetic queries, where there are any; returns the queries that it leaves."""
    if not any(map(judging.is_synthetic, queries)):
        return tuple(queries)
    on = st.toggle(
        "Synthetic queries",
        True,
        key=state.SYNTHETIC,
        persist_state="session",
        help="Known items: words of a document, which nobody ever asked. Off: they are left out.",
    )
    return tuple(queries) if on else judging.without_synthetic(queries)
