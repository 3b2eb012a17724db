"""Index builds on a page: small ones at once, all others as a job that goes on when the page is left."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, running
from pages.common.markup import counted
from retrieval import Corpus, Pipeline

AT_ONCE_DOCUMENTS = 400
AT_ONCE_CHARACTERS = 400_000  # about a hundred thousand tokens, some seconds of embedding


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
        running.ended(job)
    label = f"Build {counted(len(corpus.documents), 'document')}"
    if running.offer(reason, label, f"offer {key}", ":material/construction:"):
        cached.jobs().start(key, pipeline.to_toml())
        st.rerun()


def watch(key: str) -> None:
    """The build of a corpus that runs, with its progress and a way to stop it; the page is drawn anew when it ends."""
    running.watch(key, "You can leave this page and come back. Searches use the index before until this one is whole.")
