"""What holds for any live settings: a search that reuses finished steps gives what a fresh one gives."""

import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.engine import Finished
from retrieval.errors import BadInput
from retrieval.fusion import FUSIONS
from retrieval.rerankers import LateInteraction, NoReranker
from retrieval.sparse import BM25_VARIANTS
from retrieval.types import Ranking

QUERIES = ("24 V relay", "pump water", "rail of the cabinet", "KX7.24-R2", "xyzzy")
SHARE = st.sampled_from((0.0, 0.1, 0.25, 0.5, 0.8, 1.0))


@st.composite
def changes(draw):
    """A query and a change of every live setting."""
    results = draw(st.integers(1, 5))
    variant = draw(st.sampled_from(list(BM25_VARIANTS.values())))
    return draw(st.sampled_from(QUERIES)), {
        "bm25": variant(k1=draw(st.sampled_from((0.0, 0.6, 1.2, 3.0))), b=draw(SHARE)),
        "fusion": draw(st.sampled_from(list(FUSIONS.values())))(),
        "reranker": draw(
            st.sampled_from((LateInteraction(), LateInteraction("idf", 0.0), LateInteraction("mean", 1.0), NoReranker()))
        ),
        "weight": draw(SHARE),
        "blend": draw(SHARE),
        "candidates": draw(st.integers(1, 15)),
        "results": results,
        "rerank_count": draw(st.integers(results, 15)),
    }


def outcome(engine, query, pipeline, finished=None):
    """The rankings, or the sentence where a fusion refuses the scores."""
    try:
        return engine.search(query, pipeline, finished).rankings
    except BadInput as error:
        return str(error)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(changes(), min_size=2, max_size=6))
def test_finished_steps_change_nothing(engine, steps):
    finished = Finished()
    for query, change in steps:
        pipeline = engine.pipeline.with_(**change)
        reused, fresh = outcome(engine, query, pipeline, finished), outcome(engine, query, pipeline)
        assert reused == fresh


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(step=changes())
def test_every_stage_is_a_ranking_of_what_came_before(engine, step):
    query, change = step
    pipeline = engine.pipeline.with_(**change)
    rankings = outcome(engine, query, pipeline)
    if isinstance(rankings, str):
        return
    for ranking in rankings.values():
        assert Ranking.of(ranking.ids, ranking.scores) == ranking
        assert len(set(ranking.ids)) == len(ranking)
        assert all(map(math.isfinite, ranking.scores))
    dense, sparse, fused, reranked = rankings.values()
    assert max(len(dense), len(sparse)) <= pipeline.candidates
    active = [ranking for ranking, weight in zip((dense, sparse), pipeline.weights, strict=True) if weight > 0]
    assert set(fused.ids) == {id for ranking in active for id in ranking.ids}
    assert set(reranked.ids) == set(fused.ids[: pipeline.rerank_count])
    if pipeline.blend == 0 or isinstance(pipeline.reranker, NoReranker):
        assert reranked.ids == fused.ids[: pipeline.rerank_count]
