"""What a reader must know before trusting the numbers of a comparison, in sentences."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from retrieval.comparing.comparison import Comparison
from retrieval.types import Judgment, Query


def notes(
    comparison: Comparison, queries: Sequence[Query], judgments: Sequence[Judgment], documents: Container[str]
) -> tuple[str, ...]:
    """Sentences on what is odd about the judgments; `queries` are all of the set, `documents` the ids of the corpus."""
    known = {query.id for query in queries}
    strange = {judgment.query_id for judgment in judgments} - known
    lost = {
        judgment.document_id for judgment in judgments if judgment.query_id in known and judgment.document_id not in documents
    }
    grades: dict[str, set[int]] = {query.id: set() for query in comparison.queries}
    for judgment in judgments:
        if judgment.query_id in grades:
            grades[judgment.query_id].add(judgment.grade)
    hopeless = [query for query, given in grades.items() if max(given, default=0) < 1]
    count = len(comparison.queries)
    said = [
        _said(len(strange), "judged query is", "judged queries are", "not in the query set and not counted"),
        _said(len(lost), "judged document is", "judged documents are", "not in the corpus, out of reach of every ranking"),
        _said(len(hopeless), "query has", "queries have", "no relevant document: every ranking scores 0 there"),
        _uniform(grades),
        "With one query there is no interval and no test: judge more queries." if count == 1 else "",
        "Two queries make an interval that says next to nothing: judge more." if count == 2 else "",
        *_missing(comparison),
    ]
    return tuple(sentence for sentence in said if sentence)


def _said(count: int, one: str, many: str, rest: str) -> str:
    if not count:
        return ""
    return f"{count:,} {one if count == 1 else many} {rest}."


def _uniform(grades: Mapping[str, set[int]]) -> str:
    every = set().union(*grades.values()) if grades else set()
    if len(every) != 1:
        return ""
    return f"Every judgment has the grade {next(iter(every))}, so metrics only tell whether what is judged was found."


def _missing(comparison: Comparison) -> Iterator[str]:
    """Which runs have no ranking for some queries."""
    for run in comparison.runs:
        empty = sum(not len(run.rankings.get(query.id, ())) for query in comparison.queries)
        yield _said(empty, "query has", "queries have", f"no results in {run.name}, which counts 0")
