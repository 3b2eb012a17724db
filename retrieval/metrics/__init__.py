"""Metrics by their ir-measures names (MacAvaney et al., 2022): eight computed here for all queries at once, the rest by it.

Gain is linear in the grade; a grade of 1 or more is relevant where a metric knows only relevant or not. The ideal list of nDCG
uses everything that is judged.
"""

from __future__ import annotations

from retrieval.metrics.judged import ABSENT, UNJUDGED, Judged, grades_by_query
from retrieval.metrics.measures import MEASURES, Measure
from retrieval.metrics.names import DEFAULT_METRICS, cutoff_of, measure_of, parse
from retrieval.metrics.scoring import Scores, condensed, score_rankings

__all__ = [
    "ABSENT",
    "DEFAULT_METRICS",
    "MEASURES",
    "UNJUDGED",
    "Judged",
    "Measure",
    "Scores",
    "condensed",
    "cutoff_of",
    "grades_by_query",
    "measure_of",
    "parse",
    "score_rankings",
]
