"""The popover Runs: rankings that other systems gave, uploaded as TREC runs and kept in the session."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common.markup import counted, plain
from pages.common.runs import ENDINGS, LINES, UploadedRun, read_upload
from retrieval import judging

SHOWN = 200


def others_popover(corpus: str, query_set: judging.QuerySet) -> dict[str, UploadedRun]:
    """Draw it; returns the runs over the corpus by id."""
    key = f"{state.OTHER_RUN_UPLOADS} {query_set.key}"
    runs = st.session_state.setdefault(state.OTHER_RUNS, {}).setdefault(query_set.key, {})
    with st.popover(f"Runs · {len(runs)}" if runs else "Runs", icon=":material/upload_file:", width="stretch"):
        st.file_uploader(
            "Rankings of other systems, as TREC runs",
            type=ENDINGS,
            accept_multiple_files=True,
            key=key,
            on_change=_read,
            args=(key, corpus, query_set),
            help=f"{LINES} Such a run is compared like a stage.",
        )
        for id, other in list(runs.items()):
            _shown(id, other, runs)
    return dict(runs)


def _read(key: str, corpus: str, query_set: judging.QuerySet) -> None:
    """Callback: read what is new, and compare it."""
    runs = st.session_state[state.OTHER_RUNS][query_set.key]
    queries = {query.id for query in cached.query_sets().queries(query_set.key)}
    for file in st.session_state[key] or ():
        if f"run {file.file_id}" in runs:
            continue
        read = read_upload(file, corpus, queries)
        runs[read.id] = read
        if read.run.rankings and state.COMPARED in st.session_state:
            st.session_state[state.COMPARED] = [*st.session_state[state.COMPARED], read.id]


def _shown(id: str, other: UploadedRun, runs: dict[str, UploadedRun]) -> None:
    """One run: how much was read, what was refused, and a way to let it go."""
    about, remove = st.columns([6, 1], vertical_alignment="center", gap="small")
    found = other.run
    about.markdown(
        f"**{plain(other.name)}** :small[:gray[{counted(len(found.rankings), 'ranking')}, {counted(found.rows, 'line')}]]"
    )
    remove.button("", key=f"remove {id}", icon=":material/close:", help="Lets this run go", on_click=runs.__delitem__, args=(id,))
    if not found.refused:
        return
    st.warning(f"{counted(len(found.refused), 'line')} left out; the first: {plain(str(found.refused[0]))}")
    table = pd.DataFrame([(one.where, one.reason) for one in found.refused[:SHOWN]], columns=["where", "why"])
    st.dataframe(table, hide_index=True, width="stretch", height=140, key=f"refused {id}")
