"""Why a pipeline is set as it is: the table `evidence` of a pipeline file, which `Pipeline.from_toml` passes over."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retrieval.errors import BadInput
from retrieval.experiments.plain import of_plain, to_plain
from retrieval.pipeline import EVIDENCE, Pipeline

REMEDY = "correct the table [evidence] or remove it"


@dataclass(frozen=True, slots=True)
class Tried:
    """A setting that was tried: the metric's mean over the queries for choosing with its 95 % interval, and p95 in milliseconds.

    `low` and `high` are None below two queries, `p95_ms` where no time was measured.
    """

    name: str
    mean: float
    low: float | None = None
    high: float | None = None
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One choice: what was `tried` by `metric`, the name of what was `chosen`, how that does on queries not looked at, and the
    recommendation in a `sentence`. `applied` says whether it was followed.
    """

    step: str
    metric: str
    chosen: str
    tried: tuple[Tried, ...]
    sentence: str
    applied: bool
    held_out_mean: float | None = None
    held_out_low: float | None = None
    held_out_high: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a pipeline was chosen on, and the steps that led to it.

    `queries` counts those of the query set, `held_out` those among them that no choice looked at; `baseline` is the mean of
    `metric` before the first step. `library` is the library's version, `created` UTC, ISO 8601.
    """

    corpus: str
    corpus_fingerprint: str
    query_set: str
    queries: int
    held_out: int
    judgments_version: str
    metric: str
    created: str
    library: str
    baseline: float
    steps: tuple[Step, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values. Raises BadInput where a number is NaN or infinite, or a field is of another type than it should be."""
        plain = to_plain(self)
        Evidence.from_dict(plain)
        return dict(plain)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Evidence:
        """The reverse of `to_dict`. Raises BadInput where a field is unknown, missing or of the wrong type."""
        try:
            evidence: Evidence = of_plain(cls, values, "evidence")
        except ValueError as error:
            raise BadInput(f"the evidence of the pipeline cannot be used ({error}); {REMEDY}") from error
        return evidence


def pipeline_file(pipeline: Pipeline, evidence: Evidence | None = None) -> str:
    """A pipeline as `Pipeline.to_toml` writes it, with its evidence where there is some. Raises BadInput as `to_dict` does."""
    import tomli_w

    if evidence is None:
        return pipeline.to_toml()
    return f"{pipeline.to_toml()}\n{tomli_w.dumps({EVIDENCE: evidence.to_dict()})}"


def read_evidence(text: str) -> Evidence | None:
    """The evidence in the text of a pipeline file, None where it has none. Raises BadInput where it is no TOML or no evidence."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"the pipeline file is not TOML: {error}") from error
    return Evidence.from_dict(values[EVIDENCE]) if EVIDENCE in values else None
