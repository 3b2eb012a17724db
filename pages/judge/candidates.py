"""Queries that may enter a set, in a table in which each is taken or left and gets its class, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import streamlit as st

from pages.judge.working import asked, cell
from retrieval import Query, judging

FROM_FILE = "as in the file"
LINES, HEIGHT = 14, 500


@dataclass(frozen=True)
class Candidate:
    """A query with the class that is suggested, why, and what else is known of it, by the names of columns."""

    query: Query
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def suggested(queries: Iterable[Query], language: str) -> list[Candidate]:
    """Queries with the class that they have, else with the one that the rules suggest."""
    found = []
    for query in queries:
        suggestion = judging.suggest(query.text, language)
        known = bool(query.category)
        category = query.category or suggestion.category
        found.append(Candidate(replace(query, category=category), FROM_FILE if known else suggestion.reason))
    return found


def candidates_table(key: str, found: Sequence[Candidate]) -> tuple[Query, ...]:
    """Draw the table; returns the queries that are taken, with the classes and notes that it holds."""
    every = st.toggle("Take all", True, key=f"all {key}", help="Turns every mark in the table on or off.")
    facts = list(dict.fromkeys(name for candidate in found for name in candidate.facts))
    columns = ["take", "query", *facts, "class", "because of", "note"]
    rows = [
        [every, one.query.text, *(one.facts.get(name) for name in facts), one.query.category, one.reason, one.query.note]
        for one in found
    ]
    edited = st.data_editor(
        pd.DataFrame(rows, columns=columns),
        key=f"candidates {key} {every}",
        hide_index=True,
        width="stretch",
        height="content" if len(rows) <= LINES else HEIGHT,
        disabled=["query", "because of", *facts],
        placeholder="",
        column_config={
            "take": st.column_config.CheckboxColumn("", width=36, pinned=True),
            "query": st.column_config.TextColumn(width="medium" if facts else "large"),
            "class": st.column_config.TextColumn(
                width=140, help="Suggested by rules; correct it. Known to them: " + ", ".join(judging.QUERY_CLASSES) + "."
            ),
            "because of": st.column_config.TextColumn(width=120, help="The part of the query that made the rule fire."),
            "note": st.column_config.TextColumn(width="medium", help="What the person who asks means; shown while judging."),
        },
    )
    marks = zip(found, edited["take"], edited["class"], edited["note"], strict=True)
    taken = tuple(replace(one.query, category=cell(category), note=cell(note)) for one, take, category, note in marks if take)
    st.caption(f"{len(taken):,} of {asked(len(found))} taken. Class and note can be edited.")
    return taken
