"""A build from beginning to end: the latest documents of a corpus, every part of its index, and the switch to it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from retrieval.corpora import CorpusStore, find, open_corpus
from retrieval.corpora.known import STORED
from retrieval.indexes import Builder
from retrieval.jobs import Jobs
from retrieval.pipeline import Pipeline
from retrieval.types import Corpus, Progress, unheard
from retrieval.workspace import Workspace, folder_name


def build(name: str, pipeline: Pipeline, home: Path, progress: Progress = unheard) -> Corpus:
    """Build the index of a corpus, by its key, name or path, and put it to use; returns the documents that it is of.

    Until it is whole the index before it stays in use. Documents that change meanwhile wait for the next build. Raises BadInput
    where the corpus is being built already.
    """
    store, workspace = CorpusStore(home), Workspace(home)
    item = find(name, store)
    stored = item is not None and item.kind == STORED
    key = item.key if item is not None else Path(name).name
    with Jobs(home).running(key, pipeline.to_toml()) as note:

        def both(sentence: str, share: float) -> None:
            note(sentence, share)
            progress(sentence, share)

        corpus = store.corpus(key) if stored else open_corpus(name, store)
        with store.hold(key, corpus.fingerprint) if stored else nullcontext():
            Builder(corpus, pipeline, workspace, both).build()
            if stored:
                store.adopt(key, corpus.fingerprint, pipeline.to_toml())
        workspace.sweep(folder_name(corpus.lineage), {corpus.fingerprint})
    return corpus
