"""The popover Pipeline: the session's settings, the same as on Search, and pipelines saved under a name."""

from __future__ import annotations

import streamlit as st

from pages.common import cached, pipelines, stages, state
from pages.common.markup import plain, sentence
from retrieval import Pipeline, PlaygroundError, experiments, kind_of


def pipeline_popover() -> Pipeline:
    """Draw it; returns the pipeline that the controls stand for."""
    with st.popover("Pipeline", icon=":material/account_tree:", width="stretch"):
        pipeline = stages.in_tabs()
        _save(pipeline)
        _saved()
    return pipeline


def in_words(pipeline: Pipeline) -> str:
    """The pipeline in one line of Markdown."""
    model = getattr(pipeline.embedder, "model", None) or kind_of("embedder", pipeline.embedder)
    fused = f"{kind_of('fusion', pipeline.fusion)} at weight {pipeline.weight:.2f}"
    reranker = kind_of("reranker", pipeline.reranker)
    last = "no reranker" if reranker == "none" else f"{reranker} on {pipeline.rerank_count}"
    chunker, variant = kind_of("chunker", pipeline.chunker), kind_of("bm25", pipeline.bm25)
    return " · ".join(plain(part) for part in (chunker, model, variant, fused, last))


def _save(pipeline: Pipeline) -> None:
    def save() -> None:
        name = str(st.session_state[state.SAVED_NAME])
        try:
            made = cached.saved_pipelines().save(name, pipeline)
        except PlaygroundError as error:
            st.session_state[state.SAVED_FAULT] = str(error)
            return
        st.session_state[state.SAVED] = made.key
        st.toast(f"{plain(made.name)} is saved; choose it under Compared.", icon=":material/bookmark_added:")

    with st.form("save pipeline", border=False):
        name, button = st.columns([2.4, 1], vertical_alignment="bottom", gap="small")
        name.text_input(
            "Save these settings under a name",
            key=state.SAVED_NAME,
            max_chars=100,
            placeholder="Hybrid, weight 0.6",
            help="A saved pipeline can be compared with others here, and taken over again.",
        )
        button.form_submit_button("Save", icon=":material/bookmark_add:", width="stretch", on_click=save)
    if fault := st.session_state.pop(state.SAVED_FAULT, None):
        st.error(sentence(fault), icon=":material/error:")


def _saved() -> None:
    """The saved pipelines, to be taken over or deleted."""
    found = {record.key: record for record in cached.saved_pipelines().records()}
    if not found:
        return
    if st.session_state.get(state.SAVED) not in (None, *found):
        del st.session_state[state.SAVED]
    choose, take, remove = st.columns([2.4, 0.5, 0.5], vertical_alignment="bottom", gap="small")
    with choose:
        key = st.selectbox(
            "Saved pipelines",
            list(found),
            key=state.SAVED,
            persist_state="session",
            format_func=lambda key: found[key].name,
            help="Take one over, or delete it.",
        )
    record = found[key]
    take.button(
        "",
        key="take pipeline",
        icon=":material/input:",
        help="Takes these settings over, here and on Search",
        disabled=record.pipeline is None,
        on_click=_take,
        args=(record,),
        width="stretch",
    )
    remove.button(
        "",
        key="delete pipeline",
        icon=":material/delete:",
        help="Deletes this saved pipeline",
        on_click=_delete,
        args=(record,),
        width="stretch",
    )
    if record.problem:
        st.warning(plain(record.problem), icon=":material/warning:")


def _take(record: experiments.SavedPipeline) -> None:
    if record.pipeline is not None:
        st.session_state.update(pipelines.to_state(record.pipeline))


def _delete(record: experiments.SavedPipeline) -> None:
    try:
        cached.saved_pipelines().delete(record.key)
    except PlaygroundError as error:
        st.session_state[state.SAVED_FAULT] = str(error)
