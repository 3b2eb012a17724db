"""Experiments in and out of a row of their table.

What a list shows, all but the scores of the queries, is JSON in the column `content`; the scores, which may take megabytes, are
JSON in the column `scores`, an entry for each run. Python writes a float so that reading gives the same one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from retrieval.errors import BadInput
from retrieval.experiments.plain import of_plain, to_plain
from retrieval.experiments.records import KINDS, RUN_KINDS, Experiment, Run
from retrieval.judging.records import sound
from retrieval.naming import clean_name

VERSION = 1
TEXTS = ("kind", "corpus", "corpus_name", "corpus_fingerprint", "query_set", "query_set_name", "judgments_version")
COLUMNS = ("key", "name", "note", *TEXTS, "library", "created")

Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Content:
    """What the column `content` holds beside its version; the runs are without scores."""

    settings: Mapping[str, Any]
    runs: tuple[Run, ...]


def stored_form(experiment: Experiment) -> dict[str, Any]:
    """The columns of an experiment. Raises BadInput where something in it cannot be stored."""
    _check(experiment)
    content = to_plain(Content(experiment.settings, tuple(replace(run, scores={}) for run in experiment.runs)))
    scores = to_plain([run.scores for run in experiment.runs])
    try:
        _scored(of_plain(Content, content, "experiment").runs, scores)
    except ValueError as error:
        raise BadInput(f"the experiment {experiment.name!r} cannot be saved: {error}; correct it") from error
    texts = {name: sound(f"the {name} of the experiment", getattr(experiment, name)) for name in TEXTS}
    kept = {"name": clean_name(experiment.name, "an experiment"), "note": sound("the note", experiment.note)}
    given = {"key": experiment.key, "library": experiment.library, "created": experiment.created}
    return texts | kept | given | {"content": json.dumps({"version": VERSION} | content), "scores": json.dumps(scores)}


def listed(row: Any) -> Experiment:
    """The experiment in a row, without scores; where its content cannot be read, with a `problem` and without runs."""
    try:
        return whole(row, None)
    except BadInput as error:
        return Experiment(**{name: row._mapping[name] for name in COLUMNS}, runs=(), problem=str(error))


def whole(row: Any, scores: str | None) -> Experiment:
    """The experiment in a row, with the scores in a text where one is given. Raises BadInput where something cannot be read."""
    try:
        content = _content(json.loads(row.content))
        runs = _scored(content.runs, json.loads(scores)) if scores is not None else content.runs
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"the experiment {row.name!r} cannot be read ({error}); open it in the version of the app that saved it or delete it"
        ) from error
    return Experiment(**{name: row._mapping[name] for name in COLUMNS}, settings=content.settings, runs=runs)


def _content(values: Any) -> Content:
    if not isinstance(values, dict) or values.get("version") != VERSION:
        found = values.get("version") if isinstance(values, dict) else None
        raise ValueError(f"its form is {found!r:.20}, this app reads {VERSION}")
    content: Content = of_plain(Content, {name: value for name, value in values.items() if name != "version"}, "content")
    return content


def _scored(runs: tuple[Run, ...], values: Any) -> tuple[Run, ...]:
    if not isinstance(values, list) or len(values) != len(runs):
        raise ValueError(f"it has no list of scores for its {len(runs)} runs")
    return tuple(
        replace(run, scores=of_plain(Scores, own, f"scores of {run.name!r}")) for run, own in zip(runs, values, strict=True)
    )


def _check(experiment: Experiment) -> None:
    names = [run.name for run in experiment.runs]
    if not names:
        raise BadInput(f"the experiment {experiment.name!r} has no run; evaluate something before it is saved")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(f"two runs are called {twice[0]!r}; rename one of them")
    if experiment.kind not in KINDS:
        raise BadInput(f"an experiment cannot be of the kind {experiment.kind!r}; it is one of {', '.join(KINDS)}")
    if strange := [run for run in experiment.runs if run.kind not in RUN_KINDS]:
        raise BadInput(
            f"the run {strange[0].name!r} cannot be of the kind {strange[0].kind!r}; it is one of {', '.join(RUN_KINDS)}"
        )
