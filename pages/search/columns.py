"""The four columns: each stage's heading with its time and quality, its controls, and its results beneath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from pages.common import stages
from pages.search.cards import Shown, column
from retrieval import STAGES, Pipeline, Ranking, score_rankings

NAMES = {"dense": "Dense", "sparse": "Sparse", "fused": "Fused", "reranked": "Reranked"}
COLOURS = {"dense": "blue", "sparse": "orange", "fused": "violet", "reranked": "green"}


@dataclass(frozen=True)
class Column:
    """The places of one column, filled in another order than they stand."""

    heading: Any
    controls: Any
    cards: Any


def lay_out() -> Mapping[str, Column]:
    """Reserve the four columns."""
    places = {}
    for stage, place in zip(STAGES, st.columns(len(STAGES), gap="small"), strict=True):
        with place:
            places[stage] = Column(st.container(), st.container(), st.container(gap="small"))
    return places


DETAILS = {
    "dense": (stages.dense, "Embedder, vector search, chunks"),
    "sparse": (stages.sparse, "k1, b, analyser"),
    "fused": (stages.fused, "Method, k, candidates"),
    "reranked": (stages.reranked, "Reranker, count, results"),
}


def settings(columns: Mapping[str, Column]) -> Pipeline:
    """Draw every stage's controls above its results and return the pipeline they stand for."""
    values: stages.Settings = {}
    for stage, (controls, label) in DETAILS.items():
        with columns[stage].controls:
            values |= controls(partial(st.popover, label, icon=":material/tune:", width="stretch"))
    return Pipeline(**values)


def draw(columns: Mapping[str, Column], shown: Shown) -> None:
    """Fill headings and results."""
    for stage, places in columns.items():
        with places.heading:
            st.markdown(heading(shown, stage))
        with places.cards:
            column(shown, stage)


def heading(shown: Shown, stage: str) -> str:
    """Name, milliseconds, and for a judged query the quality of this column and how much of it is unjudged."""
    trace = shown.trace
    facts = f"{trace.stage_seconds(stage) * 1000:.1f} ms · {len(trace.rankings[stage])} found"
    title = f"##### :{COLOURS[stage]}[{NAMES[stage]}] :small[:gray[{facts}]]"
    if shown.query is None:
        return title
    documents = trace.rankings[stage].by_document(shown.engine.document_of)
    return f"{title}\n:small[{quality(documents, shown)}]"


def quality(documents: Ranking, shown: Shown) -> str:
    """nDCG@10, recall at the depth shown, and the unjudged among the results shown."""
    names = ("nDCG@10", f"R@{shown.results}")
    scores = score_rankings({"q": documents}, {"q": shown.grades}, names) if shown.grades else {}
    unjudged = sum(1 for id in documents.ids[: shown.results] if id not in shown.grades)
    said = [f"{name} **{values['q']:.3f}**" for name, values in scores.items()]
    return " · ".join([*said, f":gray[{unjudged} unjudged]"])
