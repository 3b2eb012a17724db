"""Every stage holds what its part gives; what is finished is not done again; reopening changes nothing."""

import numpy as np
import pytest

from retrieval.chunking import FixedSize
from retrieval.dense import HNSW
from retrieval.embedders import encode
from retrieval.engine import Engine, Finished
from retrieval.errors import BadInput
from retrieval.fusion import FUSIONS, ZScoreSum
from retrieval.rerankers import CrossEncoder, NoReranker
from retrieval.rerankers.base import Reranker
from retrieval.sparse import BM25Lucene, BM25Okapi, SparseIndex
from retrieval.types import STAGES, Ranking
from retrieval.workspace import Workspace

QUERY = "24 V relay that survives water"


def z(values):
    return (values - values.mean()) / values.std()


def expected_dense(engine, query, k):
    """Ids and cosines of every chunk, sorted in plain Python."""
    texts = [chunk.content for chunk in engine.indexes.chunks]
    embedder = engine.indexes.embedding.embedder
    cosines = encode(embedder, texts, "document") @ encode(embedder, [query], "query")[0]
    best = sorted(zip(cosines.tolist(), engine.row_of, strict=True), key=lambda pair: (-pair[0], pair[1]))[:k]
    return [id for _, id in best], [cosine for cosine, _ in best]


@pytest.mark.parametrize("query", [QUERY, "pump pump water", "KX7.24-R2"])
def test_each_stage_holds_what_its_part_gives(engine, query):
    pipeline = engine.pipeline.with_(candidates=6, rerank_count=10, weight=0.3, blend=0.4)
    trace = engine.search(query, pipeline)
    assert tuple(trace.rankings) == STAGES
    dense, sparse, fused, reranked = trace.rankings.values()

    ids, cosines = expected_dense(engine, query, 6)
    assert list(dense.ids) == ids
    assert dense.scores == pytest.approx(cosines, abs=1e-5)

    index = SparseIndex.build(pipeline.analyser.terms(chunk.content) for chunk in engine.indexes.chunks)
    rows, scores = index.search(pipeline.analyser.terms(query), 6, pipeline.bm25)
    assert list(sparse.ids) == [engine.indexes.chunks[row].id for row in rows]
    assert sparse.scores == pytest.approx(scores.tolist())

    assert fused == pipeline.fusion.fuse((dense, sparse), (0.3, 0.7))

    pool = fused.top(10)
    own = np.array([trace.reranker_scores[id] for id in pool.ids])
    blended = 0.6 * z(np.array(pool.scores)) + 0.4 * z(own)
    expected = Ranking.of(pool.ids, blended)
    assert reranked.ids == expected.ids
    assert reranked.scores == pytest.approx(expected.scores)


def test_the_default_pipeline_does_the_same(minilm):
    trace = minilm.search(QUERY)
    dense, sparse, fused, reranked = trace.rankings.values()
    ids, cosines = expected_dense(minilm, QUERY, 100)
    assert list(dense.ids) == ids
    assert dense.scores == pytest.approx(cosines, abs=1e-2)
    assert fused == minilm.pipeline.fusion.fuse((dense, sparse), (0.5, 0.5))
    own = np.array([trace.reranker_scores[id] for id in fused.ids])
    assert reranked.ids == Ranking.of(fused.ids, 0.5 * z(np.array(fused.scores)) + 0.5 * z(own)).ids
    assert reranked.ids[0] == "d00"


def test_blend_0_keeps_the_fused_order_and_1_takes_the_rerankers(engine):
    trace = engine.search(QUERY, engine.pipeline.with_(blend=0.0))
    assert trace.rankings["reranked"].ids == trace.rankings["fused"].ids
    trace = engine.search(QUERY, engine.pipeline.with_(blend=1.0))
    own = trace.reranker_scores
    assert trace.rankings["reranked"].ids == Ranking.of(own.keys(), own.values()).ids
    assert trace.rankings["reranked"].ids != trace.rankings["fused"].ids


def test_without_a_reranker_the_fused_order_stays(engine):
    trace = engine.search(QUERY, engine.pipeline.with_(reranker=NoReranker(), rerank_count=10))
    assert trace.rankings["reranked"] == trace.rankings["fused"].top(10)
    assert trace.reranker_scores is None
    assert trace.seconds["reranked"] == 0.0


def test_a_cross_encoder_reads_the_candidates_titles_and_texts(engine, tiny_cross_encoder):
    from sentence_transformers import CrossEncoder as Model

    folder = tiny_cross_encoder()
    trace = engine.search(QUERY, engine.pipeline.with_(reranker=CrossEncoder(folder), blend=1.0))
    pairs = [(QUERY, engine.chunk(id).content) for id in trace.reranker_scores]
    expected = Model(folder).predict(pairs, show_progress_bar=False)
    assert list(trace.reranker_scores.values()) == pytest.approx(expected.tolist(), abs=1e-5)


def test_only_the_candidates_are_fused_and_reranked(engine):
    trace = engine.search(QUERY, engine.pipeline.with_(candidates=2, rerank_count=10))
    dense, sparse, fused, reranked = trace.rankings.values()
    assert (len(dense), len(sparse)) == (2, 2)
    assert set(fused.ids) == {*dense.ids, *sparse.ids} == set(reranked.ids)


def test_more_candidates_than_documents_are_all_documents(engine, corpus):
    trace = engine.search("rail", engine.pipeline.with_(candidates=10_000, rerank_count=10_000))
    known = {document.id for document in corpus.documents if document.id != "d10"}  # "Untitled" is a word of its own
    assert known <= set(trace.rankings["dense"].ids) <= {document.id for document in corpus.documents}
    assert len(trace.rankings["reranked"]) == len(trace.rankings["fused"]) == len(trace.rankings["dense"])


@pytest.mark.parametrize("name", FUSIONS)
def test_every_fusion_can_be_chosen_live(engine, name):
    pipeline = engine.pipeline.with_(fusion=FUSIONS[name]())
    trace = engine.search(QUERY, pipeline)
    assert trace.rankings["fused"] == pipeline.fusion.fuse((trace.rankings["dense"], trace.rankings["sparse"]), (0.5, 0.5))


def test_moving_k1_and_b_equals_a_fresh_engine(engine, corpus, tmp_path):
    for bm25 in (BM25Okapi(0.3, 0.1), BM25Lucene(2.5, 1.0)):
        pipeline = engine.pipeline.with_(bm25=bm25)
        fresh = Engine.open(corpus, pipeline, Workspace(tmp_path / str(bm25.k1))).search("power supply rail")
        moved = engine.search("power supply rail", pipeline)
        assert moved.rankings == fresh.rankings
        assert moved.rankings["sparse"] != engine.search("power supply rail").rankings["sparse"]


def test_a_graph_over_a_small_corpus_finds_what_exact_search_finds(engine, corpus, tmp_path):
    approximate = Engine.open(corpus, engine.pipeline.with_(dense=HNSW()), Workspace(tmp_path))
    for query in (QUERY, "pump", "power supply of ten amperes"):
        found, exact = approximate.search(query).rankings["dense"], engine.search(query).rankings["dense"]
        assert found.ids == exact.ids
        assert found.scores == pytest.approx(exact.scores)


def test_reopening_from_disk_gives_equal_rankings(corpus, pipeline, tmp_path, queries):
    built, again = [], []
    first = Engine.open(corpus, pipeline, Workspace(tmp_path), lambda *step: built.append(step))
    second = Engine.open(corpus, pipeline, Workspace(tmp_path), lambda *step: again.append(step))
    assert built
    assert again == []
    for query in queries:
        assert second.search(query).rankings == first.search(query).rankings


def test_an_engine_for_other_settings_says_so(engine):
    with pytest.raises(BadInput, match="built with another chunker, embedder, analyser or graph"):
        engine.search(QUERY, engine.pipeline.with_(chunker=FixedSize()))


def test_searching_again_with_another_weight_embeds_and_searches_nothing(spied):
    engine, spy = spied
    finished = Finished()
    engine.search(QUERY, engine.pipeline, finished)
    assert spy.calls == [("query", [QUERY])]
    for weight in (0.0, 0.2, 0.9):
        pipeline = engine.pipeline.with_(weight=weight, fusion=ZScoreSum(), blend=weight)
        assert engine.search(QUERY, pipeline, finished).rankings == engine.search(QUERY, pipeline).rankings
    assert len(spy.calls) == 1 + 3  # the three fresh searches that they are compared with


def test_without_finished_everything_is_done_again(spied):
    engine, spy = spied
    for _ in range(3):
        engine.search(QUERY)
    assert len(spy.calls) == 3


class ByLength(Reranker):
    """A reranker that likes long texts and notes what it was asked."""

    def __init__(self, independent):
        self.independent = independent
        self.asked = []

    def load(self, tokens):
        return self

    def score(self, request):
        self.asked.append(request.rows.tolist())
        return np.array([len(text) for text in request.texts], np.float32)


def asked(engine, reranker):
    finished, pipeline = Finished(), engine.pipeline.with_(reranker=reranker, results=3, blend=1.0)
    for count in (4, 6, 5):
        reranked = engine.search(QUERY, pipeline.with_(rerank_count=count), finished).rankings["reranked"]
        lengths = [len(engine.chunk(id).content) for id in reranked.ids]
        assert lengths == sorted(lengths, reverse=True)
        assert len(lengths) == count
    return reranker.asked


def test_candidates_scored_before_are_not_scored_again(engine):
    first, second = asked(engine, ByLength(independent=True))
    assert (len(first), len(second)) == (4, 2)
    assert not set(first) & set(second)


def test_a_reranker_that_compares_the_candidates_gets_all_of_them(engine):
    assert [len(rows) for rows in asked(engine, ByLength(independent=False))] == [4, 6, 5]


def test_finished_steps_keep_the_seconds_of_their_time(engine):
    finished = Finished()
    first = engine.search(QUERY, engine.pipeline, finished)
    second = engine.search(QUERY, engine.pipeline, finished)
    assert [second.seconds[step] for step in ("embed", "dense", "sparse")] == [
        first.seconds[step] for step in ("embed", "dense", "sparse")
    ]
    assert second.seconds["reranked"] > 0


def test_the_total_is_the_critical_path(engine):
    trace = engine.search(QUERY)
    assert set(trace.seconds) == {"embed", "dense", "sparse", "fused", "reranked"}
    assert all(seconds >= 0 for seconds in trace.seconds.values())
    longest = max(trace.seconds["embed"] + trace.seconds["dense"], trace.seconds["sparse"])
    assert trace.total == pytest.approx(longest + trace.seconds["fused"] + trace.seconds["reranked"])


def test_chunks_are_ranked_and_documents_follow_their_best_chunk(corpus, pipeline, tmp_path):
    engine = Engine.open(corpus, pipeline.with_(chunker=FixedSize(5, 1)), Workspace(tmp_path))
    assert len(engine.indexes.chunks) > len(corpus.documents)
    for stage, ranking in engine.search(QUERY).rankings.items():
        documents = ranking.by_document(engine.document_of)
        best = {}
        for id, score in zip(ranking.ids, ranking.scores, strict=True):
            assert id.split("#")[0] == engine.document_of[id] == engine.chunk(id).document_id
            best[engine.document_of[id]] = max(score, best.get(engine.document_of[id], -np.inf))
        assert documents == Ranking.of(best.keys(), best.values()), stage
        assert documents.ids[0] == engine.document_of[ranking.ids[0]]


def test_an_identifier_is_found_by_words_and_every_query_is_its_own(engine):
    assert engine.search("VDN-2410-X").rankings["sparse"].ids[0] == "d06"
    assert engine.search("VDN-2405").rankings["sparse"].ids[0] == "d05"
