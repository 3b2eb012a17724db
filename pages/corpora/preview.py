"""The section Chunks: a document cut by two chunkers side by side, and what each would make of the whole corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from pages.common import cached, chunkers, controls, pipelines, state
from pages.corpora import charts, marking, picking
from retrieval import (
    Corpus,
    Document,
    LengthReport,
    Pipeline,
    PlaygroundError,
    Survey,
    excerpt,
    length_report,
    seen_end,
    text_parts,
)

TITLES = {"A": "the next build uses it", "B": "to compare with"}
COLOURS = {"A": "blue", "B": "violet"}
TALL = 640
SHORT = 1_500
LEGEND = (
    ":small[:blue-background[a chunk] :gray-background[the next], by turns · :orange-background[in more than one chunk] · "
    ":red-background[not seen by the model] · :gray[*in italics: put in front of the chunk*]]"
)
Sides = Mapping[str, Pipeline]


def preview(key: str) -> None:
    """Draw it."""
    corpus = cached.latest(key)[0]
    if not corpus.documents:
        st.info("There is nothing to cut yet; add documents first.", icon=":material/upload_file:")
        return
    document = picking.document(corpus)
    if document is None:
        return
    try:
        sides = _settings()
        for pipeline in sides.values():
            pipeline.embedder.tokenizer()
    except PlaygroundError as error:
        st.error(str(error), icon=":material/error:")
        return
    if document.text.strip():
        _document(document, sides)
    else:
        st.info("This document has no text, so there is nothing to cut; choose another.", icon=":material/draft:")
    _corpus(corpus, sides)


def _settings() -> Sides:
    """The controls of both chunkers, and the embedder that counts tokens for both."""
    heads = st.columns(4, vertical_alignment="center", gap="medium")
    bodies = st.columns(2, gap="medium")
    for place, name in zip(heads[::2], TITLES, strict=True):
        place.markdown(f"##### :{COLOURS[name]}[{name}] :small[:gray[{TITLES[name]}]]")
    with heads[1].popover("Model that counts tokens", icon=":material/tune:", width="stretch"):
        embedder = controls.embedder(controls.embedder_kind())
    with bodies[0], st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        first = Pipeline(chunker=chunkers.chunker(), embedder=embedder)
    kind = state.OTHER + state.CHUNKER
    if kind not in st.session_state:
        aware = pipelines.chunker_state(first)[state.CHUNKER] == "structure-aware"
        st.session_state[kind] = "fixed size" if aware else "structure-aware"
    with bodies[1], st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        other = Pipeline(chunker=chunkers.chunker(state.OTHER), embedder=embedder)
    heads[3].button(
        "Use B for the build",
        key="use B",
        icon=":material/arrow_back:",
        help="Copies the settings of B to A. The section Index builds with them.",
        disabled=first == other,
        on_click=lambda: st.session_state.update(pipelines.chunker_state(other)),
        width="stretch",
    )
    return {"A": first, "B": other}


def _document(document: Document, sides: Sides) -> None:
    """The figures and the marked text of one document, or of the part of a very long one that is looked at."""
    parts = text_parts(document.text)
    at = min(st.session_state.get(state.PREVIEW_AT, 0), len(document.text) - 1)
    number = next(number for number, (_, end) in enumerate(parts) if at < end)
    first, last = parts[number]
    part = excerpt(document, first, last)
    measured = {name: _measured(part, pipeline) for name, pipeline in sides.items()}
    for place, found in zip(st.columns(2, gap="medium"), measured.values(), strict=True):
        report = length_report(found.tokens, found.limit)
        place.markdown(facts(report, found.limit, "this document" if len(parts) == 1 else "this part"))
    if len(parts) > 1:
        st.caption(
            f"A very long document is cut here in parts; this is part {number + 1} of {len(parts)}. The figures are the part's, "
            "and near its edges the chunks differ from those of the index."
        )
    low, high = picking.stretch(document.text, first, last, [chunk.start + first for chunk in measured["A"].chunks])
    st.markdown(LEGEND)
    height: int | Literal["content"] = TALL if high - low > SHORT else "content"
    for place, (name, found) in zip(st.columns(2, gap="medium"), measured.items(), strict=True):
        with place.container(border=True, height=height, key=f"text-{name}"):
            st.markdown(marking.markdown(found, part.text, low - first, high - first))


def _measured(document: Document, pipeline: Pipeline) -> marking.Measured:
    chunks, tokens = cached.chunked(document, pipeline)
    tokenizer = pipeline.embedder.tokenizer()
    return marking.Measured(chunks, tokens, tokenizer.limit, lambda chunk: seen_end(chunk, tokenizer))


def facts(report: LengthReport, limit: int | None, of: str) -> str:
    """The figures of a document's chunks, as Markdown."""
    counted = f"**{report.chunks:,}** {'chunk' if report.chunks == 1 else 'chunks'} in {of}"
    sizes = f"tokens: mean **{report.mean:,.0f}**, median **{report.median:,.0f}**, longest **{report.longest:,}**"
    return f":small[{counted} · {sizes}  \n{loss(report, limit)}]"


def loss(report: LengthReport, limit: int | None, where: str = "") -> str:
    """What the model does not see, in words; `where` says of which chunks."""
    if limit is None:
        return ":green[The model reads chunks of any length.]"
    if not report.unseen:
        return f":green[None is cut off: the model reads {limit:,} tokens of a chunk.]"
    unseen = f"**{report.unseen:,}** tokens not seen{where}"
    return f":red[**{percent(report.cut)}** of them cut off, {unseen}: the model reads {limit:,}.]"


def percent(share: float) -> str:
    """A share as a person says it; a small one is not rounded to nothing."""
    return f"{share:.0%}" if share >= 0.01 or not share else "under 1%"


def _corpus(corpus: Corpus, sides: Sides) -> None:
    """The lengths of the chunks of a sample, drawn last: the texts above need not wait for it."""
    st.markdown("##### Over the corpus")
    place, bar = st.container(), st.empty()
    documents, characters = cached.sample(corpus.fingerprint, corpus)
    found = {}
    for name, pipeline in sides.items():

        def progress(share: float, name: str = name) -> None:
            bar.progress(share, f"Cutting the sample with {name}")

        found[name] = cached.surveyed(corpus, pipeline, progress)
    bar.empty()
    limit = sides["A"].embedder.tokenizer().limit
    with place:
        for column, (name, survey) in zip(st.columns(2, gap="medium"), found.items(), strict=True):
            column.markdown(
                f":{COLOURS[name]}[**{name}**] " + estimate(survey, sides[name], limit, len(corpus.documents), characters)
            )
        figure = charts.chunk_lengths({name: survey.lengths for name, survey in found.items()}, limit)
        st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="chunk-lengths")
        st.caption(sampling(len(documents), sum(len(document.text) for document in documents), len(corpus.documents), characters))


def estimate(survey: Survey, pipeline: Pipeline, limit: int | None, documents: int, characters: int) -> str:
    """How many chunks the whole corpus has, counted or estimated, and what the model sees of them, as Markdown."""
    total, spread = survey.projected(documents, characters)
    if pipeline.chunker.size is None:
        total, spread = documents, 0
    about = "" if spread == 0 else "about "
    give = f" ± {spread:,}" if spread else ""
    whole = int(survey.characters.sum()) == characters
    seen = loss(length_report(survey.lengths, limit), limit, "" if whole else " in the sample")
    return f":small[{about}**{total:,}**{give} chunks in {documents:,} documents  \n{seen}]"


def sampling(documents: int, characters: int, of_documents: int, of_characters: int) -> str:
    """What the figures over the corpus rest on."""
    if (documents, characters) == (of_documents, of_characters):
        return f"All {documents:,} documents, {characters:,} characters."
    return (
        f"A fixed sample of {documents:,} of {of_documents:,} documents (seed 0), {characters:,} of {of_characters:,} "
        "characters; the number of chunks in the corpus is estimated from chunks per character, with a 95% interval."
    )
