"""From the name of a metric, as ir-measures writes it, to what computes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from retrieval.errors import BadSetting
from retrieval.metrics.measures import MEASURES, Measure

DEFAULT_METRICS = ("nDCG@10", "R@100", "RR@10", "Success@5", "Judged@10")


def parse(names: Sequence[str]) -> list[Measure | None]:
    """`measure_of` each name."""
    return [measure_of(name) for name in names]


@lru_cache(maxsize=256)
def measure_of(name: str) -> Measure | None:
    """The measure with this name, None where only ir-measures computes it; raises BadSetting where nobody does."""
    import ir_measures

    metric = named(name)
    kind = MEASURES.get(metric.NAME)
    if kind is not None:
        parameters = {"depth" if key == "cutoff" else key: value for key, value in metric.params.items()}
        if parameters.keys() <= {field.name for field in fields(kind)}:
            return kind(**parameters)
    try:  # ir-measures also parses names that it then fails, or even crashes, to compute
        if metric.params.get("cutoff", 1) < 1:
            raise ValueError("the cutoff is below 1")
        list(ir_measures.iter_calc([metric], [ir_measures.Qrel("q", "d", 1)], [ir_measures.ScoredDoc("q", "d", 1.0)]))
    except Exception as error:
        raise _unknown(name) from error
    return None


def cutoff_of(name: str) -> int | None:
    """How many results a metric looks at, None where it is all of them; raises BadSetting for a name that nobody knows."""
    cutoff: int | None = named(name).params.get("cutoff")
    return cutoff


def named(name: str) -> Any:
    """The metric as a value of ir-measures; raises BadSetting for a name that it cannot read."""
    import ir_measures

    try:
        return ir_measures.parse_measure(name)
    except Exception as error:
        raise _unknown(name) from error


def _unknown(name: str) -> BadSetting:
    examples = ", ".join(DEFAULT_METRICS)
    return BadSetting(f"the metric {name!r} cannot be computed; use a name of ir-measures, such as {examples}")
