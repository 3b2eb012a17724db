"""Where raters differ, the worst first, so that they can talk about it or an adjudicator can decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.judging.agreement import by_place
from retrieval.judging.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place with different grades. `words` are the raters' last ones with their notes, by rater; "can't tell" is among them."""

    query_id: str
    document_id: str
    start: int | None
    end: int | None
    words: tuple[Verdict, ...]

    @property
    def grades(self) -> dict[str, int]:
        """The grade of each rater who gave one."""
        return {word.rater: word.grade for word in self.words if word.grade is not None}

    @property
    def difference(self) -> int:
        """Steps between the highest and the lowest grade, 1 to 3."""
        given = self.grades.values()
        return max(given) - min(given)


def disagreements(verdicts: Iterable[Verdict]) -> tuple[Disagreement, ...]:
    """The places on which last grades differ: the largest difference first, then by query, document and span."""
    found = []
    for place, of in by_place(verdicts).items():
        if len({word.grade for word in of.values() if word.grade is not None}) > 1:
            found.append(Disagreement(*place, tuple(of[rater] for rater in sorted(of))))
    return tuple(sorted(found, key=_order))


def _order(item: Disagreement) -> tuple[int, str, str, int, int]:
    """Whole documents stand before their spans."""
    start, end = (-1, -1) if item.start is None or item.end is None else (item.start, item.end)
    return -item.difference, item.query_id, item.document_id, start, end
