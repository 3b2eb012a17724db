"""Numbers and moments as this page writes them."""

from __future__ import annotations

from typing import Any

from retrieval import Difference, comparing, experiments, significance


def day(created: str) -> str:
    """A moment (UTC, ISO 8601) to the minute."""
    return created[:16].replace("T", " ")


def titled(record: experiments.Experiment) -> str:
    """An experiment in a list to choose from."""
    return f"{record.name} · {day(record.created)}"


def standing(metric: str, found: Difference) -> str:
    """What a difference of B against A amounts to; more or less that is judged is no quality."""
    word = significance(found)
    if not word.endswith(("better", "worse")):
        return f"{word[0].upper()}{word[1:]}"
    if comparing.judged_at(metric) == metric:
        word = word.replace("better", "judged more").replace("worse", "judged less")
    return f"B is {word}"


def value_in_words(value: Any) -> str:
    """A setting in a cell of a table, "–" where there is none."""
    return "–" if value is None else str(value)
