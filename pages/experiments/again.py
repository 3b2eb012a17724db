"""Running an experiment again: its pipelines, corpus, query set and metrics go onto the page Evaluate."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.common import cached, going, pipelines, state
from pages.common.markup import sentence
from retrieval import STAGES, Pipeline, PlaygroundError, experiments, judging, known

SETTINGS = {
    "metrics": state.METRICS,
    "metric": state.LEADING,
    "repetitions": state.PASSES,
    "condensed": state.CONDENSED,
    "passages": state.PASSAGES,
    "queries": state.PORTION,
    "budget_ms": state.BUDGET,
}


def again(record: experiments.Experiment) -> bool:
    """The button, which says why where it cannot be pressed; whether it was pressed."""
    reason = _hindrance(record)
    return st.button(
        "Run again",
        key=f"again {record.key}",
        type="primary",
        icon=":material/replay:",
        disabled=bool(reason),
        help=reason or "Opens the page Evaluate with these pipelines, this query set and these metrics.",
    )


def onto_evaluate(record: experiments.Experiment) -> None:
    """Leave for Evaluate, or say why that cannot be."""
    try:
        st.session_state.update(_session(record))
    except PlaygroundError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    going.go("evaluate", going.address(record.corpus, query_set_of(record)))


def query_set_of(record: experiments.Experiment) -> judging.QuerySet | None:
    """The query set of an experiment; None where it is gone, with its corpus or alone."""
    return next((one for one in cached.query_sets().records(record.corpus) if one.key == record.query_set), None)


def _hindrance(record: experiments.Experiment) -> str:
    if record.corpus not in {item.key for item in known(cached.store())}:
        return f"The corpus {record.corpus_name} is gone: bring it in again on the page Corpora."
    if query_set_of(record) is None:
        return f"The query set {record.query_set_name} is gone: make it again on the page Judge."
    if not any(run.pipeline for run in record.runs):
        return "All its rankings were imported: there is no pipeline to run again."
    return ""


def _session(record: experiments.Experiment) -> dict[str, Any]:
    """What the page Evaluate needs to measure the same again. Raises BadInput where a pipeline cannot be read."""
    main = experiments.headline(record)
    best = main.run if main and main.run.pipeline else next(run for run in record.runs if run.pipeline)
    stages = {run.name: run.stage for run in record.runs if run.kind == "stage"}
    saved = {run.name: _saved(run, record) for run in record.runs if run.kind == "pipeline"}
    compared = {**stages, **saved} or {stage: stage for stage in STAGES}
    own = next((run for run in record.runs if run.name in stages), best)
    values = pipelines.to_state(Pipeline.from_toml(own.pipeline)) | {state.COMPARED: list(compared.values())}
    baseline = compared.get(record.settings.get("baseline", ""))
    values |= {state.BASELINE: baseline} if baseline else {}
    return values | {key: record.settings[name] for name, key in SETTINGS.items() if name in record.settings}


def _saved(run: experiments.Run, record: experiments.Experiment) -> str:
    """The key of the saved pipeline that equals that of a run; it is saved again where it has gone or changed."""
    store = cached.saved_pipelines()
    pipeline = Pipeline.from_toml(run.pipeline)
    same = next((one for one in store.records() if one.pipeline == pipeline), None)
    if same is not None:
        return same.key
    taken = {one.name for one in store.records()}
    name = run.name if run.name not in taken else f"{run.name[:60]} of {record.key[-8:]}"
    return store.save(name, pipeline, f"From the experiment {record.name}", replacing=True).key
