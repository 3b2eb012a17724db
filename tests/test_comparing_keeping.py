"""A comparison as an experiment: what was measured is in it, and it is kept as it was."""

import numpy as np
import pytest

from retrieval.comparing import FINAL, Run, compare, experiment
from retrieval.experiments import ExperimentStore, version_of
from retrieval.judging import QuerySet
from retrieval.pipeline import Pipeline
from retrieval.types import Corpus, Document, Judgment
from tests.test_comparing import JUDGEABLE, QUERIES, A, B

CORPUS = Corpus("Harbour", (Document("a", "crane"),), key="harbour-1")
SET = QuerySet("set-1", "harbour-1", "Mine", "", "latest", "", "2026-01-01")
JUDGMENTS = [Judgment("q1", "a", 3)]
TIMED = Run("tuned", A.rankings, np.array([[0.010], [0.020], [0.030]]), FINAL, Pipeline())
STAGE = Run("sparse", B.rankings, None, "sparse", Pipeline())


def made(name="First", note=""):
    compared = compare([TIMED, STAGE, B], QUERIES, JUDGEABLE, ("RR@10", "P@1"), baseline="sparse")
    return experiment(compared, name, note, CORPUS, SET, JUDGMENTS, {"repetitions": 1})


def test_every_run_has_its_means_scores_and_times():
    found = made()
    assert [(run.name, run.kind, run.stage) for run in found.runs] == [
        ("tuned", "pipeline", "reranked"),
        ("sparse", "stage", "sparse"),
        ("B", "imported", ""),
    ]
    tuned, _, imported = found.runs
    assert tuned.scores["RR@10"] == pytest.approx({"q1": 1, "q2": 1 / 2, "q3": 1 / 3})
    assert tuned.means["RR@10"].mean == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert tuned.means["RR@10"].low < tuned.means["RR@10"].mean < tuned.means["RR@10"].high
    assert tuned.p50_ms == pytest.approx({"total": 20})
    assert tuned.p95_ms == pytest.approx({"total": 29})  # 20 + 0.9 of the way to 30
    assert (imported.p50_ms, imported.pipeline, imported.fingerprint) == ({}, "", "")
    assert Pipeline.from_toml(tuned.pipeline).fingerprint() == tuned.fingerprint == Pipeline().fingerprint()


def test_it_says_on_what_it_rests():
    found = made(note="a note")
    assert (found.kind, found.corpus, found.corpus_name, found.corpus_fingerprint) == (
        "evaluation",
        "harbour-1",
        "Harbour",
        CORPUS.fingerprint,
    )
    assert (found.query_set, found.query_set_name, found.judgments_version) == ("set-1", "Mine", version_of(JUDGMENTS))
    assert found.settings == {
        "repetitions": 1,
        "metrics": ["RR@10", "P@1"],
        "baseline": "sparse",
        "level": "documents",
        "condensed": False,
    }


def test_it_is_read_back_as_it_was_kept(tmp_path):
    store = ExperimentStore(tmp_path)
    kept = store.save(made())
    assert store.experiment(kept.key) == kept
    assert kept.runs == made().runs
