"""Numbers and moments as this page writes them."""

from __future__ import annotations

from typing import Any

from pages.common.markup import plain
from retrieval import Difference, Estimate, comparing, experiments

SIGNIFICANT = 0.05


def sentence(reason: str) -> str:
    """A reason as Markdown, as a sentence that stands alone."""
    return plain(f"{reason[:1].upper()}{reason[1:]}".removesuffix(".") + ".")


def day(created: str) -> str:
    """A moment (UTC, ISO 8601) to the minute."""
    return created[:16].replace("T", " ")


def titled(record: experiments.Experiment) -> str:
    """An experiment in a list to choose from."""
    return f"{record.name} · {day(record.created)}"


def mean_in_words(mean: experiments.Mean | Estimate) -> str:
    """ "0.735 [0.691, 0.778]", without brackets where one query gave no interval."""
    interval = "" if mean.low is None else f" [{mean.low:.3f}, {mean.high:.3f}]"
    return f"{mean.mean:.3f}{interval}"


def difference_in_words(found: Difference) -> str:
    """ "+0.016 [-0.003, +0.035]"."""
    interval = "" if found.low is None else f" [{found.low:+.3f}, {found.high:+.3f}]"
    return f"{found.mean:+.3f}{interval}"


def verdict(metric: str, found: Difference) -> str:
    """What a difference of B against A amounts to, "perhaps" where interval and test do not agree; "judged" is no quality."""
    if not found.improved and not found.worse:
        return "No query differs"
    if found.p is None:
        return "One query only"
    if found.within_noise:
        return "Within noise"
    share = comparing.judged_at(metric) == metric
    direction = ("more" if share else "better") if found.mean > 0 else ("less" if share else "worse")
    sure = f"B is judged {direction}" if share else f"B is {direction}"
    return sure if found.p <= SIGNIFICANT else sure.replace("is", "is perhaps", 1)


def value_in_words(value: Any) -> str:
    """A setting in a cell of a table, "–" where there is none."""
    return "–" if value is None else str(value)
