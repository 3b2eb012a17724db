"""Experiments that are kept and compared, pipelines saved under a name, and the evidence for a pipeline.

The two stores are loaded when they are first asked for: they need SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.experiments.against import Against, ChangedSetting, Moved, compare_experiments
from retrieval.experiments.evidence import Evidence, Step, Tried, pipeline_file, read_evidence
from retrieval.experiments.reading import Headline, as_json, headline
from retrieval.experiments.records import KINDS, RUN_KINDS, Experiment, Mean, Run, version_of

if TYPE_CHECKING:
    from retrieval.experiments.pipelines import PipelineStore, SavedPipeline
    from retrieval.experiments.store import ExperimentStore, library_version

__all__ = [
    "KINDS",
    "RUN_KINDS",
    "Against",
    "ChangedSetting",
    "Evidence",
    "Experiment",
    "ExperimentStore",
    "Headline",
    "Mean",
    "Moved",
    "PipelineStore",
    "Run",
    "SavedPipeline",
    "Step",
    "Tried",
    "as_json",
    "compare_experiments",
    "headline",
    "library_version",
    "pipeline_file",
    "read_evidence",
    "version_of",
]

_PLACES = {
    "ExperimentStore": "store",
    "PipelineStore": "pipelines",
    "SavedPipeline": "pipelines",
    "library_version": "store",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
