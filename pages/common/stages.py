"""The controls of every stage, and the pipeline that they stand for: in the columns of Search, and in tabs everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import streamlit as st

from pages.common import chunkers, controls
from retrieval import Pipeline

Place = Callable[[], AbstractContextManager[Any]]
Settings = dict[str, Any]


def dense(details: Place = nullcontext) -> Settings:
    """The dense stage's part of a pipeline; all but its main control stands in `details`, which is made for it."""
    kind = controls.embedder_kind()
    with details():
        return {"embedder": controls.embedder(kind), "dense": controls.dense(), "chunker": chunkers.chunker()}


def sparse(details: Place = nullcontext) -> Settings:
    """The same of the sparse stage."""
    variant = controls.bm25_variant()
    with details():
        return {"bm25": controls.bm25(variant), "analyser": controls.analyser()}


def fused(details: Place = nullcontext) -> Settings:
    """The same of fusion."""
    weight = controls.weight()
    with details():
        return {"weight": weight, "fusion": controls.fusion(), "candidates": controls.candidates()}


def reranked(details: Place = nullcontext) -> Settings:
    """The same of the reranker."""
    blend = controls.blend()
    with details():
        reranker, results = controls.reranker(), controls.results()
        return {"blend": blend, "reranker": reranker, "results": results, "rerank_count": controls.rerank_count(results)}


def in_tabs(fusing: bool = False) -> Pipeline:
    """All of them in tabs. While the page is `fusing`, weight and method are elsewhere on it, and have their defaults here."""
    places = st.tabs(["Dense", "Sparse", "Fused", "Reranked"])
    settings: Settings = {}
    for place, stage in zip(places, (dense, sparse, _candidates if fusing else fused, reranked), strict=True):
        with place:
            settings |= stage()
    return Pipeline(**settings)


def _candidates() -> Settings:
    return {"candidates": controls.candidates()}
