"""The steps of the guided tuning over small corpora: each gives what its parts give, and goes on where one fails."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from retrieval.chunking import FixedSize, Sentences, StructureAware, WholeDocument
from retrieval.embedders import LSA, SentenceTransformerModel
from retrieval.engine import Engine
from retrieval.errors import PlaygroundError
from retrieval.experiments import pipeline_file, read_evidence
from retrieval.fusion import FUSIONS, RRF, MinMaxSum
from retrieval.metrics import score_rankings
from retrieval.pipeline import Pipeline
from retrieval.rerankers import RERANKERS, CrossEncoder, LateInteraction, NoReranker
from retrieval.rerankers.base import Reranker
from retrieval.rerankers.late_interaction import LateInteractionReranker
from retrieval.tuning import recall_at, weight_curve
from retrieval.tuning.choice import ON_HELD_OUT
from retrieval.tuning.steps import STEPS, Ground, evidence, name_of, silent, told, varied
from retrieval.tuning.traced import traced_candidates
from retrieval.types import Judgment, Query
from retrieval.workspace import Workspace

GRADES = {
    "24 V relay": {"d00": 3, "d01": 1, "d11": 1},
    "water droplets in the cabinet": {"d04": 3, "d09": 1},
    "what survives a wash-down": {"d00": 2},
    "power supply of ten amperes": {"d06": 3, "d05": 1},
    "pump pump water": {"d02": 3},
    "sealed sensor for metal": {"d08": 3, "d02": 1},
}
QUERIES = tuple(Query(f"q{at}", text, "numeric" if at < 3 else "") for at, text in enumerate(GRADES))
JUDGMENTS = [Judgment(query.id, document, grade) for query in QUERIES for document, grade in GRADES[query.text].items()]
UNJUDGED = Query("other", "rail")
PIPELINE = Pipeline(embedder=LSA(8), results=3, rerank_count=5)
BROKEN = CrossEncoder("/no/such/folder")


@dataclass(frozen=True)
class Worst(Reranker):
    """A setting and its reranker in one: the fused ranking turned round."""

    independent = False

    def load(self, tokens):
        return self

    def score(self, request):
        return np.arange(len(request.rows), dtype=np.float32)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def ground(corpus, workspace):
    return Ground.of(corpus, (*QUERIES, UNJUDGED), JUDGMENTS, workspace)


def quiet(sentence, share):
    pass


def run(step, ground, pipeline=PIPELINE, values=None, progress=quiet, so_far=silent):
    return STEPS[step].run(ground, pipeline, STEPS[step].defaults if values is None else values, progress, so_far)


def names(result):
    return [variant.name for variant in result.variants]


def test_the_steps_come_in_their_order():
    assert list(STEPS) == ["Chunker", "Embedder", "Reranker", "Candidates", "Fusion"]


def test_only_judged_queries_are_tuned_on(ground):
    assert ground.queries == QUERIES
    assert sorted(ground.folds.tolist()) == [0, 0, 1, 2, 3, 4]  # six queries in five folds


@pytest.mark.parametrize(
    ("part", "value", "name"),
    [
        ("chunker", WholeDocument(), "whole document"),
        ("chunker", FixedSize(100), "fixed size 100"),
        ("chunker", FixedSize(100, 5, context=False), "fixed size 100, overlap 5, context False"),
        ("chunker", Sentences(), "sentences 200"),
        ("embedder", SentenceTransformerModel(), "all-MiniLM-L6-v2"),
        ("embedder", SentenceTransformerModel("e5", "query: "), "e5, query prompt query: "),
        ("embedder", LSA(64), "LSA 64"),
        ("reranker", NoReranker(), "none"),
        ("reranker", LateInteraction("idf"), "late interaction, weighting idf"),
        ("reranker", CrossEncoder("mine"), "cross-encoder mine"),
        ("fusion", RRF(20), "RRF, k 20"),
        ("fusion", MinMaxSum(), "min-max"),
        ("rerank_count", 50, "50"),
    ],
)
def test_a_value_is_called_by_its_kind_and_what_is_special_in_it(part, value, name):
    assert name_of(part, value) == name


def test_a_part_is_varied_beside_what_is_in_use_and_each_value_once():
    found = varied("chunker", PIPELINE, (FixedSize(9, 2), WholeDocument(), FixedSize(9, 2)))
    assert [variant.name for variant in found] == ["whole document", "fixed size 9, overlap 2"]
    assert [variant.pipeline for variant in found] == [PIPELINE, PIPELINE.with_(chunker=FixedSize(9, 2))]


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


def test_a_single_variant_is_nothing_to_choose_from(ground):
    assert "Only LSA 8 could be tried" in run("Embedder", ground, values=[]).sentence


def test_results_come_variant_by_variant(ground):
    seen = []
    result = run("Embedder", ground, values=[LSA(2), LSA(4)], so_far=seen.append)
    assert [names(one) for one in seen] == [["LSA 8"], ["LSA 8", "LSA 2"], ["LSA 8", "LSA 2", "LSA 4"]]
    assert [one.waiting for one in seen] == [("LSA 2", "LSA 4"), ("LSA 4",), ()]
    assert seen[-1] is result


def test_a_variant_that_cannot_be_tried_is_told_and_the_rest_goes_on(ground):
    result = run("Reranker", ground, values=[BROKEN, LateInteraction()])
    assert names(result) == ["none", "late interaction"]
    assert list(result.failed) == ["cross-encoder /no/such/folder"]
    assert "could not be loaded" in result.failed["cross-encoder /no/such/folder"]


def test_where_nothing_can_be_tried_the_sentences_are_raised(ground):
    missing = SentenceTransformerModel("/no/such/folder")
    with pytest.raises(PlaygroundError, match="/no/such/folder"):
        run("Embedder", ground, PIPELINE.with_(embedder=missing), values=[])


def test_without_what_is_in_use_the_best_of_the_others_is_taken(ground):
    missing = SentenceTransformerModel("/no/such/folder")
    result = run("Embedder", ground, PIPELINE.with_(embedder=missing), values=[LSA(8)])
    assert (names(result), result.choice.rule.incumbent) == (["LSA 8"], None)


class Stopped(Exception):
    """Somebody cancelled."""


def test_what_is_finished_when_a_step_is_stopped_is_not_done_again(ground, monkeypatch):
    def stop(sentence, share):
        if sentence.startswith("LSA 4"):
            raise Stopped

    with pytest.raises(Stopped):
        run("Embedder", ground, values=[LSA(2), LSA(4)], progress=stop)
    searched = []
    search = Engine.search

    def watched(engine, text, pipeline=None, finished=None):
        searched.append((pipeline or engine.pipeline).embedder)
        return search(engine, text, pipeline, finished)

    monkeypatch.setattr(Engine, "search", watched)
    run("Embedder", ground, values=[LSA(2), LSA(4)])
    assert [searched.count(LSA(size)) for size in (8, 2)] == [1, 1]  # the warm-up of opening alone
    assert searched.count(LSA(4)) > len(QUERIES)


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
    assert (result.costs[0].p95_ms, result.verdicts[0]) == (0.0, "fusion alone")
    assert result.costs[1].p95_ms > 0


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


def test_what_is_in_use_is_known_whatever_else_was_changed(ground):
    changed = PIPELINE.with_(weight=0.3, rerank_count=7)
    embedders, fusions = run("Embedder", ground, values=[LSA(2)]), run("Fusion", ground, values=[])
    assert STEPS["Embedder"].in_use(embedders, changed) == 0
    assert STEPS["Embedder"].in_use(embedders, changed.with_(embedder=LSA(4))) is None
    assert names(fusions)[STEPS["Fusion"].in_use(fusions, changed)] == "RRF at 0.3"


def test_held_out_queries_have_no_say_and_test_every_choice(corpus, workspace):
    held = [Query(query.id, query.text, query.category, held_out=at > 3) for at, query in enumerate(QUERIES)]
    ground = Ground.of(corpus, held, JUDGMENTS, workspace)
    for step in STEPS:
        result = run(step, ground, values=STEPS[step].defaults if step != "Embedder" else [LSA(2)])
        assert result.choice.choosing.tolist() == [0, 1, 2, 3]
        assert (result.choice.held_out_by, result.choice.held_out.queries) == (ON_HELD_OUT, 2)
        assert "On the held-out queries it scores" in result.sentence


def test_a_query_that_the_pipeline_refuses_counts_nothing(corpus, workspace):
    blank = Query("blank", "  ")
    judgments = [*JUDGMENTS, Judgment("blank", "d00", 3)]
    ground = Ground.of(corpus, (*QUERIES, blank), judgments, workspace)
    for step in STEPS:
        result = run(step, ground, values=[])
        assert result.choice.scores[:, -1].tolist() == [0.0] * len(result.variants)
        assert result.choice.scores[:, :-1].any()


def test_one_query_gives_no_interval_and_changes_nothing(corpus, workspace):
    ground = Ground.of(corpus, QUERIES[:1], JUDGMENTS, workspace)
    result = run("Fusion", ground)
    assert result.recommended.name == "equal-weight RRF"
    assert result.choice.held_out is None
    assert result.choice.estimate(0).low is None


def test_steps_become_the_evidence_of_a_pipeline_file(corpus, ground):
    embedder, reranker = run("Embedder", ground, values=[LSA(2)]), run("Reranker", ground)
    steps = [told(embedder, 1), told(reranker, None)]
    found = evidence(corpus, "Mine", QUERIES, JUDGMENTS, "nDCG@10", reranker.choice.estimate(1), steps)
    text = pipeline_file(embedder.variants[1].pipeline, found)
    assert read_evidence(text) == found
    assert Pipeline.from_toml(text) == embedder.variants[1].pipeline
    first, second = found.steps
    assert (first.step, first.chosen, first.applied, first.held_out_mean) == ("Embedder", "LSA 2", True, None)
    assert [one.name for one in first.tried] == ["LSA 8", "LSA 2"]
    assert first.tried[0].p95_ms == embedder.costs[0].p95_ms
    assert (second.chosen, second.applied) == (reranker.recommended.name, False)
    assert second.held_out_mean == reranker.choice.held_out.mean
    assert (found.queries, found.held_out, found.baseline) == (6, 0, reranker.choice.estimate(1).mean)
