"""From one page to another, on the same corpus and query set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common import cached, state
from retrieval import judging, known

PAGES = Path(__file__).resolve().parents[1]


def address(corpus: str, query_set: judging.QuerySet | None = None, **more: Any) -> dict[str, Any]:
    """What a page shows, by session key: a corpus, a query set, and whatever else its controls have keys for."""
    return {state.CORPUS: corpus, **({state.QUERY_SET: query_set.key} if query_set else {}), **more}


def link(page: str, label: str, icon: str, shown: Mapping[str, Any]) -> None:
    """A link to a page, named by its folder, that opens it on what is to be `shown`."""
    names = {item.key: item.name for item in known(cached.store())}
    named: dict[str, Callable[[str], Any]] = {  # as the URL has them
        state.CORPUS: names.get,
        state.QUERY_SET: lambda key: cached.query_sets().record(key).name,
    }
    parameters = {key: named[key](value) if key in named else value for key, value in shown.items()}
    st.page_link(PAGES / page / "view.py", label=label, icon=f":material/{icon}:", query_params=parameters)


def open_query(shown: Mapping[str, Any]) -> None:
    """For a callback: the next run of the page leaves for Search, on what is to be `shown`."""
    st.session_state[state.OPENING] = shown


def leave() -> None:
    """To be called at the top of a page that calls `open_query`."""
    if (shown := st.session_state.pop(state.OPENING, None)) is not None:
        go("search", shown)


def go(page: str, shown: Mapping[str, Any]) -> None:
    """Leave this page for another one, named by its folder, on what is to be `shown`.

    To be called before a control with one of these keys is drawn.
    """
    st.session_state.update(shown)
    query = {key: str(shown[key]) for key in (state.QUERY,) if key in shown}  # Streamlit adds what else is bound to the URL
    st.switch_page(PAGES / page / "view.py", query_params=query)
