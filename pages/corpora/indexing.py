"""The section Index: the settings of the next build, the build, and what the index in use costs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import building, cached, chunkers, controls, running, state
from pages.common.markup import counted
from pages.corpora import charts
from retrieval import Corpus, Cost, IndexCorrupted, IndexCost, Pipeline, PlaygroundError, duration, index_key, kind_of

SIZES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
WHERE = {"on disk": "disk", "in memory": "memory"}
EMBEDDED = ("chunker", "embedder")
SCALES = {"1 million": 10**6, "10 million": 10**7, "100 million": 10**8}


def indexing(key: str) -> None:
    """Draw it."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        st.markdown("##### Settings of the next build")
        try:
            pipeline = _settings()
        except PlaygroundError as error:
            st.error(str(error), icon=":material/error:")
            return
        _build(key, pipeline)
    with right:
        st.markdown("##### What the index in use costs")
        _costs(key, pipeline)


def _settings() -> Pipeline:
    chunker = chunkers.chunker()
    kind = controls.embedder_kind()
    with st.popover("Model, vector search, analyser", icon=":material/tune:", width="stretch"):
        embedder, dense, analyser = controls.embedder(kind), controls.dense(), controls.analyser()
    return Pipeline(chunker=chunker, embedder=embedder, dense=dense, analyser=analyser)


def _build(key: str, pipeline: Pipeline) -> None:
    """The button, what it would do, and how the last build ended."""
    job = cached.jobs().status(key)
    corpus = cached.latest(key)[0]
    alive = job is not None and job.alive
    if not corpus.documents:
        st.info("There is nothing to build yet; add documents first.", icon=":material/upload_file:")
        return
    current = cached.in_use(key, pipeline)
    if st.button(
        "Built" if current else f"Build the index of {counted(len(corpus.documents), 'document')}",
        key=f"build {key}",
        type="primary",
        icon=":material/check:" if current else ":material/play_arrow:",
        disabled=alive or current,
        width="stretch",
    ):
        cached.jobs().start(key, pipeline.to_toml(), here=little_is_new(key, pipeline))
        st.rerun()
    if not alive:
        st.caption(_changes(key))
        if job is not None and (job.state != "done" or current):
            running.ended(job)


def little_is_new(key: str, pipeline: Pipeline) -> bool:
    """Whether a build would embed so little that starting a process for it would take longest."""
    record = cached.record_of(key)
    if (
        record is None
        or not record.used
        or Pipeline.from_toml(record.settings).fingerprint(*EMBEDDED) != pipeline.fingerprint(*EMBEDDED)
    ):
        return False
    known = {document.fingerprint for document in cached.corpus(key).documents}
    new = [document for document in cached.latest(key)[0].documents if document.fingerprint not in known]
    return building.at_once(Corpus("new", tuple(new)))


def _changes(key: str) -> str:
    """What is new since the index in use, in words."""
    record = cached.record_of(key)
    if record is None or not record.used:
        return "Texts that were embedded before are not embedded again."
    old = {document.id: document.fingerprint for document in cached.corpus(key).documents}
    new = {document.id: document.fingerprint for document in cached.latest(key)[0].documents}
    added, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    changed = sum(1 for id in new.keys() & old.keys() if new[id] != old[id])
    if not added + changed + gone:
        return "The index in use has every document; other settings make another index."
    return f"Since the index in use: {added:,} documents added, {changed:,} changed, {gone:,} removed. Only these are embedded."


def _costs(key: str, pipeline: Pipeline) -> None:
    record = cached.record_of(key)
    used = pipeline
    if record is not None and record.settings:
        used = Pipeline.from_toml(record.settings)
    corpus = cached.corpus(key)
    if not corpus.documents or not cached.ready(key, used):
        st.info("No index is built with these settings yet; build it to see what it costs.", icon=":material/straighten:")
        return
    try:
        cost = cached.index_costs(index_key(corpus, used), corpus, used)
    except (IndexCorrupted, OSError) as error:
        st.error(f"The index cannot be read: {error}", icon=":material/error:")
        return
    st.caption(_headline(cost, used))
    st.plotly_chart(charts.sizes(cost.parts), width="stretch", config={"displayModeBar": False}, key="sizes")
    st.dataframe(_table(cost.parts), hide_index=True, width="stretch")
    _projection(cost)


def _headline(cost: IndexCost, pipeline: Pipeline) -> str:
    speed = cost.texts_per_second
    made = (
        f"{cost.embedded:,} embedded by the last build at {speed:,.0f} texts/s" if speed else "no text embedded by the last build"
    )
    disk = sum(part.disk for part in cost.parts)
    return f"**{cost.chunks:,}** chunks, {kind_of('chunker', pipeline.chunker)} · **{size(disk)}** on disk · {made}"


def _table(parts: tuple[Cost, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "part": [part.part for part in parts],
            "disk": [size(part.disk) for part in parts],
            "memory": [size(part.memory) for part in parts],
            "mapped": [size(part.mapped) for part in parts],
            "build": ["with the vectors" if part.seconds is None else duration(part.seconds) for part in parts],
        }
    )


def _projection(cost: IndexCost) -> None:
    """What so many chunks would take, in proportion to those that are there."""
    st.markdown("##### The same pipeline with more chunks")
    where = st.segmented_control("Where", list(WHERE), default="on disk", key=state.PROJECTED, label_visibility="collapsed")
    table = {"part": [*(part.part for part in cost.parts), "all parts"]}
    for name, count in SCALES.items():
        sizes = [getattr(part, WHERE[where or "on disk"]) for part in cost.at(count)]
        table[name] = [size(one) for one in [*sizes, sum(sizes)]]
    st.dataframe(pd.DataFrame(table), hide_index=True, width="stretch")
    speed = cost.texts_per_second
    if speed:
        times = ", ".join(f"{duration(count / speed)} for {name}" for name, count in SCALES.items())
        st.caption(f"Embedding at {speed:,.0f} texts/s on this computer: {times}.")
    st.caption(
        "In proportion to this corpus; the vocabulary grows more slowly, so that postings come out too large. Vectors and token "
        "vectors are mapped: read from disk where a search needs them, and not counted as memory."
    )


def size(count: int) -> str:
    """Bytes as a person says them, in powers of a thousand."""
    return next((f"{count / unit:,.1f} {name}" for unit, name in SIZES if count >= unit), f"{count} B")
