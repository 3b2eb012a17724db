"""From finished searches and runs of other systems to one comparison."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.common import cached
from pages.common.markup import plain
from pages.evaluate.compared import Compared
from pages.evaluate.options import Options
from pages.evaluate.searching import Piece
from retrieval import Engine, Judgment, PlaygroundError, Query, Traces, comparing, judging


@dataclass(frozen=True)
class Measured:
    """A comparison with what it was made of; `pieces` are those whose searches are done."""

    corpus: str
    query_set: judging.QuerySet
    every: tuple[Query, ...]
    options: Options
    comparison: comparing.Comparison
    pieces: Sequence[Piece]

    @property
    def judgments(self) -> tuple[Judgment, ...]:
        """The judgments that count."""
        return cached.counted(self.query_set.key)

    @property
    def traces(self) -> Mapping[str, Traces]:
        """What each pipeline did, by its name."""
        return {piece.name: cached.traced(piece.work, piece.engine) for piece in self.pieces if piece.engine}

    @property
    def others(self) -> tuple[str, ...]:
        """The runs that are not the baseline."""
        return tuple(run.name for run in self.comparison.runs if run.name != self.comparison.baseline)


def measured(
    corpus: str,
    query_set: judging.QuerySet,
    every: tuple[Query, ...],
    queries: tuple[Query, ...],
    compared: Compared,
    options: Options,
    pieces: Sequence[Piece],
) -> Measured | None:
    """The comparison, made once for everything that it depends on; None where nothing is ready to be compared."""
    scored_by = (cached.judgments().version(query_set.key), options.passages)
    runs = {**_own(query_set, options, pieces, scored_by), **_others(query_set, options, compared, scored_by)}
    names = [name for name in compared.names if name in runs]
    if not names:
        return None
    baseline = compared.baseline if compared.baseline in names else names[0]
    if baseline != compared.baseline:
        st.info(f"The baseline is not evaluated yet; meanwhile it is {plain(baseline)}.", icon=":material/flag:")
    settings = (scored_by, cached.queries_name(queries), baseline, compared.metrics, options.condensed)

    def compare() -> comparing.Comparison:
        grades = cached.judgeable(query_set.key, options.passages)
        chosen = [runs[name][1] for name in names]
        return comparing.compare(chosen, queries, grades, compared.metrics, baseline, options.condensed)

    with st.spinner("Comparing"):
        comparison = cached.comparison((settings, *(runs[name][0] for name in names)), compare)
    return Measured(corpus, query_set, every, options, comparison, pieces)


Keyed = dict[str, tuple[Hashable, comparing.Run]]


def _own(query_set: judging.QuerySet, options: Options, pieces: Sequence[Piece], scored_by: Hashable) -> Keyed:
    """The runs of pipelines by name, each with a key that names all that it depends on."""
    found: Keyed = {}
    for piece in pieces:
        if piece.engine is None:
            continue
        searched = (scored_by, cached.searched_as(piece.work, piece.engine))
        for name, stage in piece.runs.items():
            make = partial(_stage_run, name, stage, piece.work, piece.engine, query_set, options)
            key = (searched, name, stage)
            found[name] = (key, cached.run(key, make))
    return found


def _stage_run(
    name: str, stage: str, work: cached.Work, engine: Engine, query_set: judging.QuerySet, options: Options
) -> comparing.Run:
    judgeable = cached.judgeable(query_set.key, options.passages, work, engine)
    return comparing.stage_run(name, cached.traced(work, engine), judgeable, stage)


def _others(query_set: judging.QuerySet, options: Options, compared: Compared, scored_by: Hashable) -> Keyed:
    """The runs of other systems by name; one that cannot be scored gets a sentence."""
    found: Keyed = {}
    grades = cached.judgeable(query_set.key, options.passages)
    for name, other in compared.others.items():
        try:
            found[name] = ((scored_by, other.id, name), comparing.imported_run(name, other.run.rankings, grades))
        except PlaygroundError as error:
            st.error(f"{plain(str(error))}: under Options, switch off Passages where judged.", icon=":material/error:")
    return found
