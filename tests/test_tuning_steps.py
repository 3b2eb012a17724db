"""The steps of the guided tuning over a small corpus: what is common to all, and that they go on where one fails."""

import pytest

from retrieval.chunking import FixedSize, Sentences, WholeDocument
from retrieval.embedders import LSA, SentenceTransformerModel
from retrieval.engine import Engine
from retrieval.errors import PlaygroundError
from retrieval.experiments import pipeline_file, read_evidence
from retrieval.fusion import RRF, MinMaxSum
from retrieval.pipeline import Pipeline
from retrieval.rerankers import CrossEncoder, LateInteraction, NoReranker
from retrieval.tuning.choice import ON_HELD_OUT
from retrieval.tuning.steps import STEPS, evidence, name_of, told, varied
from retrieval.types import Judgment, Query
from tests.tuning_steps import JUDGMENTS, PIPELINE, QUERIES, UNJUDGED, names, on, run


@pytest.fixture
def ground(corpus, tmp_path):
    return on(corpus, tmp_path, (*QUERIES, UNJUDGED))


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


def test_a_single_variant_is_nothing_to_choose_from(ground):
    assert "Only LSA 8 could be tried" in run("Embedder", ground, values=[]).sentence


def test_results_come_variant_by_variant(ground):
    seen = []
    result = run("Embedder", ground, values=[LSA(2), LSA(4)], so_far=seen.append)
    assert [names(one) for one in seen] == [["LSA 8"], ["LSA 8", "LSA 2"], ["LSA 8", "LSA 2", "LSA 4"]]
    assert [one.waiting for one in seen] == [("LSA 2", "LSA 4"), ("LSA 4",), ()]
    assert seen[-1] is result


def test_a_variant_that_cannot_be_tried_is_told_and_the_rest_goes_on(ground):
    result = run("Reranker", ground, values=[CrossEncoder("/no/such/folder"), LateInteraction()])
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


def test_what_is_in_use_is_known_whatever_else_was_changed(ground):
    changed = PIPELINE.with_(weight=0.3, rerank_count=7)
    embedders, fusions = run("Embedder", ground, values=[LSA(2)]), run("Fusion", ground, values=[])
    assert STEPS["Embedder"].in_use(embedders, changed) == 0
    assert STEPS["Embedder"].in_use(embedders, changed.with_(embedder=LSA(4))) is None
    assert names(fusions)[STEPS["Fusion"].in_use(fusions, changed)] == "RRF at 0.3"


def test_held_out_queries_have_no_say_and_test_every_choice(corpus, tmp_path):
    held = [Query(query.id, query.text, query.category, held_out=at > 3) for at, query in enumerate(QUERIES)]
    ground = on(corpus, tmp_path, held)
    for step in STEPS:
        result = run(step, ground, values=STEPS[step].defaults if step != "Embedder" else [LSA(2)])
        assert result.choice.choosing.tolist() == [0, 1, 2, 3]
        assert (result.choice.held_out_by, result.choice.held_out.queries) == (ON_HELD_OUT, 2)
        assert "On the held-out queries it scores" in result.sentence


def test_a_query_that_the_pipeline_refuses_counts_nothing(corpus, tmp_path):
    blank = Query("blank", "  ")
    judgments = [*JUDGMENTS, Judgment("blank", "d00", 3)]
    ground = on(corpus, tmp_path, (*QUERIES, blank), judgments)
    for step in STEPS:
        result = run(step, ground, values=[])
        assert result.choice.scores[:, -1].tolist() == [0.0] * len(result.variants)
        assert result.choice.scores[:, :-1].any()


def test_one_query_gives_no_interval_and_changes_nothing(corpus, tmp_path):
    ground = on(corpus, tmp_path, QUERIES[:1])
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
