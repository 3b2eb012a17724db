"""Rankings, the ordering rule and traces."""

import numpy as np
import pytest

from retrieval.errors import BadInput
from retrieval.types import Chunk, Corpus, Document, Ranking, Trace, best_rows, unit_rows


def test_equal_scores_are_ordered_by_id():
    assert Ranking.of(["c", "a", "b"], [1.0, 1.0, 2.0]).ids == ("b", "a", "c")


def test_limit_keeps_the_best():
    ranking = Ranking.of(["a", "b", "c"], [1.0, 3.0, 2.0], limit=2)
    assert (ranking.ids, ranking.scores) == (("b", "c"), (3.0, 2.0))


def test_ranks_are_one_based_and_scores_are_found_by_id():
    ranking = Ranking.of(["a", "b"], [1.0, 2.0])
    assert dict(ranking.ranks) == {"b": 1, "a": 2}
    assert ranking.score_of("a") == 1.0
    assert ranking.score_of("z") is None


def test_a_document_stands_where_its_best_chunk_does():
    ranking = Ranking.of(["d1#1", "d2#0", "d1#0", "d3#0"], [4.0, 3.0, 2.0, 1.0])
    documents = ranking.by_document({"d1#0": "d1", "d1#1": "d1", "d2#0": "d2", "d3#0": "d3"})
    assert (documents.ids, documents.scores) == (("d1", "d2", "d3"), (4.0, 3.0, 1.0))


def test_best_rows_breaks_ties_at_the_cut_by_row():
    scores = np.array([1.0, 2.0, 1.0, 1.0, 3.0])
    assert best_rows(scores, 3).tolist() == [4, 1, 0]
    assert best_rows(scores, 99).tolist() == [4, 1, 0, 2, 3]
    assert best_rows(scores, 0).tolist() == []


def test_best_rows_leaves_out_minus_infinity_and_refuses_nan():
    assert best_rows(np.array([-np.inf, 0.0]), 5).tolist() == [1]
    with pytest.raises(BadInput, match="scores hold NaN"):
        best_rows(np.array([np.nan]), 1)


def test_total_is_the_longer_leg_plus_what_follows():
    seconds = {"embed": 0.010, "dense": 0.002, "sparse": 0.005, "fused": 0.001, "reranked": 0.020}
    trace = Trace("q", {}, seconds)
    assert trace.total == pytest.approx(0.033)  # 10 + 2 > 5, then 1 + 20
    assert trace.stage_seconds("dense") == pytest.approx(0.012)
    assert Trace("q", {}, seconds | {"sparse": 0.050}).total == pytest.approx(0.071)


def test_context_and_text_are_indexed_together():
    assert Chunk("a", "a", "body", 0, 4, "Head", context="Head").content == "Head body"
    assert Chunk("a", "a", "body", 0, 4, "Head").content == "body"


def test_corpus_fingerprint_changes_with_content_and_not_with_order():
    one, two = Document("1", "text", "title"), Document("2", "other")
    base = Corpus("c", (one, two)).fingerprint
    assert Corpus("renamed", (two, one)).fingerprint == base
    assert Corpus("c", (one, Document("2", "Other"))).fingerprint != base
    assert Corpus("c", (Document("1", "texttitle", ""), two)).fingerprint != base


def test_unit_rows_leaves_zero_rows():
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32))
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0]]))
