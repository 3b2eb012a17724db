"""Grades as arrays: what is judged for each query, and what stands at each rank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput
from retrieval.types import Judgment, Ranking

Grades = NDArray[np.int16]

ABSENT = int(np.iinfo(np.int16).min)  # there is no result at this rank, or no further judgment
UNJUDGED = ABSENT + 1  # the result at this rank has no judgment


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The judgments of a query set: `grades` (q, m) int16, each query's own descending, then `ABSENT`."""

    queries: tuple[str, ...]
    grades: Grades

    @classmethod
    def of(cls, grades: Mapping[str, Mapping[str, int]], queries: Sequence[str] | None = None) -> Judged:
        """The grades of each item by query id, for `queries` in their order, or for all.

        A query without judgments has none; raises BadInput for a grade that does not fit.
        """
        names = tuple(grades if queries is None else queries)
        given = [grades.get(name, {}).values() for name in names]
        flat = np.fromiter(chain.from_iterable(given), np.int64)
        if len(flat) and not UNJUDGED < flat.min() <= flat.max() <= -UNJUDGED:
            raise BadInput(
                f"a judgment has the grade {flat[np.abs(flat).argmax()]:,}; a grade must lie between {UNJUDGED + 1:,} and"
                f" {-UNJUDGED:,}, use a smaller scale"
            )
        return cls(names, np.sort(_padded(flat, given), axis=1)[:, ::-1])


def ranked_grades(
    rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]], queries: Sequence[str], depth: int | None = None
) -> Grades:
    """The grade of the result at each rank, (q, k) int16, `UNJUDGED` where it has none, `ABSENT` behind the last result.

    Only the first `depth` results are looked at. A query without a ranking has no results. Raises BadInput where a result stands
    twice in a ranking.
    """
    found = [rankings[query].ids[:depth] if query in rankings else () for query in queries]
    for query, ids in zip(queries, found, strict=True):
        if len(set(ids)) < len(ids):
            twice = next(id for at, id in enumerate(ids) if id in ids[:at])
            raise BadInput(f'the ranking of the query "{query}" holds "{twice}" twice; remove all but its best place')
    looked_up = (map(grades.get(query, {}).get, ids, repeat(UNJUDGED)) for query, ids in zip(queries, found, strict=True))
    return _padded(np.fromiter(chain.from_iterable(looked_up), np.int16), found)


def _padded(flat: NDArray[np.integer], rows: Sequence[Collection[object]]) -> Grades:
    """The values of `flat`, as many in each row as `rows` have, then `ABSENT`."""
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    padded = np.full((len(rows), lengths.max(initial=0)), ABSENT, np.int16)
    padded[np.arange(padded.shape[1]) < lengths[:, None]] = flat
    return padded


def grades_by_query(judgments: Iterable[Judgment]) -> dict[str, dict[str, int]]:
    """Grade of each judged document, by query: that of the whole document where it has one, else the best of its spans."""
    grades: dict[str, dict[str, int]] = {}
    spans: dict[str, dict[str, int]] = {}
    for judgment in judgments:
        of_query = (grades if judgment.span is None else spans).setdefault(judgment.query_id, {})
        best = judgment.grade if judgment.span is None else max(judgment.grade, of_query.get(judgment.document_id, 0))
        of_query[judgment.document_id] = best
    return {query: spans.get(query, {}) | grades.get(query, {}) for query in {**grades, **spans}}
