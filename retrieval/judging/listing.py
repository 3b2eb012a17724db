"""The list of a query: every document of its pool and every passage that the rater judged, a line each, in the blind order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.errors import require
from retrieval.judging.ordering import DEFAULT_ORDER, ORDERS
from retrieval.judging.pool import Pool
from retrieval.judging.verdicts import Verdict

ALL = "all"
LEFT = "left to judge"
JUDGED = "judged"
SHOWN = (ALL, LEFT, JUDGED)


@dataclass(frozen=True, slots=True)
class Line:
    """A document, or the characters `start` to `end` of it, with the rater's `word` in force, None where there is none.

    `pooled` is False for a document that the rater judged though it is not in the pool. `judged` says whether a word of the rater
    stands anywhere on the document, on the whole or a part.
    """

    query_id: str
    document_id: str
    start: int | None = None
    end: int | None = None
    word: Verdict | None = None
    pooled: bool = True
    judged: bool = False

    @property
    def span(self) -> tuple[int, int] | None:
        """The characters; None for the whole document."""
        return None if self.start is None or self.end is None else (self.start, self.end)

    def said(self, rater: str, grade: int | None, cant_tell: bool = False, note: str = "") -> Verdict:
        """A verdict on this line, given now; without a grade and without `cant_tell` it takes the word back."""
        return Verdict(self.query_id, self.document_id, grade, cant_tell, self.start, self.end, rater, note)


def lines(
    pool: Pool, latest: Iterable[Verdict], query_set: str, rater: str, order: str = DEFAULT_ORDER, shown: str = ALL
) -> tuple[Line, ...]:
    """The lines of one rater: a document and beneath it its judged passages; documents outside the pool come last, by id.

    `latest` are the last words on the query, `query_set` is the key of the set, `shown` one of SHOWN. Raises BadSetting for an
    unknown order or choice.
    """
    require(order in ORDERS, f'the order "{order}" is not known; choose one of {", ".join(ORDERS)}')
    require(shown in SHOWN, f'the choice of lines "{shown}" is not known; choose one of {", ".join(SHOWN)}')
    own: dict[str, list[Verdict]] = {}
    for word in latest:
        if word.rater == rater and word.query_id == pool.query_id:
            own.setdefault(word.document_id, []).append(word)
    pooled = ORDERS[order](pool, query_set, rater)
    documents = (*pooled, *sorted(own.keys() - set(pooled)))
    wanted = [document for document in documents if shown == ALL or (document in own) == (shown == JUDGED)]
    inside = frozenset(pooled)
    return tuple(line for document in wanted for line in _of(pool.query_id, document, own.get(document, ()), document in inside))


def _of(query_id: str, document: str, words: Sequence[Verdict], pooled: bool) -> list[Line]:
    """The line of a whole document and those of its passages, by their place."""
    whole = next((word for word in words if word.start is None), None)
    parts = sorted((word.start, word.end, word) for word in words if word.start is not None and word.end is not None)
    first = Line(query_id, document, None, None, whole, pooled, bool(words))
    return [first, *(Line(query_id, document, start, end, word, pooled, True) for start, end, word in parts)]
