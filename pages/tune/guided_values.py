"""What each step can try: a choice of values, and others by the name that is typed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.common import state
from pages.common.markup import plain
from retrieval import (
    LSA,
    BadSetting,
    CrossEncoder,
    FixedSize,
    LateInteraction,
    Pipeline,
    Sentences,
    SentenceTransformerModel,
    StructureAware,
    tuning,
)

BESIDE = {  # what is offered beside the defaults of a step, by the part that it varies
    "chunker": (FixedSize(100), FixedSize(400), Sentences(), StructureAware(100), StructureAware(400)),
    "embedder": (LSA(64), LSA(512)),
    "reranker": (LateInteraction("idf"), LateInteraction("mean"), CrossEncoder()),
}
TYPED: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "embedder": (SentenceTransformerModel, "Any bi-encoder can be typed in, by hub name or local folder."),
    "reranker": (CrossEncoder, "Any cross-encoder can be typed in, by hub name or local folder."),
    "rerank_count": (int, "Any number can be typed in."),
}


def values(step: tuning.steps.Step, pipeline: Pipeline) -> list[Any]:
    """Draw the choice; returns what is to be tried beside what is in use."""
    named = {tuning.steps.name_of(step.part, value): value for value in (*step.defaults, *BESIDE.get(step.part, ()))}
    make, hint = TYPED.get(step.part, (str, ""))
    in_use = tuning.steps.name_of(step.part, getattr(pipeline, step.part))
    chosen = st.multiselect(
        f"{step.kind.capitalize()} to try; in use: {plain(in_use)}",
        list(named),
        [tuning.steps.name_of(step.part, value) for value in step.defaults],
        key=state.tried_key(step.name),
        persist_state="session",
        accept_new_options=step.part in TYPED,
        help=f"What is in use is always among them. {hint}".strip(),
    )
    found = []
    for name in chosen:
        try:
            found.append(named[name] if name in named else make(name.strip()))
        except (BadSetting, ValueError):
            st.warning(f"{plain(name)} is no such setting and is left out.", icon=":material/warning:")
    return found
