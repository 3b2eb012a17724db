"""Metrics by their ir-measures names, computed by ir-measures (MacAvaney et al., 2022).

Gain is linear in the grade; a grade of 1 or more is relevant where a metric knows only relevant or not. The ideal list of nDCG
uses all judged documents. Rankings are handed over with scores that fall with the rank, so that the one ordering rule decides ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from retrieval.errors import BadSetting
from retrieval.types import Judgment, Ranking

DEFAULT_METRICS = ("nDCG@10", "R@100", "RR@10", "Success@5", "Judged@10")

Scores = dict[str, dict[str, float]]


def parse(names: Sequence[str]) -> list[Any]:
    """Metric values of ir-measures by name; raises `BadSetting` for a name that it does not know."""
    import ir_measures

    parsed = []
    for name in names:
        try:
            parsed.append(ir_measures.parse_measure(name))
        except (NameError, ValueError, SyntaxError) as error:
            raise BadSetting(f"unknown metric {name!r}; use a name of ir-measures, such as {', '.join(DEFAULT_METRICS)}") from error
    return parsed


def grades_by_query(judgments: Iterable[Judgment]) -> dict[str, dict[str, int]]:
    """Grade of each judged document, by query."""
    grades: dict[str, dict[str, int]] = {}
    for judgment in judgments:
        grades.setdefault(judgment.query_id, {})[judgment.document_id] = judgment.grade
    return grades


def score_rankings(
    rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]], names: Sequence[str] = DEFAULT_METRICS
) -> Scores:
    """Each metric for each judged query: {metric: {query id: value}}; a judged query without results counts 0.

    `rankings` are of documents, by query id.
    """
    import ir_measures

    metrics = parse(names)
    qrels = [ir_measures.Qrel(query, document, grade) for query, given in grades.items() for document, grade in given.items()]
    run = [
        ir_measures.ScoredDoc(query, document, float(-rank))
        for query, ranking in rankings.items()
        if query in grades
        for rank, document in enumerate(ranking.ids)
    ]
    scores: Scores = {name: dict.fromkeys(grades, 0.0) for name in names}
    name_of = dict(zip(metrics, names, strict=True))
    for value in ir_measures.iter_calc(metrics, qrels, run) if run else ():
        scores[name_of[value.measure]][value.query_id] = float(value.value)
    return scores
