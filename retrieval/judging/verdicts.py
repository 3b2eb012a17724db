"""What one rater said at one moment. Verdicts are only ever added, so that they are the whole history."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.errors import BadInput
from retrieval.types import GRADES


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rater's word on a document for a query, or on the characters `start` to `end` of its text.

    `grade` is 0 to 3, None where the rater can't tell (`cant_tell`) or took the earlier word back. `at` is the moment in UTC, ISO
    8601; "" stands for now. Raises BadInput where the grade or the span is none.
    """

    query_id: str
    document_id: str
    grade: int | None
    cant_tell: bool = False
    start: int | None = None
    end: int | None = None
    rater: str = ""
    note: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        what = f'the verdict on "{self.document_id[:80]}" for the query "{self.query_id[:80]}"'
        if self.grade is not None and (self.cant_tell or self.grade not in GRADES):
            raise BadInput(f"{what} has the grade {self.grade}; it must be one of {', '.join(map(str, GRADES))}, or can't tell")
        start, end = self.start, self.end
        if (start is None) != (end is None) or (start is not None and end is not None and not 0 <= start < end):
            raise BadInput(f"{what} has the span {start} to {end}; start must be at least 0 and below end, give both or none")

    @property
    def place(self) -> tuple[str, str, int | None, int | None]:
        """What it is about: query, document and span."""
        return self.query_id, self.document_id, self.start, self.end
