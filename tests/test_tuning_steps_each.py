"""What each step of the guided tuning compares, by what, and what it recommends."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from retrieval.chunking import FixedSize, StructureAware
from retrieval.embedders import LSA
from retrieval.fusion import FUSIONS, RRF, MinMaxSum
from retrieval.metrics import score_rankings
from retrieval.rerankers import RERANKERS, CrossEncoder, LateInteraction, NoReranker
from retrieval.rerankers.base import Reranker
from retrieval.rerankers.late_interaction import LateInteractionReranker
from retrieval.tuning import recall_at, weight_curve
from retrieval.tuning.steps import STEPS
from retrieval.tuning.traced import traced_candidates
from tests.tuning_steps import GRADES, PIPELINE, QUERIES, UNJUDGED, names, on, quiet, run


@dataclass(frozen=True)
class Worst(Reranker):
    """A setting and its reranker in one: the fused ranking turned round."""

    independent = False

    def load(self, tokens):
        return self

    def score(self, request):
        return np.arange(len(request.rows), dtype=np.float32)


@pytest.fixture
def ground(corpus, tmp_path):
    return on(corpus, tmp_path, (*QUERIES, UNJUDGED))


def test_chunkers_are_compared_by_what_reaches_the_reranker(ground):
    result = run("Chunker", ground, values=[FixedSize(6, 2), StructureAware(9)])
    assert names(result) == ["whole document", "fixed size 6, overlap 2", "structure-aware 9"]
    assert result.metric == "R@5 chunks"
    for variant, scores, cost in zip(result.variants, result.choice.scores, result.costs, strict=True):
        searched = ground.search(variant.pipeline.with_(reranker=NoReranker()), quiet)
        assert cost.chunks == len(searched.engine.indexes.chunks)
        recall = recall_at(searched.traces.rankings("fused"), searched.judgeable, 5)
        assert scores.tolist() == [recall[query.id] for query in QUERIES]
    assert all(cost.index_bytes > 0 and cost.p95_ms >= cost.p50_ms > 0 for cost in result.costs)


def test_the_characters_are_those_of_the_chunks_that_are_shown(corpus, ground):
    cost = run("Chunker", ground, values=[]).costs[0]
    lengths = {document.id: len(document.text) for document in corpus.documents}
    searched = ground.search(PIPELINE.with_(reranker=NoReranker()), quiet)
    shown = [sum(lengths[id] for id in ranking.ids[:3]) for ranking in searched.traces.rankings("fused").values()]
    assert cost.characters == pytest.approx(np.mean(shown))


def test_what_is_in_use_is_what_other_embedders_are_held_against(ground):
    result = run("Embedder", ground, values=[LSA(2)])
    assert names(result) == ["LSA 8", "LSA 2"]
    assert (result.choice.rule.incumbent, result.verdicts[0]) == (0, "in use")
    assert re.match(r"(within noise|better|worse|no query differs)", result.verdicts[1])
    assert result.sentence.startswith("Keep LSA 8: ")


def test_rerankers_are_compared_with_fusion_alone(ground):
    result = run("Reranker", ground, values=[LateInteraction(), NoReranker()])
    assert names(result) == ["none", "late interaction"]
    grades = {query.id: GRADES[query.text] for query in QUERIES}
    for stage, scores in zip(("fused", "reranked"), result.choice.scores, strict=True):
        searched = ground.search(PIPELINE, quiet)
        rankings = searched.judgeable.rankings(searched.traces.rankings(stage))
        rankings = {query: ranking.top(5) for query, ranking in rankings.items()}
        expected = score_rankings(rankings, grades, ("nDCG@10",))["nDCG@10"]
        assert scores.tolist() == pytest.approx([expected[query.id] for query in QUERIES])
    assert (result.costs[0].p95_ms, result.costs[0].gain_per_ms, result.verdicts[0]) == (0.0, None, "fusion alone")
    gain = result.choice.scores[1].mean() - result.choice.scores[0].mean()
    assert result.costs[1].gain_per_ms == pytest.approx(gain / result.costs[1].p95_ms)


def test_a_cross_encoder_goes_through_its_steps_like_any_other(ground, tiny_cross_encoder):
    """The model has random weights; what it gives is what a search with it gives, and every count has its own time."""
    model = CrossEncoder(tiny_cross_encoder())
    tried = run("Reranker", ground, values=[model])
    pipeline = PIPELINE.with_(reranker=model)
    at = next(at for at, variant in enumerate(tried.variants) if variant.pipeline.reranker == model)
    own = ground.scores(ground.search(pipeline, quiet), "reranked", "nDCG@10")
    assert tried.choice.scores[at].tolist() == pytest.approx(own.tolist())
    counted = run("Candidates", ground, pipeline, values=[3, 8])
    assert names(counted) == ["3", "5", "8"]
    assert counted.choice.scores[1].tolist() == pytest.approx(own.tolist())
    assert all(cost.p95_ms > 0 for cost in counted.costs)


def test_a_reranker_that_makes_it_worse_loses_to_fusion(ground, monkeypatch):
    monkeypatch.setitem(RERANKERS, "worst", Worst)
    result = run("Reranker", ground, PIPELINE.with_(blend=1.0), values=[Worst()])
    at = names(result).index("worst")
    assert result.verdicts[at].startswith("loses to fusion: -")
    assert result.recommended.name == "none"
    assert result.sentence.startswith("Do without a reranker: none of those tried is clearly better than fusion alone")


def test_the_count_is_the_smallest_that_is_good_enough_and_no_smaller_than_the_knee(ground):
    result = run("Candidates", ground, values=[2, 3, 4, 8, 20])
    assert names(result) == ["3", "4", "5", "8", "20"]  # not below the three results; that in use among them
    for variant, scores in zip(result.variants, result.choice.scores, strict=True):
        searched = ground.search(variant.pipeline, quiet)
        assert scores.tolist() == pytest.approx(ground.scores(searched, "reranked", "nDCG@10").tolist())
    least, knee = result.marks["smallest within noise"], result.marks.get("knee")
    assert result.choice.recommended == max(least, knee or 0)
    assert result.sentence.startswith(f"Rerank {result.recommended.name}: ")


def test_candidates_are_scored_once_for_all_runs_of_the_step(ground, monkeypatch):
    asked, prefixes = [], LateInteractionReranker.prefixes

    def counted(reranker, request, counts):
        asked.extend([request.query] if len(counts) > 1 else [])  # the searches that are timed ask for one count each
        return prefixes(reranker, request, counts)

    monkeypatch.setattr(LateInteractionReranker, "prefixes", counted)
    for _ in range(2):
        run("Candidates", ground, values=[3, 8])
    assert asked == list(GRADES)


def test_without_a_reranker_there_is_no_count_to_choose():
    assert STEPS["Candidates"].obstacle(PIPELINE) == ""
    assert "no count to choose" in STEPS["Candidates"].obstacle(PIPELINE.with_(reranker=NoReranker()))
    assert STEPS["Fusion"].obstacle(PIPELINE.with_(reranker=NoReranker())) == ""


def test_every_method_is_tried_under_every_weight_and_equal_rrf_is_the_default(ground):
    seen = []
    result = run("Fusion", ground, so_far=seen.append)
    assert len(result.variants) == 101 * len(FUSIONS)
    assert [len(one.variants) for one in seen] == [101 * done for done in range(1, len(FUSIONS) + 1)]
    default = result.marks["default"]
    assert result.choice.rule.incumbent == default
    assert (result.variants[default].name, result.variants[default].pipeline.fusion) == ("equal-weight RRF", RRF())
    assert result.verdicts[default] == "the default"
    searched = ground.search(PIPELINE.with_(reranker=NoReranker()), quiet)
    curve = weight_curve(traced_candidates(searched.traces, QUERIES, searched.judgeable), MinMaxSum(), "nDCG@10")
    at = names(result).index("min-max at 0.3")
    assert result.choice.scores[at].tolist() == curve.scores[30].tolist()
    assert result.variants[at].pipeline == PIPELINE.with_(fusion=MinMaxSum(), weight=0.3)


def test_a_method_and_a_weight_off_the_grid_that_are_in_use_are_tried_too(ground):
    pipeline = PIPELINE.with_(fusion=RRF(7), weight=0.123)
    result = run("Fusion", ground, pipeline, values=[])
    assert len(result.variants) == 2 * 102
    at = names(result).index("RRF, k 7 at 0.123")
    assert at in result.verdicts
    assert result.variants[at].pipeline == pipeline
