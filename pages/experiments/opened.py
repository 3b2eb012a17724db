"""One experiment, opened: its runs, what it rests on, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common.markup import counted, plain
from pages.experiments.again import again, onto_evaluate
from pages.experiments.words import day
from retrieval import PlaygroundError, experiments, interval


def opened(record: experiments.Experiment) -> None:
    """Draw it below the list."""
    with st.container(border=True):
        heading, act = st.columns([1, 1.2], gap="medium", vertical_alignment="center")
        heading.markdown(f"##### {plain(record.name)}")
        with act, st.container(horizontal=True, gap="small", horizontal_alignment="right"):
            _delete(record)
            _rename(record)
            if record.runs:
                _download(record)
            pressed = bool(record.runs) and again(record)
        st.caption(_on_what(record))
        if record.note:
            st.markdown(plain(record.note))
        if record.runs:
            _runs(record)
        if pressed:
            onto_evaluate(record)


def _on_what(record: experiments.Experiment) -> str:
    """What it was made on and with, in one line; a switch is named where it was on."""
    said = [f"{name} {value}" for name, value in record.settings.items() if type(value) in (str, int, float)]
    said += [name for name, value in record.settings.items() if value is True]
    parts = [
        record.kind,
        f"corpus {record.corpus_name}",
        f"query set {record.query_set_name}",
        f"{day(record.created)} UTC",
        *(words.replace("_", " ") for words in said),
    ]
    return " · ".join(map(plain, parts))


def _runs(record: experiments.Experiment) -> None:
    """Every run with its means."""
    st.dataframe(
        pd.DataFrame([_row(run) for run in record.runs]),
        hide_index=True,
        width="stretch",
        column_config={"run": st.column_config.TextColumn(width="medium", pinned=True)},
        key=f"runs {record.key}",
    )


def _row(run: experiments.Run) -> dict[str, str]:
    means = {metric: interval(mean) for metric, mean in run.means.items()}
    times = {f"{percent} ms": own["total"] for percent, own in (("p50", run.p50_ms), ("p95", run.p95_ms)) if "total" in own}
    return {"run": run.name, "kind": run.kind, **means, **{name: f"{value:.1f}" for name, value in times.items()}}


def _download(record: experiments.Experiment) -> None:
    st.download_button(
        "Download JSON",
        lambda: experiments.as_json(cached.experiment_store().experiment(record.key)),
        f"{record.key}.json",
        "application/json",
        key=f"download {record.key}",
        icon=":material/download:",
        help="Everything that is kept: settings, pipelines, means, and the scores of every query",
        on_click="ignore",
    )


def _rename(record: experiments.Experiment) -> None:
    name, note = f"{state.EXPERIMENT_NAME} {record.key}", f"{state.EXPERIMENT_NOTE} {record.key}"
    popover = f"annotating {record.key}"

    def annotate() -> None:
        st.session_state[popover] = False
        with _telling():
            cached.experiment_store().annotate(record.key, st.session_state[name], st.session_state[note])

    with (
        st.popover("Name and note", icon=":material/edit:", key=popover, on_change="rerun"),
        st.form(f"annotate {record.key}", border=False),
    ):
        st.text_input("Name", record.name, key=name, max_chars=100, help="What it is called in lists.")
        st.text_area("Note", record.note, key=note, max_chars=2_000, help="What was tried, and what came of it.")
        st.form_submit_button("Save", type="primary", icon=":material/save:", width="stretch", on_click=annotate)


def _delete(record: experiments.Experiment) -> None:
    def delete() -> None:
        with _telling():
            cached.experiment_store().delete(record.key)

    with st.popover("Delete", icon=":material/delete:", key=f"deleting {record.key}"):
        sure = st.checkbox(
            f"Yes, delete {plain(record.name)} with its {counted(len(record.runs), 'run')}",
            key=f"sure {record.key}",
            help="Nothing brings it back; the pipelines that were saved under a name stay.",
        )
        st.button("Delete", key=f"delete {record.key}", disabled=not sure, on_click=delete, width="stretch")


@contextmanager
def _telling() -> Iterator[None]:
    """Within a callback: what cannot be done is said at the top of the list."""
    try:
        yield
    except PlaygroundError as error:
        st.session_state[state.EXPERIMENT_FAULT] = str(error)
