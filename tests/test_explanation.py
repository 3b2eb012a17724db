"""Every number of an explanation adds up to the score that it explains."""

import numpy as np
import pytest

from retrieval.chunking import FixedSize
from retrieval.embedders import encode
from retrieval.engine import Engine
from retrieval.explanation import explain, split_sentences, standings
from retrieval.fusion import FUSIONS
from retrieval.rerankers import CrossEncoder, LateInteraction, NoReranker
from retrieval.sparse import BM25_VARIANTS
from retrieval.workspace import Workspace

QUERY = "24 V relay that survives a wash-down"


def check(engine, pipeline, query=QUERY, limit=None):
    """Everything that an explanation says about the fused chunks, against the trace."""
    trace = engine.search(query, pipeline)
    dense, sparse, fused, reranked = trace.rankings.values()
    assert len(fused) >= 5
    for id in fused.ids[:limit]:
        found = explain(engine, trace, id, pipeline)
        if id in sparse.ranks:
            assert sum(part.score for part in found.bm25) == pytest.approx(sparse.score_of(id), abs=1e-5)
        if id in dense.ranks:
            assert found.cosine == pytest.approx(dense.score_of(id), abs=1e-5)
        assert sum(term.contribution for term in found.fusion) == pytest.approx(fused.score_of(id))
        assert [term.rank for term in found.fusion] == [dense.ranks.get(id), sparse.ranks.get(id)]
        if id in reranked.ranks and trace.reranker_scores is not None:
            assert found.blending.score == pytest.approx(reranked.score_of(id))
            assert found.blending.reranker == pytest.approx(trace.reranker_scores[id])
            assert found.blending.fused == fused.score_of(id)
            mixed = (1 - pipeline.blend) * found.blending.fused_z + pipeline.blend * found.blending.reranker_z
            assert mixed == pytest.approx(found.blending.score)
        if found.tokens:
            assert sum(token.contribution for token in found.tokens) == pytest.approx(trace.reranker_scores[id], abs=1e-5)
            assert sum(token.weight for token in found.tokens) == pytest.approx(1.0, abs=1e-5)
    return trace


@pytest.mark.parametrize("bm25", BM25_VARIANTS)
def test_the_parts_of_every_bm25_add_up(engine, bm25):
    check(engine, engine.pipeline.with_(bm25=BM25_VARIANTS[bm25]()))


@pytest.mark.parametrize("fusion", FUSIONS)
def test_the_parts_of_every_fusion_add_up(engine, fusion):
    check(engine, engine.pipeline.with_(fusion=FUSIONS[fusion](), weight=0.3, candidates=8))


@pytest.mark.parametrize("blend", [0.0, 0.4, 1.0])
def test_the_parts_of_late_interaction_and_of_the_blend_add_up(engine, blend):
    for weighting in ("idf", "mean"):
        check(engine, engine.pipeline.with_(reranker=LateInteraction(weighting), blend=blend))


def test_the_parts_of_the_default_pipeline_add_up(minilm):
    trace = check(minilm, minilm.pipeline, limit=3)
    tokens = {id: explain(minilm, trace, id, minilm.pipeline).tokens for id in ("d00", "d03")}
    words = [token.token for token in tokens["d00"]]
    assert {"relay", "[CLS]", "[SEP]"} <= set(words)
    assert words[-1] == "the whole text"
    at = words.index("relay")
    assert tokens["d00"][at].cosine > tokens["d03"][at].cosine  # a relay, and a cable


def test_a_cross_encoder_has_no_tokens_to_show(engine, tiny_cross_encoder):
    pipeline = engine.pipeline.with_(reranker=CrossEncoder(tiny_cross_encoder()))
    trace = check(engine, pipeline)
    found = explain(engine, trace, trace.rankings["reranked"].ids[0], pipeline)
    assert found.tokens == ()
    assert found.blending is not None


def test_without_a_reranker_there_is_no_blending(engine):
    pipeline = engine.pipeline.with_(reranker=NoReranker())
    found = explain(engine, check(engine, pipeline), "d00", pipeline)
    assert (found.blending, found.tokens) == (None, ())


def test_a_chunk_that_was_not_reranked_has_no_blending(engine):
    pipeline = engine.pipeline.with_(results=1, rerank_count=2)
    trace = engine.search(QUERY, pipeline)
    last = trace.rankings["fused"].ids[-1]
    assert last not in trace.reranker_scores
    found = explain(engine, trace, last, pipeline)
    assert (found.blending, found.tokens) == (None, ())


def test_a_chunk_that_no_retriever_found_is_explained_too(engine):
    pipeline = engine.pipeline.with_(candidates=1)
    trace = engine.search("relay coil", pipeline)
    found = explain(engine, trace, "d02", pipeline)
    assert "d02" not in trace.rankings["fused"].ranks
    assert [part.tf for part in found.bm25] == [0, 0]
    assert [term.rank for term in found.fusion] == [None, None]
    assert found.blending is None


def test_a_term_that_the_text_lacks_adds_nothing(engine):
    found = explain(engine, engine.search("pump xyzzy"), "d02", engine.pipeline)
    pump, unknown = found.bm25
    assert (pump.tf, pump.document_frequency) == (3, 1)
    assert (unknown.tf, unknown.document_frequency, unknown.score) == (0, 0, 0.0)


def test_the_best_sentence_is_the_nearest_one(minilm):
    query = "waterproof"
    found = explain(minilm, minilm.search(query), "d00", minilm.pipeline)
    assert found.sentence == "It is sealed against water and survives a wash-down."
    embedder = minilm.indexes.embedding.embedder
    cosines = encode(embedder, split_sentences(minilm.chunk("d00").text), "document") @ encode(embedder, [query], "query")[0]
    assert found.sentence_cosine == pytest.approx(cosines[1], abs=1e-2)
    assert cosines[1] > cosines[0]


def test_a_chunk_without_text_has_no_sentence(engine):
    found = explain(engine, engine.search(QUERY), "d10", engine.pipeline)
    assert (found.sentence, found.sentence_cosine) == (None, 0.0)


def test_sentences_have_words_and_are_at_most_60():
    assert split_sentences("One. Two! ... ?\nThree。四。") == ["One.", "Two!", "Three。", "四。"]
    assert split_sentences("") == []
    assert len(split_sentences("A sentence. " * 100)) == 60


@pytest.fixture(scope="module", params=["whole documents", "chunks"])
def standing_engine(request, corpus, pipeline, tmp_path_factory):
    chunker = {} if request.param == "whole documents" else {"chunker": FixedSize(6, 2)}
    return Engine.open(corpus, pipeline.with_(**chunker), Workspace(tmp_path_factory.mktemp("standings")))


def ranks(engine, scores):
    """One-based ranks of documents by their best chunk, sorted in plain Python; chunks that score None stand nowhere."""
    scored = [
        (-score, chunk.id, chunk.document_id)
        for chunk, score in zip(engine.indexes.chunks, scores, strict=True)
        if score is not None
    ]
    order = list(dict.fromkeys(document for _, _, document in sorted(scored)))
    return {document: rank for rank, document in enumerate(order, start=1)}


def test_standings_are_ranks_over_the_whole_corpus(standing_engine, corpus):
    engine, pipeline = standing_engine, standing_engine.pipeline.with_(candidates=3, results=1, rerank_count=3)
    trace = engine.search(QUERY, pipeline)
    vector = encode(engine.indexes.embedding.embedder, [QUERY], "query")[0]
    terms = pipeline.analyser.terms(QUERY)
    held = [set(pipeline.analyser.terms(chunk.content)) & set(terms) for chunk in engine.indexes.chunks]
    scores = engine.indexes.sparse.scores(terms, pipeline.bm25).tolist()
    expected = {
        "dense": ranks(engine, (engine.indexes.embedding.vectors @ vector).tolist()),
        "sparse": ranks(engine, [score if found else None for score, found in zip(scores, held, strict=True)]),
        "fused": trace.rankings["fused"].by_document(engine.document_of).ranks,
        "reranked": trace.rankings["reranked"].by_document(engine.document_of).ranks,
    }
    ids = [document.id for document in corpus.documents]
    for standing in standings(engine, trace, ids, pipeline):
        for stage, known in expected.items():
            assert getattr(standing, stage) == known.get(standing.document_id), (standing.document_id, stage)
    assert max(expected["dense"].values()) == len(ids)
    assert max(expected["reranked"].values()) <= 3


def test_a_document_that_the_corpus_lacks_stands_nowhere(engine):
    (standing,) = standings(engine, engine.search(QUERY), ["d99"], engine.pipeline)
    assert (standing.dense, standing.sparse, standing.fused, standing.reranked) == (None, None, None, None)


def test_a_query_that_nothing_knows_stands_nothing_anywhere(engine):
    (standing,) = standings(engine, engine.search("xyzzy"), ["d00"], engine.pipeline)
    assert (standing.dense, standing.sparse, standing.fused, standing.reranked) == (None, None, None, None)


def test_a_cosine_is_what_the_vectors_say(engine):
    found = explain(engine, engine.search(QUERY), "d05", engine.pipeline)
    texts = [QUERY, engine.chunk("d05").content]
    query, document = encode(engine.indexes.embedding.embedder, texts, "query")
    assert found.cosine == pytest.approx(float(np.dot(query, document)), abs=1e-5)
