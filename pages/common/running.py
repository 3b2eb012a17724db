"""Long work on a page: done here while it is small, else as a job, with an offer, its progress, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain, sentence
from retrieval import Job, PlaygroundError, Progress, duration

STAYS = "You can leave this page and come back. What is finished is kept."
ENDED = {
    "done": (":material/check_circle:", st.success),
    "cancelled": (":material/cancel:", st.info),
    "failed": (":material/error:", st.error),
    "killed": (":material/warning:", st.warning),
}


def here(work: Callable[[Progress], object]) -> None:
    """Do `work` while the page is drawn, with a bar; where it fails, its sentence."""
    bar = st.empty()
    try:
        work(lambda sentence, share: bar.progress(min(share, 1.0), plain(sentence)))
    except PlaygroundError as error:
        st.error(sentence(str(error)), icon=":material/error:")
    bar.empty()


def offer(said: str, label: str, key: str, icon: str | None = None) -> bool:
    """Say in Markdown what is to be done, beside a button that does it; whether it was pressed."""
    about, start = st.columns([5, 1.6], vertical_alignment="center", gap="medium")
    about.info(said, icon=icon)
    return start.button(label, key=key, type="primary", icon=":material/play_arrow:", width="stretch")


def begin(name: str, what: str, body: Callable[[Progress], object]) -> None:
    """Begin a job for this session: `what` in a sentence, `body` in fact."""
    st.session_state[state.begun_key(name)] = time.time()
    cached.jobs().begin(name, what, body)


def unfinished(name: str) -> None:
    """How a job ended that this session began and that did not finish; nothing where there is none."""
    job, begun = cached.jobs().status(name), st.session_state.get(state.begun_key(name), float("inf"))
    if job is not None and not job.alive and job.state != "done" and job.started >= begun:
        ended(job)


def ended(job: Job) -> None:
    """How a job ended."""
    icon, say = ENDED[job.state]
    say(f"{plain(job.sentence)} It ran for {duration(job.seconds)}.", icon=icon)


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
    left = "" if job.seconds_left is None else f" · {duration(job.seconds_left)} left"
    bar.progress(job.share, f"{plain(job.sentence)}{left} · {duration(job.seconds)} so far")
    if stop.button("Cancel", key=f"cancel {name}", icon=":material/stop:", width="stretch"):
        cached.jobs().cancel(name)
        st.rerun()
    st.caption(stays)
