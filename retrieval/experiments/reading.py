"""An experiment as people look at it: its main number, and all of it as a JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from retrieval.experiments.plain import to_plain
from retrieval.experiments.records import Experiment, Mean, Run


@dataclass(frozen=True, slots=True)
class Headline:
    """The main metric of an experiment, the run with the highest mean by it, and that mean."""

    metric: str
    run: Run
    mean: Mean


def headline(experiment: Experiment) -> Headline | None:
    """By the first metric of the settings that a run has, else the first that a run has; None where no run has any.

    Of equal runs it is the first.
    """
    wanted = [*experiment.settings.get("metrics", ()), *(metric for run in experiment.runs for metric in run.means)]
    metric = next((name for name in wanted if any(name in run.means for run in experiment.runs)), None)
    if metric is None:
        return None
    best = max((run for run in experiment.runs if metric in run.means), key=lambda run: run.means[metric].mean)
    return Headline(metric, best, best.means[metric])


def as_json(experiment: Experiment) -> str:
    """All of it, the scores of the queries included, as one JSON object."""
    return json.dumps(to_plain(experiment), ensure_ascii=False, indent=1)
