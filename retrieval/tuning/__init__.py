"""Tuning on a judged query set: every variant of a setting scored on every query, and a choice that is tested on others.

For example, with the hits of both retrievers for each query:

    candidates = Candidates.of(Items.of(queries, ids, judgeable), dense, sparse)
    curve = weight_curve(candidates, RRF(), "nDCG@10")
    tested = cross_validated(curve.scores, curve.distances, balanced_folds(classes))
    curve.weights[tested.overall], tested.scores.mean()
"""

from __future__ import annotations

from retrieval.tuning import steps
from retrieval.tuning.bm25 import Grid, bm25_grid
from retrieval.tuning.candidates import Candidates
from retrieval.tuning.cells import BS, K1S, Cell, cell_name, cells_key, kept_cells, pairs
from retrieval.tuning.choice import Choice, Rule, choose
from retrieval.tuning.coverage import FOUND_BY, Coverage, coverage
from retrieval.tuning.curves import (
    DEPTHS,
    NORMALISATIONS,
    RRF_KS,
    WEIGHTS,
    Curve,
    depth_curves,
    weight_curve,
    weight_curves,
)
from retrieval.tuning.depths import COUNTS, CountSweep, count_sweep
from retrieval.tuning.folds import CrossValidation, balanced_folds, best, cross_validated
from retrieval.tuning.items import Items
from retrieval.tuning.knee import knee, smallest_within_noise
from retrieval.tuning.overview import Band, Overview, class_means, overview
from retrieval.tuning.pareto import Verdict, pareto
from retrieval.tuning.recall import recall_at
from retrieval.tuning.routing import Routing, gains, routing
from retrieval.tuning.scored import ScoreStore
from retrieval.tuning.traced import traced_candidates

__all__ = [
    "BS",
    "COUNTS",
    "DEPTHS",
    "FOUND_BY",
    "K1S",
    "NORMALISATIONS",
    "RRF_KS",
    "WEIGHTS",
    "Band",
    "Candidates",
    "Cell",
    "Choice",
    "CountSweep",
    "Coverage",
    "CrossValidation",
    "Curve",
    "Grid",
    "Items",
    "Overview",
    "Routing",
    "Rule",
    "ScoreStore",
    "Verdict",
    "balanced_folds",
    "best",
    "bm25_grid",
    "cell_name",
    "cells_key",
    "choose",
    "class_means",
    "count_sweep",
    "coverage",
    "cross_validated",
    "depth_curves",
    "gains",
    "kept_cells",
    "knee",
    "overview",
    "pairs",
    "pareto",
    "recall_at",
    "routing",
    "smallest_within_noise",
    "steps",
    "traced_candidates",
    "weight_curve",
    "weight_curves",
]
