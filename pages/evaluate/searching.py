"""The searches behind a comparison: what is kept is shown, a little is searched at once, more of it is a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.common import building, cached, running
from pages.common.markup import plain
from pages.evaluate.compared import Compared
from retrieval import CrossEncoder, Engine, Pipeline, PlaygroundError, Progress, Query, judging

AT_ONCE = 100


@dataclass(frozen=True)
class Piece:
    """The work for one pipeline, under its name, and the `runs` to make of it: the stage by the name of the run.

    `engine` is None while its index is not built.
    """

    name: str
    work: cached.Work
    runs: Mapping[str, str]
    engine: Engine | None
    missing: int


def pieces(corpus: str, compared: Compared, current: Pipeline, queries: Sequence[Query], repetitions: int) -> list[Piece]:
    """The work for each pipeline; one whose model cannot be had gets a sentence and is left out.

    Queries without words are not searched for: like all that has no ranking they count 0.
    """
    asked = tuple(query for query in queries if query.text.strip())
    found = []
    for name, (pipeline, runs) in compared.pipelines(current).items():
        work = cached.Work(corpus, pipeline, asked, repetitions)
        try:
            engine = _opened(name, work)
        except PlaygroundError as error:
            st.error(f"{plain(name)} is left out: {plain(str(error))}", icon=":material/error:")
            continue
        missing = cached.unsearched(work, engine) if engine else len({query.text for query in asked}) * repetitions
        found.append(Piece(name, work, runs, engine, missing))
    return found


def _opened(name: str, work: cached.Work) -> Engine | None:
    """The engine, built here where that takes moments; None where it is to be built by a job."""
    if not cached.ready(work.corpus, work.pipeline) and not building.at_once(cached.corpus(work.corpus)):
        return None
    bar = st.empty()

    def progress(sentence: str, share: float) -> None:
        bar.progress(min(share, 1.0), f"{plain(name)}: {plain(sentence)}")

    engine, _ = cached.engine(work.corpus, work.pipeline, progress)
    bar.empty()
    return engine


def searched(query_set: judging.QuerySet, found: Sequence[Piece]) -> list[Piece]:
    """Those whose searches are all done. The others are searched now, or there is a button, or the job that does it."""
    job = _job_name(query_set)
    left = [piece for piece in found if piece.missing or piece.engine is None]
    at_work = cached.jobs().status(job)
    if at_work is not None and at_work.alive:
        running.watch(job)
    elif left and _few(left):
        _at_once(left)
        return [piece for piece in found if piece.engine and not cached.unsearched(piece.work, piece.engine)]
    elif left:
        _offer(query_set, left)
    return [piece for piece in found if piece not in left]


def _job_name(query_set: judging.QuerySet) -> str:
    """The name of the job that searches a query set."""
    return f"evaluation of {query_set.key}"


def measure_again(query_set: judging.QuerySet, found: Sequence[Piece]) -> None:
    """Do all searches anew, here where they are few, else by a job."""
    if sum(_searches(piece) for piece in found) <= AT_ONCE:
        _at_once(found, fresh=True)
    else:
        _begin(query_set, found, fresh=True)
    st.rerun()


def _searches(piece: Piece) -> int:
    return len({query.text for query in piece.work.queries}) * piece.work.repetitions


def _few(left: Sequence[Piece]) -> bool:
    """Whether it takes moments."""
    quick = all(piece.engine and not isinstance(piece.work.pipeline.reranker, CrossEncoder) for piece in left)
    return quick and sum(piece.missing for piece in left) <= AT_ONCE


def _at_once(left: Sequence[Piece], fresh: bool = False) -> None:
    running.here(partial(_search_all, left, fresh))


def _offer(query_set: judging.QuerySet, left: Sequence[Piece]) -> None:
    """What is missing, and the button that begins it; above it how the last one ended, where it did not finish."""
    running.unfinished(_job_name(query_set))
    names, unbuilt = _listed(piece.name for piece in left), _listed(piece.name for piece in left if piece.engine is None)
    searches = sum(piece.missing for piece in left)
    first = f" Before that the index of {unbuilt} is built." if unbuilt else ""
    said = f"{searches:,} {'search is' if searches == 1 else 'searches are'} still to be done: {names}.{first}"
    label = f"Evaluate {_queries_of(left):,} {'query' if _queries_of(left) == 1 else 'queries'}"
    if running.offer(said, label, "evaluate"):
        _begin(query_set, left)
        st.rerun()


def _listed(names: Iterable[str]) -> str:
    """Names in Markdown, with commas between."""
    return ", ".join(map(plain, names))


def _queries_of(found: Sequence[Piece]) -> int:
    """How many queries are asked."""
    return max((len(piece.work.queries) for piece in found), default=0)


def _begin(query_set: judging.QuerySet, left: Sequence[Piece], fresh: bool = False) -> None:
    what = f"The evaluation of {query_set.name}"
    running.begin(_job_name(query_set), what, partial(_search_all, tuple(left), fresh))


def _search_all(left: Sequence[Piece], fresh: bool, progress: Progress) -> None:
    """Build and search, pipeline by pipeline; what one of them raises stops none of the others, and is raised at the end."""
    failed: list[str] = []
    for piece in left:
        own = partial(_named, piece.name if len(left) > 1 else "", progress)
        try:
            engine = piece.engine or cached.engine(piece.work.corpus, piece.work.pipeline, own)[0]
            cached.search(piece.work, engine, own, fresh)
        except PlaygroundError as error:
            failed.append(f"{piece.name}: {error}")
    if failed:
        raise PlaygroundError(" ".join(failed))


def _named(name: str, progress: Progress, sentence: str, share: float) -> None:
    progress(f"{name}: {sentence}" if name else sentence, share)
