"""Numbers of the page in words."""

from __future__ import annotations

from retrieval import Estimate


def interval(one: Estimate, sign: str = "") -> str:
    """A mean with its interval: "0.712 [0.655, 0.766]"; the mean alone where there is none."""
    return f"{one.mean:{sign}.3f} {bounds(one, sign)}".rstrip()


def bounds(one: Estimate, sign: str = "") -> str:
    """The interval alone, "[0.655, 0.766]"; nothing where there is none."""
    return "" if one.low is None or one.high is None else f"[{one.low:{sign}.3f}, {one.high:{sign}.3f}]"


def verdict(gain: Estimate) -> str:
    """Whether a gain is more than chance."""
    if gain.low is None or gain.high is None:
        return "one query only"
    if gain.low == gain.high == 0:
        return "no query differs"
    if gain.low <= 0 <= gain.high:
        return "within noise"
    return "better" if gain.mean > 0 else "worse"


def asked(count: int) -> str:
    """ "1 query", "300 queries"."""
    return f"{count:,} {'query' if count == 1 else 'queries'}"
