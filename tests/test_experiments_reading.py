"""The main number of an experiment, and all of it in a file."""

import json

from retrieval.experiments import Experiment, Headline, Mean, Run, as_json, headline

SPARSE = Run("sparse", "stage", {"RR@10": Mean(0.9), "nDCG@10": Mean(0.5, 0.4, 0.6)}, {"nDCG@10": {"q1": 0.25, "ü": 0.75}})
FUSED = Run("fused", "stage", {"nDCG@10": Mean(0.75, 0.7, 0.8)})
AGAIN = Run("fused again", "stage", {"nDCG@10": Mean(0.75)})


def experiment(*runs, **settings):
    return Experiment("Mine", "evaluation", "c", "C", "f", "s", "S", "v", runs, settings)


def test_the_headline_is_the_best_run_by_the_first_metric():
    assert headline(experiment(SPARSE, FUSED, AGAIN, metrics=["nDCG@10", "RR@10"])) == Headline(
        "nDCG@10", FUSED, FUSED.means["nDCG@10"]
    )
    assert headline(experiment(SPARSE, FUSED, metrics=["RR@10", "nDCG@10"])).run == SPARSE


def test_without_a_metric_that_a_run_has_it_is_by_the_first_that_one_has():
    assert headline(experiment(SPARSE, FUSED)).metric == "RR@10"
    assert headline(experiment(SPARSE, FUSED, metrics=["P@5", "nDCG@10"])).metric == "nDCG@10"


def test_an_experiment_without_means_has_no_headline():
    assert headline(experiment()) is None
    assert headline(experiment(Run("empty", "imported", {}), metrics=["nDCG@10"])) is None


def test_the_file_holds_every_score():
    text = as_json(experiment(SPARSE, metrics=["nDCG@10"]))
    found = json.loads(text)
    assert "ü" in text
    assert found["runs"][0]["scores"] == {"nDCG@10": {"q1": 0.25, "ü": 0.75}}
    assert found["runs"][0]["means"]["nDCG@10"] == {"mean": 0.5, "low": 0.4, "high": 0.6}
    assert (found["settings"], found["corpus_fingerprint"]) == ({"metrics": ["nDCG@10"]}, "f")
