"""The line that gives a page's numbers in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import streamlit as st

from pages.common import cached, state
from retrieval import judging


def evaluate_line(
    corpus: str, query_set: judging.QuerySet, files: Sequence[str], passages: bool, more: Sequence[str] = ()
) -> str:
    """`playground evaluate` on a query set with pipeline files, scored as this session does, and with `more` options."""
    words = ["playground", "evaluate", corpus, "--query-set", query_set.name]
    words += [word for file in files for word in ("--pipeline", file)]
    words += more
    words += [] if passages else ["--level", "documents"]
    left_out = not st.session_state.get(state.SYNTHETIC, True)
    if left_out and any(map(judging.is_synthetic, cached.query_sets().queries(query_set.key))):
        words += ["--no-synthetic"]
    return shlex.join(words)
