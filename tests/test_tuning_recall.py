"""Recall of what the reranker sees."""

import pytest

from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.tuning.recall import recall_at
from retrieval.types import Chunk, Judgment, Ranking

CHUNKS = [Chunk(f"{document}#{at}", document, "", 10 * at, 10 * at + 10) for document in "abc" for at in range(2)]
DOCUMENT_OF = {chunk.id: chunk.document_id for chunk in CHUNKS}
RANKINGS = {"q1": Ranking(("a#0", "a#1", "b#0", "c#0"), (4.0, 3.0, 2.0, 1.0)), "q2": Ranking()}


def test_only_the_first_chunks_count_not_the_first_documents():
    judgments = [Judgment("q1", "a", 1), Judgment("q1", "b", 2), Judgment("q1", "c", 0), Judgment("q2", "a", 1)]
    judgeable = Judgeable.of(judgments, CHUNKS, DOCUMENT_OF)
    assert recall_at(RANKINGS, judgeable, 2) == {"q1": 0.5, "q2": 0.0}  # both chunks are of a
    assert recall_at(RANKINGS, judgeable, 3) == {"q1": 1.0, "q2": 0.0}
    documents = score_rankings(judgeable.rankings(RANKINGS), judgeable.grades, ["R@2"])
    assert documents == {"R@2": {"q1": 1.0, "q2": 0.0}}  # a and b are the first two documents


def test_of_places_those_that_the_chunks_hold_count():
    judgments = [Judgment("q1", "a", 1, 0, 10), Judgment("q1", "a", 1, 10, 20), Judgment("q1", "c", 1, 10, 20)]
    judgeable = Judgeable.of(judgments, CHUNKS, DOCUMENT_OF)
    found = recall_at({"q1": RANKINGS["q1"]}, judgeable, 2)
    assert found == {"q1": pytest.approx(2 / 3)}  # both places of a, while c#0 is not the chunk of the third
