"""A against B: what differs in the settings, which queries moved, and what to know before believing it."""

from dataclasses import replace

import pytest

from retrieval.chunking import FixedSize
from retrieval.errors import BadInput
from retrieval.experiments import Experiment, Mean, Moved, Run, compare_experiments, pipeline_file
from retrieval.pipeline import Pipeline
from retrieval.rerankers import NoReranker
from tests.test_experiments_evidence import EVIDENCE

METRIC = "nDCG@10"
DEFAULT = Pipeline(chunker=FixedSize(60, 10))
OF_A = {"q1": 0.25, "q2": 0.5, "q3": 1.0, "q4": 0.0, "q5": 0.5}
OF_B = {"q9": 1.0, "q4": 0.25, "q3": 0.5, "q2": 0.5, "q1": 0.5}


def run(scores, pipeline=DEFAULT, name="final", stage="reranked"):
    return Run(name, "pipeline", {METRIC: Mean(0.5)}, {METRIC: scores}, pipeline.to_toml(), pipeline.fingerprint(), stage)


def experiment(*runs, **changes):
    made = Experiment("A", "evaluation", "parts-1", "Parts", "c1", "head-1", "Head", "v1", runs, {"level": "documents"})
    return replace(made, **changes)


def compared(a, b):
    return compare_experiments(a, b, a.runs[0].name, b.runs[0].name, METRIC)


def test_the_queries_of_both_are_paired_in_the_order_of_the_first():
    found = compared(experiment(run(OF_A)), experiment(run(OF_B)))
    assert found.queries == ("q1", "q2", "q3", "q4")
    assert found.before.tolist() == [0.25, 0.5, 1.0, 0.0]
    assert found.after.tolist() == [0.5, 0.5, 0.5, 0.25]
    assert found.warnings == ("1 query is only in A and left out.", "1 query is only in B and left out.")


def test_queries_that_moved_come_by_how_far_they_did():
    found = compared(experiment(run(OF_A)), experiment(run(OF_B)))
    assert found.moved == (Moved("q3", 1.0, 0.5, -0.5), Moved("q1", 0.25, 0.5, 0.25), Moved("q4", 0.0, 0.25, 0.25))


def test_the_difference_is_paired_by_query():
    scores = {f"q{at}": at / 100 for at in range(50)}
    raised = {query: score + 0.25 for query, score in scores.items()}
    difference = compared(experiment(run(scores)), experiment(run(raised))).difference
    # every query gains the same, so no resampling can tell another mean than 0.25
    assert (difference.mean, difference.low, difference.high) == pytest.approx((0.25, 0.25, 0.25))
    assert (difference.improved, difference.equal, difference.worse) == (50, 0, 0)


def test_settings_that_differ_are_named_by_their_path():
    other = DEFAULT.with_(chunker=FixedSize(200, 10), weight=0.7)
    found = compared(experiment(run(OF_A)), experiment(run(OF_B, other)))
    assert [(row.path, row.before, row.after) for row in found.settings] == [("chunker.size", 60, 200), ("weight", 0.5, 0.7)]


def test_a_part_that_another_takes_the_place_of_loses_its_settings():
    found = compared(experiment(run(OF_A)), experiment(run(OF_B, DEFAULT.with_(reranker=NoReranker()))))
    rows = {row.path: (row.before, row.after) for row in found.settings}
    assert rows["reranker.type"] == ("late interaction", "none")
    assert rows["reranker.weighting"] == (DEFAULT.reranker.weighting, None)


def test_the_stage_is_a_setting_and_evidence_is_none():
    tuned = replace(run(OF_B, stage="fused"), pipeline=pipeline_file(DEFAULT, EVIDENCE))
    found = compared(experiment(run(OF_A)), experiment(tuned))
    assert [(row.path, row.before, row.after) for row in found.settings] == [("stage", "reranked", "fused")]


def test_a_pipeline_that_this_library_cannot_read_is_compared_by_its_text():
    later = replace(run(OF_B), pipeline='weight = 0.5\n[fusion]\ntype = "of tomorrow"')
    rows = {row.path: (row.before, row.after) for row in compared(experiment(run(OF_A)), experiment(later)).settings}
    assert rows["fusion.type"] == ("RRF", "of tomorrow")
    assert "weight" not in rows


def test_an_imported_run_has_no_settings_to_compare():
    imported = Run("production", "imported", {METRIC: Mean(0.5)}, {METRIC: OF_A})
    found = compared(experiment(run(OF_A)), experiment(imported))
    assert found.settings == ()
    assert found.warnings == ("The settings of production (in B) are not known: its rankings were imported.",)


def test_equal_experiments_differ_in_nothing():
    found = compared(experiment(run(OF_A)), experiment(run(OF_A)))
    assert (found.settings, found.moved, found.warnings) == ((), (), ())


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"judgments_version": "v2"}, "The judgments changed in between, so equal rankings may have other scores; run A again"),
        (
            {"corpus_fingerprint": "c2"},
            "The documents of the corpus changed in between; run A again to compare on the same ones.",
        ),
        (
            {"corpus": "port-2", "corpus_name": "Port", "corpus_fingerprint": "c2"},
            "A is on the corpus Parts, B on Port; their scores say nothing about each other.",
        ),
        (
            {"query_set": "tail-2", "query_set_name": "Tail", "judgments_version": "v2"},
            "A is on the query set Head, B on Tail; only queries with the same id are compared.",
        ),
        ({"settings": {"level": "passages"}}, "The setting level is documents in A and passages in B; equal rankings may"),
        (
            {"settings": {"level": "documents", "condensed": True}},
            "The setting condensed is not stated in A and True in B; equal rankings may have other scores.",
        ),
        ({"settings": {"level": "documents", "gain": "2^g"}}, "The setting gain is not stated in A and 2^g in B"),
    ],
)
def test_what_changed_in_between_is_warned_of_once(changes, warning):
    (found,) = compared(experiment(run(OF_A)), experiment(run(OF_A), **changes)).warnings
    assert found.startswith(warning)


@pytest.mark.parametrize(
    ("name", "metric", "scores", "message"),
    [
        ("other", METRIC, OF_B, "the experiment 'A' has no run 'other', it has final; choose another"),
        ("final", "P@5", OF_B, "the run 'final' of 'A' has no scores by P@5, it has nDCG@10; choose another"),
        ("final", METRIC, {"q9": 1.0}, "'final' and 'final' have no query in common; compare runs on one query set"),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence(name, metric, scores, message):
    with pytest.raises(BadInput, match=message):
        compare_experiments(experiment(run(OF_A)), experiment(run(scores)), "final", name, metric)


def test_a_run_that_cannot_be_compared_gets_a_sentence():
    sweep = experiment(Run("weight 0.5", "variant", {METRIC: Mean(0.5)}))
    with pytest.raises(
        BadInput, match=r"the run 'weight 0\.5' of 'A' has no scores by nDCG@10, it has means only; choose another"
    ):
        compared(sweep, sweep)
    broken = experiment(replace(run(OF_B), pipeline="weight = "))
    with pytest.raises(BadInput, match=r"the pipeline of the run 'final' is not TOML .*; compare another run"):
        compared(experiment(run(OF_A)), broken)
