"""Laws of BM25 over arbitrary corpora, with rank-bm25 and bm25s as the yardsticks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retrieval.sparse import BM25_VARIANTS, BM25Lucene, SparseIndex
from retrieval.types import best_rows

WORDS = st.sampled_from("abcdefgh")
CORPORA = st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=25).filter(any)
QUERIES = st.lists(st.sampled_from("abcdefghxy"), max_size=6)
K1 = st.sampled_from([0.0, 0.1, 0.9, 1.2, 2.0, 50.0])
B = st.sampled_from([0.0, 0.3, 0.75, 1.0])
KINDS = pytest.mark.parametrize("kind", BM25_VARIANTS.values(), ids=BM25_VARIANTS)


@pytest.mark.parametrize("name", ["BM25Okapi", "BM25Plus", "BM25L"])
@settings(max_examples=120, deadline=None)
@given(corpus=CORPORA, query=QUERIES, k1=K1.filter(bool), b=B, extra=st.sampled_from([0.0, 0.25, 1.0, 3.0]))
def test_scores_are_those_of_rank_bm25(name, corpus, query, k1, b, extra):
    import rank_bm25

    assume(b < 1.0 or all(corpus))  # where k1 or a document's norm is 0, it divides 0 by 0
    own = "epsilon" if name == "BM25Okapi" else "delta"
    expected = getattr(rank_bm25, name)(corpus, k1=k1, b=b, **{own: extra}).get_scores(query)
    scores = SparseIndex.build(corpus).scores(query, BM25_VARIANTS[name](k1, b, extra))
    np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(corpus=CORPORA.map(lambda corpus: [terms for terms in corpus if terms]), query=QUERIES, k1=K1, b=B)
def test_lucene_scores_are_those_of_bm25s(corpus, query, k1, b):
    import bm25s

    yardstick = bm25s.BM25(k1=k1, b=b, method="lucene")
    yardstick.index(corpus, show_progress=False)
    index = SparseIndex.build(corpus)
    known = [term for term in query if term in index.vocabulary]
    expected = yardstick.get_scores(known) if known else np.zeros(len(corpus))
    np.testing.assert_allclose(index.scores(query, BM25Lucene(k1, b)), expected, rtol=1e-5, atol=1e-5)


@KINDS
@settings(max_examples=120, deadline=None)
@given(corpus=CORPORA, query=QUERIES, k1=K1, b=B, k=st.integers(1, 30))
def test_a_search_is_the_order_of_the_scores(kind, corpus, query, k1, b, k):
    index, bm25 = SparseIndex.build(corpus), kind(k1, b)
    scores = index.scores(query, bm25)
    held = np.array([any(term in terms for term in query) for terms in corpus])
    expected = best_rows(np.where(held, scores, -np.inf), k)
    rows, found = index.search(query, k, bm25)
    assert rows.tolist() == expected.tolist()
    assert found.tolist() == scores[expected].tolist()


@KINDS
@settings(max_examples=60, deadline=None)
@given(corpus=CORPORA, query=QUERIES, k1=K1, b=B)
def test_contributions_sum_to_the_score(kind, corpus, query, k1, b):
    index, bm25 = SparseIndex.build(corpus), kind(k1, b)
    scores = index.scores(query, bm25)
    for row, terms in enumerate(corpus):
        parts = index.contributions(query, row, bm25)
        assert sum(part.score for part in parts) == pytest.approx(scores[row], rel=1e-5, abs=1e-5)
        assert [part.tf for part in parts] == [terms.count(part.term) for part in parts]
        assert sum(part.count for part in parts) == len(query)


@KINDS
@settings(max_examples=40, deadline=None)
@given(corpus=CORPORA, query=QUERIES, k1=K1, b=B)
def test_moved_settings_score_as_a_fresh_index(kind, corpus, query, k1, b):
    used = SparseIndex.build(corpus)
    used.search(query, 5, kind())
    assert used.scores(query, kind(k1, b)).tolist() == SparseIndex.build(corpus).scores(query, kind(k1, b)).tolist()
