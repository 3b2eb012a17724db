"""Values that JSON objects and table cells give: ids, times, truth values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from retrieval.judging.files.base import Wrong
from retrieval.readers.base import first_of, kind, sound

TRUTH = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "": False}


def id_in(row: Mapping[str, object], names: tuple[str, ...]) -> str:
    """The id in the first of `names` with a value, a whole number as text; "" without one. Raises Unusable for anything else."""
    value = first_of(row, names)
    return str(value) if type(value) is int else sound(names[0], "" if value is None else value)


def text_in(row: Mapping[str, object], names: tuple[str, ...], default: str = "") -> str:
    """The text in the first of `names` that has a value, else `default`. Raises Unusable where it is no text."""
    value = first_of(row, names)
    return default if value is None else sound(names[0], value)


def truth_in(row: Mapping[str, object], name: str) -> bool:
    """The truth value in a field, False without one; yes and no, 1 and 0 are understood. Raises Wrong for anything else."""
    value = row.get(name)
    found = value if isinstance(value, bool) else TRUTH.get("" if value is None else str(value).strip().lower())
    if found is None:
        raise Wrong(f"gives {name} as {str(value)!r:.40}", "write true or false")
    return found


def moment_in(row: Mapping[str, object], name: str) -> str:
    """The time in a field in UTC, "" without one; a time without a zone counts as UTC. Raises Wrong where it is not ISO 8601."""
    text = text_in(row, (name,)).strip()
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
        zoned = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return text if text.endswith("+00:00") else zoned.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        raise Wrong(f'gives {name} as "{text:.40}"', "write the time in ISO 8601, as in 2026-11-24T09:30:00+00:00") from None


def span_in(row: Mapping[str, object]) -> tuple[int | None, int | None]:
    """The fields start and end, None for both without a span. Raises Wrong where they are no span."""
    start, end = row.get("start"), row.get("end")
    if start is None and end is None:
        return None, None
    if type(start) is not int or type(end) is not int or not 0 <= start < end < 2**31:
        raise Wrong(
            f"has the span {shown(start)} to {shown(end)}",
            "give both ends as whole numbers of characters, 0 ≤ start < end, or none",
        )
    return start, end


def shown(value: object) -> str:
    """A value in a sentence: the beginning of a number, else its kind."""
    return f"{value!s:.20}" if type(value) in (int, float) else kind(value)
