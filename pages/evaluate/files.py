"""The tab Files: what was measured, for a spreadsheet, for other tools, and for the terminal. Nothing is made before a click."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.common import cached
from pages.common.markup import plain
from pages.common.terminal import evaluate_line
from pages.evaluate.measuring import Measured
from pages.evaluate.options import EVERY
from retrieval import comparing

UNFIT = re.compile(r"[^\w.-]+")


def files(found: Measured, metric: str) -> None:
    """Draw it."""
    comparison, key = found.comparison, found.query_set.key
    with st.container(horizontal=True, gap="small"):
        _button("Scores by query", f"{key}-scores.csv", "text/csv", partial(comparing.per_query_csv, comparison))
        _button("Report", f"{key}-report.json", "application/json", partial(_report, found))
    st.caption("CSV with a line for each query and run; JSON with everything that was measured, intervals included.")
    if unfit := _no_trec_id(found):
        st.info(f"No TREC run can be written: the id {plain(unfit)} has white space in it.", icon=":material/block:")
    else:
        with st.container(horizontal=True, gap="small"):
            for run in comparison.runs:
                name = f"{key}-{_file_stem(run.name)}.run"
                _button(f"TREC run {plain(run.name)}", name, "text/plain", partial(comparing.trec_run, run))
        st.caption("The ranking of every query, for trec_eval, ir-measures and all else that reads TREC runs.")
    _terminal(found)


def _file_stem(name: str) -> str:
    """A name that a file can have."""
    return UNFIT.sub("-", name).strip("-.") or "run"


def _button(label: str, name: str, mime: str, make: Callable[[], str]) -> None:
    st.download_button(label, make, name, mime, key=f"download {name}", icon=":material/download:", on_click="ignore")


def _report(found: Measured) -> str:
    about = comparing.about(cached.corpus(found.corpus), found.query_set.name, found.judgments)
    return json.dumps(comparing.report(found.comparison, about | {"repetitions": found.options.repetitions}))


def _no_trec_id(found: Measured) -> str:
    """An id that no TREC file can hold; "" where there is none."""
    queries = [query.id for query in found.comparison.queries]
    documents = [document.id for document in cached.corpus(found.corpus).documents]
    return next((id for id in queries + documents if id.split() != [id]), "")


def _terminal(found: Measured) -> None:
    """The line that gives the same numbers in a terminal, and the pipeline files for it."""
    pipelines = {f"{_file_stem(piece.name)}.toml": piece for piece in found.pieces}
    if not pipelines:
        return
    st.markdown("**The same numbers in a terminal**", help="Nothing is searched again there: both use what is kept.")
    st.code(_line(found, list(pipelines)), language="bash", wrap_lines=True)
    with st.container(horizontal=True, gap="small"):
        for name, piece in pipelines.items():
            _button(f"Pipeline file {plain(piece.name)}", name, "application/toml", piece.work.pipeline.to_toml)


def _line(found: Measured, files: list[str]) -> str:
    options = found.options
    more = ["--metrics", " ".join(found.comparison.metrics)]
    more += [] if options.portion == EVERY else ["--portion", options.portion]
    more += ["--condensed"] if options.condensed else []
    more += ["--repetitions", str(options.repetitions)] if options.repetitions > 1 else []
    return evaluate_line(found.corpus, found.query_set, files, options.passages, more)
