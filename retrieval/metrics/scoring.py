"""Rankings with ids, scored on judgments with ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.metrics.judged import Judged, ranked_grades
from retrieval.metrics.measures import Measure
from retrieval.metrics.names import DEFAULT_METRICS, named, parse
from retrieval.types import Ranking

Scores = dict[str, dict[str, float]]


def score_rankings(
    rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]], names: Sequence[str] = DEFAULT_METRICS
) -> Scores:
    """Each metric for each judged query: {metric: {query id: value}}; a judged query without results counts 0.

    `rankings` are of what is graded, documents or places in them, by query id. Raises BadSetting for a metric that cannot be
    computed, BadInput where a result stands twice in a ranking.
    """
    measures = dict(zip(names, parse(names), strict=True))
    own = {name: measure for name, measure in measures.items() if measure is not None}
    foreign = [name for name, measure in measures.items() if measure is None]
    scores = _own(rankings, grades, own) | _foreign(rankings, grades, foreign)
    return {name: scores[name] for name in names}


def condensed(rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]]) -> dict[str, Ranking]:
    """The rankings without the results that have no judgment, by query id: condensed lists (Sakai, 2007)."""
    return {query: _judged_part(ranking, grades.get(query, {})) for query, ranking in rankings.items()}


def _judged_part(ranking: Ranking, grades: Mapping[str, int]) -> Ranking:
    kept = [(id, score) for id, score in zip(ranking.ids, ranking.scores, strict=True) if id in grades]
    return Ranking(tuple(id for id, _ in kept), tuple(score for _, score in kept))


def _own(rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]], measures: Mapping[str, Measure]) -> Scores:
    if not measures:
        return {}
    judged = Judged.of(grades)
    depths = [measure.depth for measure in measures.values() if measure.depth is not None]
    ranked = ranked_grades(rankings, grades, judged.queries, max(depths) if len(depths) == len(measures) else None)
    return {
        name: dict(zip(judged.queries, measure.values(ranked, judged.grades).tolist(), strict=True))
        for name, measure in measures.items()
    }


def _foreign(rankings: Mapping[str, Ranking], grades: Mapping[str, Mapping[str, int]], names: Sequence[str]) -> Scores:
    """By ir-measures, with scores that fall with the rank, so that the one ordering rule decides ties.

    A grade below 0 is handed over as 0: trec_eval crashes on a query that has no others.
    """
    if not names:
        return {}
    import ir_measures

    metrics = {name: named(name) for name in names}
    qrels = [ir_measures.Qrel(query, item, max(grade, 0)) for query, given in grades.items() for item, grade in given.items()]
    run = [
        ir_measures.ScoredDoc(query, item, float(-rank))
        for query, ranking in rankings.items()
        if query in grades
        for rank, item in enumerate(ranking.ids)
    ]
    scores: Scores = {name: dict.fromkeys(grades, 0.0) for name in names}
    for value in ir_measures.iter_calc(set(metrics.values()), qrels, run) if run else ():
        for name in names:  # two names may mean one metric
            if metrics[name] == value.measure:
                scores[name][value.query_id] = float(value.value)
    return scores
