"""Metrics by their ir-measures names, computed by ir-measures (MacAvaney et al., 2022).

Gain is linear in the grade; a grade of 1 or more is relevant where a metric knows only relevant or not. The ideal list of nDCG
uses everything that is judged. Rankings are handed over with scores that fall with the rank, so that the one ordering rule
decides ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from retrieval.errors import BadSetting
from retrieval.types import Judgment, Ranking

DEFAULT_METRICS = ("nDCG@10", "R@100", "RR@10", "Success@5", "Judged@10")

Scores = dict[str, dict[str, float]]


def parse(names: Sequence[str]) -> list[Any]:
    """Metric values of ir-measures by name; raises `BadSetting` for a name that it does not know or cannot compute."""
    return [_parse_one(name) for name in names]


@lru_cache(maxsize=256)
def _parse_one(name: str) -> Any:
    """One metric, tried out on one document: ir-measures also parses names that it then fails, or even crashes, to compute."""
    import ir_measures

    try:
        metric = ir_measures.parse_measure(name)
        if metric.params.get("cutoff", 1) < 1:
            raise ValueError("the cutoff is below 1")
        list(ir_measures.iter_calc([metric], [ir_measures.Qrel("q", "d", 1)], [ir_measures.ScoredDoc("q", "d", 1.0)]))
    except Exception as error:
        names = ", ".join(DEFAULT_METRICS)
        raise BadSetting(f"the metric {name!r} cannot be computed; use a name of ir-measures, such as {names}") from error
    return metric


def grades_by_query(judgments: Iterable[Judgment]) -> dict[str, dict[str, int]]:
    """Grade of each judged document, by query: that of the whole document where it has one, else the best of its spans."""
    grades: dict[str, dict[str, int]] = {}
    spans: dict[str, dict[str, int]] = {}
    for judgment in judgments:
        of_query = (grades if judgment.span is None else spans).setdefault(judgment.query_id, {})
        best = judgment.grade if judgment.span is None else max(judgment.grade, of_query.get(judgment.document_id, 0))
        of_query[judgment.document_id] = best
    return {query: spans.get(query, {}) | grades.get(query, {}) for query in {**grades, **spans}}


def score_rankings(
    rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]], names: Sequence[str] = DEFAULT_METRICS
) -> Scores:
    """Each metric for each judged query: {metric: {query id: value}}; a judged query without results counts 0.

    `rankings` are of what is graded, documents or places in them, by query id.
    """
    import ir_measures

    metrics = dict(zip(names, parse(names), strict=True))
    qrels = [ir_measures.Qrel(query, document, grade) for query, given in grades.items() for document, grade in given.items()]
    run = [
        ir_measures.ScoredDoc(query, document, float(-rank))
        for query, ranking in rankings.items()
        if query in grades
        for rank, document in enumerate(ranking.ids)
    ]
    scores: Scores = {name: dict.fromkeys(grades, 0.0) for name in names}
    for value in ir_measures.iter_calc(set(metrics.values()), qrels, run) if run else ():
        for name in names:  # two names may mean one metric
            if metrics[name] == value.measure:
                scores[name][value.query_id] = float(value.value)
    return scores
