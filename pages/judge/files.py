"""The section Files: judgments and queries in from files, out into files, and the whole database as a backup."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain
from pages.judge import importing
from pages.judge.pools import Pooling
from pages.judge.working import Working, attempt, kept, outcome, synthetic_switch
from retrieval import PlaygroundError, Query, back_up, judging, latest_backup, postgresql_url

LINES = 12
WIDEST = 160


def files(corpus: str, chosen: judging.QuerySet | None, pooling: Pooling) -> None:
    """Draw it."""
    outcome()
    working = Working(corpus, chosen, cached.query_sets().queries(chosen.key), pooling.pipeline.analyser) if chosen else None
    tabs = st.tabs(["Import", "Export", "Backup"], key=state.FILE_PART, on_change="rerun", bind="query-params")
    into, out, backup = (tab if tab.open else None for tab in tabs)
    if backup:
        with backup:
            _backup()
    elif working is None:
        st.info("There is no query set yet; make one in the section Query sets.", icon=":material/add:")
    elif into:
        with into:
            importing.importing(working)
    elif out:
        with out:
            _export(working)


def _export(working: Working) -> None:
    """A format, what the file will look like, and the button."""
    choose, look = st.columns([1, 1.6], gap="large")
    with choose:
        name = st.radio(
            "Format",
            list(judging.FORMATS),
            key=state.EXPORTED,
            persist_state="session",
            format_func=lambda name: judging.FORMATS[name].label,
            captions=[plain(form.holds) for form in judging.FORMATS.values()],
        )
    with look:
        queries = synthetic_switch(working.queries)
        key = (name, cached.judgments().version(working.record.key), queries)
        try:
            labels, data = kept(state.EXPORT_FILE, key, lambda: _file(working, name, queries))
        except PlaygroundError as error:
            st.error(f"This set cannot be written as {judging.FORMATS[name].label}: {error}.", icon=":material/block:")
            return
        _written(working, name, labels, data)


def _file(working: Working, name: str, queries: Sequence[Query]) -> tuple[judging.Labels, bytes]:
    """What is exported of the set, these queries with what counts and the history of them, and the file of it."""
    ids, key = {query.id for query in queries}, working.record.key
    counts = tuple(judgment for judgment in cached.counted(key) if judgment.query_id in ids)
    history = tuple(verdict for verdict in cached.judgments().history(key) if verdict.query_id in ids)
    labels = judging.Labels(tuple(queries), counts, history)
    return labels, judging.export_file(name, labels)


def _written(working: Working, name: str, labels: judging.Labels, data: bytes) -> None:
    form = judging.FORMATS[name]
    st.markdown(f"**{_holding(form, labels)}** of {plain(working.record.name)}")
    if sentence := judging.left_out(name, labels):
        st.warning(f"{sentence[:1].upper()}{sentence[1:]}.", icon=":material/warning:")
    st.download_button(
        f"Download {form.label}",
        data,
        f"{working.record.key}{form.suffix}",
        "application/octet-stream",
        key="export",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
    beginning = data[: 4 * LINES * WIDEST].decode("utf-8", "ignore").splitlines()[:LINES]
    if beginning:
        st.caption("It begins so:")
        st.code("\n".join(line[:WIDEST] + ("…" if len(line) > WIDEST else "") for line in beginning), language=None)
    st.caption("Documents with queries and judgments as one BEIR ZIP: on the page Corpora, under **Manage**.")


def _holding(form: judging.Format, labels: judging.Labels) -> str:
    """What a file of this format holds, in numbers."""
    parts = [f"{len(labels.queries):,} queries"] if form.queries else []
    if form.history:
        parts.append(f"{len(labels.history):,} judgments, earlier ones included")
    elif form.judgments:
        parts.append(f"{sum(judgment.span is None for judgment in labels.judgments):,} judgments of documents")
    return " and ".join(parts)


def _backup() -> None:
    """Where the last backup is, and a new one."""
    if postgresql_url() is not None:
        st.info("The database is on a PostgreSQL server; its operator backs it up, with pg_dump.", icon=":material/dns:")
        return
    home = cached.workspace().home

    def make() -> str:
        return f"Backed up to `{back_up(home)}`."

    st.markdown(
        "The whole database in one file: the query sets of all corpora, all judgments with their history, the records of corpora."
        " One is made by itself before the app changes the database's schema. The last ten are kept."
    )
    last = latest_backup(home)
    st.markdown(f"The last backup is `{last}`, {last.stat().st_size / 1e6:,.1f} MB." if last else "There is no backup yet.")
    with st.container(horizontal=True, gap="small"):
        st.button("Back up now", key="back up", type="primary", icon=":material/backup:", on_click=attempt, args=(make,))
        if last:
            st.download_button(
                "Download the last backup",
                last.read_bytes,
                last.name,
                "application/vnd.sqlite3",
                key="download backup",
                icon=":material/download:",
                on_click="ignore",
            )
    st.caption(
        f"To go back to a backup: stop the app, remove `playground.db` and the files with its name and the ends -wal and -shm"
        f" from `{home}`, and put the backup there as `playground.db`."
    )
