"""The end of the guided tuning: the pipeline before and after on the same queries, and ways to take it along."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from pages.common import cached
from pages.common.markup import plain
from pages.tune import guided_keeping, guided_session
from pages.tune.guided_ground import Guiding
from pages.tune.searching import opened, searched
from pages.tune.words import asked
from retrieval import Judgeable, Pipeline, Query, comparing, interval, significance, tuning

BEFORE, AFTER = "before", "after"
METRICS = ("nDCG@10", "RR@10", "Success@5", "Judged@10")  # none that looks beyond what may be the fewest candidates
CHOSE, HELD, EVERY = "{} that chose", "{} held out", "all {}"


def result(guiding: Guiding) -> None:
    """Draw it."""
    journey = guided_session.journey(guiding)
    if not journey.decisions:
        st.info("No step is decided yet; run one, and apply or skip it.", icon=":material/checklist:")
        return
    made = _made(guiding, {BEFORE: journey.before, AFTER: guiding.pipeline})
    if made is not None:
        runs, grades, key = made
        compared = {name: _compared(runs, own, grades, key) for name, own in _portions(guiding.queries).items()}
        _numbers(compared)
        guided_keeping.keeping(guiding, journey, compared)
    _decided(guiding, journey)


def _decided(guiding: Guiding, journey: guided_session.Journey) -> None:
    """What became of each step, and why."""
    st.markdown("##### What was decided")
    rows = []
    for name, step in tuning.steps.STEPS.items():
        decision = journey.decisions.get(name)
        word = "not decided" if decision is None else "✓ applied" if decision.taken is not None else "– skipped"
        why = decision.result.sentence if decision and decision.result else ""
        settings = {BEFORE: _setting(step, journey.before), "now": _setting(step, guiding.pipeline)}
        rows.append({"step": name, **settings, "decision": word, "recommendation": why})
    frame = pd.DataFrame([{column: plain(text) for column, text in row.items()} for row in rows])
    st.table(frame.set_index("step"))
    st.button(
        "Start over",
        key="start over",
        icon=":material/restart_alt:",
        on_click=guided_session.start_over,
        args=(guiding,),
        help="Forgets the decisions and puts the settings back to those before the first step.",
    )


def _setting(step: tuning.steps.Step, pipeline: Pipeline) -> str:
    return " at ".join(tuning.steps.name_of(part, getattr(pipeline, part)) for part in (step.part, *step.beside))


Made = tuple[tuple[comparing.Run, ...], Judgeable, Hashable]


def _made(guiding: Guiding, pipelines: Mapping[str, Pipeline]) -> Made | None:
    """The last stage of each pipeline, what it is scored by, and a key of all that; None, with the reason on the page, so far."""
    runs, keys = [], []
    for name, pipeline in pipelines.items():
        engine = opened(guiding.corpus, pipeline)
        if engine is None:
            return None
        work = guiding.work(pipeline)
        if not searched(f"{guiding.job}, {name}", work, engine):
            return None
        judgeable = cached.judgeable(guiding.query_set.key, guiding.passages, work, engine)
        keys.append((name, cached.searched_as(work, engine)))
        runs.append(comparing.stage_run(name, cached.traced(work, engine), judgeable))
    return tuple(runs), cached.judgeable(guiding.query_set.key, guiding.passages), (guiding.key, tuple(keys))


def _portions(queries: Sequence[Query]) -> dict[str, tuple[Query, ...]]:
    """The queries by what they were for, then all of them; these alone where none is held out."""
    held = tuple(query for query in queries if query.held_out)
    chose = tuple(query for query in queries if not query.held_out)
    return ({CHOSE: chose, HELD: held} if held else {}) | {EVERY: tuple(queries)}


def _compared(runs: Sequence[comparing.Run], queries: Sequence[Query], grades: Judgeable, key: Hashable) -> comparing.Comparison:
    name = (key, "guided", cached.queries_name(queries))
    return cached.comparison(name, lambda: comparing.compare(runs, queries, grades, METRICS, BEFORE))


def _numbers(compared: Mapping[str, comparing.Comparison]) -> None:
    """Before and after: in a sentence by the queries that tell most, then metric by metric, and the time of a query."""
    fairest = HELD if HELD in compared else EVERY
    st.markdown(f"##### {_headline(compared[fairest], fairest)}")
    rows = [{"": metric, **_row(compared, partial(_moved, metric=metric))} for metric in METRICS]
    whole = {EVERY: compared[EVERY]}
    rows += [{"": f"ms at p{percent}", **_row(whole, partial(_times, percent=percent))} for percent in (50, 95)]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="before and after")
    said = "Before → after, then the gain with its 95 % interval. Times are those of when each query was first searched."
    flattered = "None of these queries is held out: they are the ones that chose, so the gain is flattered."
    st.caption(plain(f"{said} {flattered}" if fairest == EVERY else said))


def _headline(one: comparing.Comparison, portion: str) -> str:
    gained = one.difference(AFTER, METRICS[0])
    word = f", {significance(gained)}" if gained else ""
    return plain(f"On {_counted(portion, one)}: {METRICS[0]} {_moved(one, METRICS[0])}{word}")


def _row(compared: Mapping[str, comparing.Comparison], cell: Callable[[comparing.Comparison], str]) -> dict[str, str]:
    return {_counted(name, one): cell(one) for name, one in compared.items()}


def _moved(one: comparing.Comparison, metric: str) -> str:
    gained = one.difference(AFTER, metric)
    gain = f", {interval(gained, '+')}" if gained else ""
    return f"{one.mean(BEFORE, metric):.3f} → {one.mean(AFTER, metric):.3f}{gain}"


def _times(one: comparing.Comparison, percent: int) -> str:
    before, after = (one.run(name).milliseconds(percent) or 0.0 for name in (BEFORE, AFTER))
    return f"{before:.1f} → {after:.1f}"


def _counted(portion: str, one: comparing.Comparison) -> str:
    return portion.format(asked(len(one.queries)))
