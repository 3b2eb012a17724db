"""What every reranker of the table must do."""

import numpy as np
import pytest

from retrieval.embedders import LSA
from retrieval.rerankers import RERANKERS, CrossEncoder, NoReranker, Request
from retrieval.rerankers.tokens import TokenFiles, TokenIndex, text_frequencies

TEXTS = ["a relay with a coil", "the pump moves water", "", "relay", "a pump and a relay and a cabinet"]
QUERY = "relay with a pump"


@pytest.fixture(scope="module")
def embedder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lsa")
    LSA(8).prepare(TEXTS, folder)
    return LSA(8).load(folder)


@pytest.fixture(scope="module")
def index(embedder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokens")
    files = TokenFiles(folder, embedder.vocabulary_size)
    starts, lengths = np.zeros((2, len(TEXTS)), np.int64)
    for batch in embedder.batches(TEXTS, "document"):
        starts[batch.rows], lengths[batch.rows] = files.add(batch.tokens), batch.tokens.lengths
    files.close()
    return TokenIndex.load(folder, starts, lengths, text_frequencies(folder, starts, lengths, embedder.vocabulary_size))


@pytest.fixture(scope="module", params=[kind for kind in RERANKERS.values() if kind is not NoReranker])
def reranker(request, index, tiny_cross_encoder):
    kind = request.param
    return (kind(tiny_cross_encoder()) if kind is CrossEncoder else kind()).load(index)


@pytest.fixture
def ask(embedder):
    """Makes the request for some rows."""

    def make(rows, query=QUERY):
        tokens = next(iter(embedder.batches([query], "query"))).tokens
        return Request(query, tokens, np.array(rows, np.int64), [TEXTS[row] for row in rows], np.zeros(len(rows), np.float32))

    return make


def test_one_finite_float32_score_for_each_candidate(reranker, ask):
    scores = reranker.score(ask([0, 1, 2, 3, 4]))
    assert (scores.shape, scores.dtype) == ((5,), np.float32)
    assert np.isfinite(scores).all()
    assert len(set(scores.tolist())) > 1


def test_scores_follow_their_candidates(reranker, ask):
    order = [4, 2, 0, 1, 3]
    assert reranker.score(ask(order)) == pytest.approx(reranker.score(ask(sorted(order)))[order], abs=1e-4)


def test_an_independent_score_is_the_same_in_any_company(reranker, ask):
    if not reranker.independent:
        pytest.skip("this reranker weighs candidates against one another")
    together = reranker.score(ask([4, 2, 0, 1, 3]))
    for at, row in enumerate([4, 2, 0, 1, 3]):
        assert reranker.score(ask([row]))[0] == pytest.approx(together[at], abs=1e-4)


def test_the_scores_of_each_count_are_those_of_the_first_candidates_alone(reranker, ask):
    rows = [4, 2, 0, 1, 3]
    # a score that is the same in any company comes from a longer batch, which the model rounds differently
    tolerance = 1e-6 if reranker.independent else 0.0
    for count, scores in zip([3, 1, 5, 9], reranker.prefixes(ask(rows), [3, 1, 5, 9]), strict=True):
        assert scores == pytest.approx(reranker.score(ask(rows[:count])), rel=0.0, abs=tolerance)
        assert (scores.shape, scores.dtype) == ((min(count, 5),), np.float32)


def test_every_count_of_no_candidates_gives_no_score(reranker, ask):
    assert [scores.shape for scores in reranker.prefixes(ask([]), [2, 5])] == [(0,), (0,)]
    assert reranker.prefixes(ask([0, 1]), []) == []


def test_no_candidate_gives_no_score(reranker, ask):
    assert reranker.score(ask([])).shape == (0,)


def test_a_query_that_the_embedder_does_not_know_is_scored_too(reranker, ask):
    assert np.isfinite(reranker.score(ask([0, 1], "xyzzy"))).all()


def test_no_reranker_loads_nothing(index):
    assert NoReranker().load(index) is None


@pytest.mark.parametrize("kind", RERANKERS.values(), ids=RERANKERS)
def test_a_setting_is_a_frozen_value(kind):
    assert kind() == kind()
    assert hash(kind()) == hash(kind())
