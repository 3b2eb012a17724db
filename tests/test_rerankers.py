"""MaxSim and blending worked by hand, cross-encoders, and the sentences for models that cannot rerank."""

import math

import numpy as np
import pytest

from retrieval.errors import BadInput, BadSetting, ModelUnavailable
from retrieval.rerankers import CrossEncoder, LateInteraction, Request, blend, z_scores
from retrieval.rerankers.tokens import TokenIndex
from retrieval.types import Tokens

# Two texts in a plane. Text 0 has the token (1, 0); text 1 has (0, 1) and (0.6, 0.8). Word 0 is in one text, word 1 in both.
INDEX = TokenIndex(
    vectors=np.array([[100, 0], [0, 100], [60, 80]], np.int8),
    scales=np.full(3, 0.01, np.float32),
    starts=np.array([0, 1]),
    lengths=np.array([1, 2]),
    frequencies=np.array([1, 2], np.int32),
    projection=np.eye(2, dtype=np.float32),
)
# The query is word 0 at (1, 0) and word 1 at (0, 1): its best cosines are 1 and 0 in text 0, 0.6 and 1 in text 1.
QUERY = Tokens(np.eye(2, dtype=np.float32), np.array([0, 1], np.int32), np.array([2]))


def request(tokens=QUERY, texts=("relay", "pump")):
    return Request("relay pump", tokens, np.arange(len(texts)), texts, np.zeros(len(texts), np.float32))


def test_late_interaction_by_mean():
    scores = LateInteraction("mean", whole=0.0).load(INDEX).score(request())
    assert scores == pytest.approx([0.5, 0.8], abs=1e-3)  # (1 + 0) / 2 and (0.6 + 1) / 2


def test_late_interaction_by_idf():
    rare, common = math.log(1 + 1.5 / 1.5), math.log(1 + 0.5 / 2.5)  # in one and in both of two texts
    expected = [rare / (rare + common), (0.6 * rare + common) / (rare + common)]
    assert LateInteraction("idf", whole=0.0).load(INDEX).score(request()) == pytest.approx(expected, abs=1e-3)


def test_late_interaction_by_idf_and_spread():
    rare, common = math.log(1 + 1.5 / 1.5), math.log(1 + 0.5 / 2.5)
    first = math.sqrt(rare * (0.2 + 0.02))  # best cosines 1 and 0.6: standard deviation 0.2
    second = math.sqrt(common * (0.5 + 0.02))  # 0 and 1: 0.5
    expected = [first / (first + second), (0.6 * first + second) / (first + second)]
    assert LateInteraction("idf and spread", whole=0.0).load(INDEX).score(request()) == pytest.approx(expected, abs=1e-3)


def test_the_whole_text_takes_its_share():
    asked = Request("relay pump", QUERY, np.arange(2), ("relay", "pump"), np.array([0.9, 0.1], np.float32))
    scores = LateInteraction("mean", whole=0.25).load(INDEX).score(asked)
    assert scores == pytest.approx([0.75 * 0.5 + 0.25 * 0.9, 0.75 * 0.8 + 0.25 * 0.1], abs=1e-3)
    assert LateInteraction(whole=1.0).load(INDEX).score(asked) == pytest.approx([0.9, 0.1])


def test_the_weights_sum_to_one():
    for weighting in ("idf and spread", "idf", "mean"):
        assert LateInteraction(weighting).load(INDEX).weights(QUERY, np.ones((2, 2), np.float32)).sum() == pytest.approx(1.0)


def test_late_interaction_without_query_tokens_takes_the_whole_texts():
    nothing = Tokens(np.zeros((0, 2), np.float32), np.zeros(0, np.int32), np.array([0]))
    for tokens in (None, nothing):
        asked = Request("relay pump", tokens, np.arange(2), ("relay", "pump"), np.array([0.25, 0.5], np.float32))
        assert LateInteraction().load(INDEX).score(asked).tolist() == [0.25, 0.5]


def test_late_interaction_needs_token_vectors():
    with pytest.raises(ModelUnavailable, match="needs token vectors, which this embedder does not give"):
        LateInteraction().load(None)


def test_the_settings_are_guarded():
    with pytest.raises(BadSetting, match=r"whole 1.5 must lie between 0 \(tokens only\) and 1"):
        LateInteraction(whole=1.5)
    with pytest.raises(BadSetting, match="weighting 'max' must be one of idf and spread, idf, mean"):
        LateInteraction("max")


def test_z_scores_by_hand():
    assert z_scores(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]
    assert z_scores(np.array([2.0, 4.0, 6.0])) == pytest.approx([-math.sqrt(1.5), 0.0, math.sqrt(1.5)])


@pytest.mark.parametrize("values", [[0.1, 0.1, 0.1], [5.0], [1e-200, 2e-200]])
def test_z_scores_without_a_spread_are_zero(values):
    assert z_scores(np.array(values)).tolist() == [0.0] * len(values)


def test_z_scores_keep_the_order_of_small_differences():
    scores = 0.5 / (10**7 + np.arange(1.0, 5.0))  # RRF with an enormous k
    assert z_scores(scores).tolist() == sorted(z_scores(scores), reverse=True)
    assert z_scores(scores)[0] > 1


def test_blend_by_hand():
    fused, reranked = np.array([3.0, 1.0]), np.array([0.0, 10.0])  # z: (1, -1) and (-1, 1)
    assert blend(fused, reranked, 0.25).tolist() == [0.5, -0.5]
    assert blend(fused, reranked, 0.5).tolist() == [0.0, 0.0]
    assert blend(fused, reranked, 0.0).tolist() == [1.0, -1.0]
    assert blend(fused, reranked, 1.0).tolist() == [-1.0, 1.0]


def test_a_cross_encoder_gives_what_sentence_transformers_gives(tiny_cross_encoder):
    from sentence_transformers import CrossEncoder as Model

    folder = tiny_cross_encoder()
    expected = Model(folder).predict([("relay pump", "relay"), ("relay pump", "pump")], show_progress_bar=False)
    assert CrossEncoder(folder).load(None).score(request()) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("outputs", [2, 3])
def test_a_classifier_is_no_reranker(tiny_cross_encoder, outputs):
    with pytest.raises(ModelUnavailable, match=f"has {outputs} outputs; a reranker needs exactly one"):
        CrossEncoder(tiny_cross_encoder(outputs)).load(None)


def test_an_embedding_model_is_no_reranker(tiny_embedder):
    with pytest.raises(ModelUnavailable, match="has no head that scores a pair of texts; choose a cross-encoder"):
        CrossEncoder(tiny_embedder).load(None)


@pytest.mark.parametrize("model", ["nobody/no-such-model", "/no/such/folder"])
def test_an_unknown_cross_encoder_is_refused(model):
    with pytest.raises(ModelUnavailable, match=f"The reranker '{model}' could not be loaded.*choose late interaction"):
        CrossEncoder(model).load(None)


def test_scores_that_are_not_numbers_are_refused(engine, tiny_cross_encoder):
    model = tiny_cross_encoder(bias=math.nan)
    with pytest.raises(BadInput, match=f"The reranker {model} gave this query a score that is not a finite number"):
        engine.search("relay", engine.pipeline.with_(reranker=CrossEncoder(model)))


def test_a_cross_encoder_needs_a_name():
    with pytest.raises(BadSetting, match="the model's name is empty"):
        CrossEncoder(" ")
