"""Jobs on a page: how far one is, how long it still takes, and a way to stop it."""

from __future__ import annotations

import streamlit as st

from pages.common import cached
from pages.common.markup import plain
from retrieval import duration

STAYS = "You can leave this page and come back. What is finished is kept."


def watch(name: str, stays: str = STAYS) -> None:
    """The job of a name that runs, with its progress; the page is drawn anew when it ends. `stays` is said below it."""
    with st.container(border=True, key="job-running"):
        _watched(name, stays)


@st.fragment(run_every=0.5)
def _watched(name: str, stays: str) -> None:
    job = cached.jobs().status(name)
    if job is None or not job.alive:
        st.rerun()
        return
    bar, stop = st.columns([6, 1], vertical_alignment="center", gap="medium")
    bar.progress(job.share, f"{plain(job.sentence)} · {duration(job.seconds)} so far")
    if stop.button("Cancel", key=f"cancel {name}", icon=":material/stop:", width="stretch"):
        cached.jobs().cancel(name)
        st.rerun()
    st.caption(stays)
