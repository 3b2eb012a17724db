"""What every writer shares: which judgments most formats hold, and the refusal of what a file cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.errors import BadInput
from retrieval.judging.files.base import Labels
from retrieval.types import Judgment

_UNSOUND = re.compile("[\0\ud800-\udfff]")


def whole(labels: Labels) -> Iterator[Judgment]:
    """The judgments of whole documents, which is all that most formats hold."""
    return (judgment for judgment in labels.judgments if judgment.span is None)


def fitting(kind: str, value: str, pattern: re.Pattern[str], rule: str, remedy: str) -> str:
    """`value`, unless the pattern is found in it: then BadInput, saying which rule of the file it breaks."""
    if pattern.search(value):
        raise BadInput(f"the {kind} {value[:80]!r} {rule}; {remedy}")
    return value


def encoded(text: str) -> bytes:
    """The bytes of a file in UTF-8. Raises BadInput as `check_sound` does."""
    check_sound(text)
    return text.encode("utf-8")


def check_sound(text: str) -> None:
    """Raise BadInput where a text holds what no file can: a NUL or half a surrogate pair."""
    found = _UNSOUND.search(text)
    if found:
        near = text[max(0, found.start() - 40) : found.start() + 40]
        raise BadInput(f"{near!r} holds a NUL character or half a surrogate pair, which no text file can hold; correct it")
