"""Index builds on a page: small ones at once, all others as a job that goes on when the page is left."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, running
from pages.common.markup import counted, plain
from retrieval import Corpus, Job, Pipeline, duration

AT_ONCE_DOCUMENTS = 400
AT_ONCE_CHARACTERS = 400_000  # about a hundred thousand tokens, some seconds of embedding
ENDED = {
    "done": (":material/check_circle:", st.success),
    "cancelled": (":material/cancel:", st.info),
    "failed": (":material/error:", st.error),
    "killed": (":material/warning:", st.warning),
}


def at_once(corpus: Corpus) -> bool:
    """Whether a corpus is so small that a page builds its index while it is drawn."""
    few = len(corpus.documents) <= AT_ONCE_DOCUMENTS
    return few and sum(len(document.text) for document in corpus.documents) <= AT_ONCE_CHARACTERS


def offer(key: str, corpus: Corpus, pipeline: Pipeline, reason: str) -> None:
    """Say that an index is missing and offer to build it, or show the build that runs."""
    job = cached.jobs().status(key)
    if job is not None and job.alive:
        watch(key)
        return
    if job is not None and job.state != "done" and job.pipeline == pipeline.to_toml():
        ended(job)
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.info(reason, icon=":material/construction:")
    label = f"Build {counted(len(corpus.documents), 'document')}"
    if right.button(label, key=f"offer {key}", type="primary", icon=":material/play_arrow:", width="stretch"):
        cached.jobs().start(key, pipeline.to_toml())
        st.rerun()


def watch(key: str) -> None:
    """The build of a corpus that runs, with its progress and a way to stop it; the page is drawn anew when it ends."""
    running.watch(key, "You can leave this page and come back. Searches use the index before until this one is whole.")


def ended(job: Job) -> None:
    """How the last build ended."""
    icon, say = ENDED[job.state]
    say(f"{plain(job.sentence)} It ran for {duration(job.seconds)}.", icon=icon)
