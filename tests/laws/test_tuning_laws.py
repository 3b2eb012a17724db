"""Laws of tuning: all queries at once give what one query after the other gives, and folds are fair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.fusion import FUSIONS, RRF
from retrieval.judgeable import Judgeable
from retrieval.metrics import ABSENT, UNJUDGED
from retrieval.spans import Places
from retrieval.tuning import Candidates, Items, balanced_folds, cross_validated
from retrieval.types import Ranking

CHUNKS = [f"c{n:02d}" for n in range(12)]
DOCUMENTS = ["x", "y", "z", "x y", "Z"]
PLACES = [f"{document}[{n}:9]" for document in "xy" for n in range(3)]
QUERIES = ("q1", "q2", "q0")
WEIGHTS = np.array([0.0, 0.07, 0.3, 0.5, 0.81, 1.0])
SCORES = st.sampled_from([-2.0, 0.0, 0.1, 0.2, 0.3, 1.0, 7.7])  # with ties, some of them only but for a rounding error
GRADES = st.integers(-1, 3)


@st.composite
def hits(draw):
    """The rows and scores of one retriever, best first, equal scores by row."""
    rows = draw(st.lists(st.integers(0, len(CHUNKS) - 1), unique=True))
    scores = np.array([draw(SCORES) for _ in rows])
    order = np.lexsort((rows, -scores))
    return np.array(rows, np.int64)[order], scores[order]


@st.composite
def judgeables(draw):
    """Chunks in no order of their documents; some queries are judged on documents, some on places, some documents are unknown."""
    document_of = {chunk: draw(st.sampled_from(DOCUMENTS)) for chunk in CHUNKS}
    grades, places = {}, {}
    for query in QUERIES:
        if draw(st.booleans()):
            judged = {place: draw(GRADES) for place in draw(st.lists(st.sampled_from(PLACES), unique=True))}
            held = {chunk: tuple(draw(st.permutations(sorted(judged)))[: draw(st.integers(1, 3))]) for chunk in CHUNKS[::2]}
            places[query] = Places(judged, held if judged else {})
            grades[query] = judged
        else:
            grades[query] = draw(st.dictionaries(st.sampled_from([*DOCUMENTS, "gone"]), GRADES))
    return Judgeable(grades, document_of, places)


several = st.lists(hits(), min_size=len(QUERIES), max_size=len(QUERIES))


def ranking(found) -> Ranking:
    return Ranking(tuple(CHUNKS[row] for row in found[0]), tuple(found[1].tolist()))


def one_by_one(judgeable, fusion, dense, sparse, weight, depth):
    """The grades in rank order of each query, fused and ranked by ids."""
    for query, *pair in zip(QUERIES, dense, sparse, strict=True):
        fused = judgeable.ranking(query, fusion.fuse([ranking(found) for found in pair], (weight, 1.0 - weight)))
        grades = [judgeable.grades[query].get(item, UNJUDGED) for item in fused.ids[:depth]]
        yield grades + [ABSENT] * (depth - len(grades))


@pytest.mark.parametrize("fusion", [*(kind() for kind in FUSIONS.values()), RRF(k=0)], ids=[*FUSIONS, "RRF(k=0)"])
@settings(max_examples=150, deadline=None)
@given(judgeable=judgeables(), dense=several, sparse=several, depth=st.sampled_from([1, 3, 15]))
def test_all_queries_at_once_are_ranked_as_one_by_one(fusion, judgeable, dense, sparse, depth):
    candidates = Candidates.of(Items.of(QUERIES, CHUNKS, judgeable), dense, sparse)
    ranked = candidates.ranked(fusion, WEIGHTS, depth)
    for weight, found in zip(WEIGHTS.tolist(), ranked, strict=True):
        assert found.tolist() == list(one_by_one(judgeable, fusion, dense, sparse, weight, depth))


@settings(max_examples=200, deadline=None)
@given(classes=st.lists(st.sampled_from(["", "numeric", "paraphrase", "x"])), count=st.integers(2, 7), seed=st.integers(0, 9))
def test_every_query_has_a_fold_and_folds_are_balanced_overall_and_in_each_class(classes, count, seed):
    folds = balanced_folds(classes, count, seed)
    assert folds.shape == (len(classes),)
    for members in (np.array([own in names for own in classes], bool) for names in (set(classes), *({n} for n in set(classes)))):
        sizes = np.bincount(folds[members], minlength=count)
        assert len(sizes) == count
        assert sizes.max() - sizes.min() <= 1


@settings(max_examples=100, deadline=None)
@given(data=st.data(), queries=st.integers(1, 12), variants=st.integers(1, 5))
def test_a_query_has_no_say_in_the_variant_that_it_is_scored_under(data, queries, variants):
    value = st.integers(0, 4)
    scores = np.array([[data.draw(value) for _ in range(queries)] for _ in range(variants)], float)
    folds = balanced_folds([""] * queries, 3)
    choosing = np.array([data.draw(st.booleans()) for _ in range(queries)])
    distances = np.arange(variants, dtype=float)
    tested = cross_validated(scores, distances, folds, choosing)
    changed = data.draw(st.integers(0, queries - 1))
    marked = scores.copy()
    marked[:, changed] = 100 + np.arange(variants)  # each variant's own value for that query
    chosen = cross_validated(marked, distances, folds, choosing).scores[changed] - 100
    assert tested.scores[changed] == scores[int(chosen), changed]
