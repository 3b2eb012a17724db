"""The evidence in a pipeline file: it is read back whole, it changes no setting, and what is wrong with it gets a sentence."""

from dataclasses import replace

import numpy as np
import pytest

from retrieval.errors import BadInput, BadSetting
from retrieval.experiments import Evidence, Step, Tried, pipeline_file, read_evidence
from retrieval.pipeline import Pipeline, read_pipeline

STEP = Step(
    "Fusion weights",
    "nDCG@10",
    "weight 0.73",
    (Tried("weight 0.50", 0.741, 0.702, 0.779, 12.5), Tried("weight 0.73", 0.755)),
    'Take "0.73":\nworth it.',
    True,
    0.749,
)
EVIDENCE = Evidence("parts", "c0ffee", "Head", 300, 60, "v1", "nDCG@10", "2026-11-25T04:00:00+00:00", "0.1.0", 0.7, (STEP,))
FIELDS = """corpus = "parts"
corpus_fingerprint = "c0ffee"
query_set = "Head"
queries = 300
held_out = 60
judgments_version = "v1"
metric = "nDCG@10"
created = "then"
library = "0.1.0"
baseline = 0.7
"""


def test_a_file_gives_back_the_pipeline_and_its_evidence(tmp_path):
    pipeline = Pipeline(weight=0.73)
    path = tmp_path / "tuned.toml"
    path.write_text(pipeline_file(pipeline, EVIDENCE), encoding="utf-8")
    assert read_pipeline(path) == pipeline
    assert read_evidence(path.read_text(encoding="utf-8")) == EVIDENCE


def test_the_evidence_lies_below_the_settings():
    pipeline = Pipeline()
    text = pipeline_file(pipeline, EVIDENCE)
    assert text.startswith(pipeline.to_toml())
    assert text[len(pipeline.to_toml()) :].startswith("\n[evidence]\n")
    assert "\n[[evidence.steps]]\n" in text


def test_a_pipeline_without_evidence_is_its_plain_file():
    assert pipeline_file(Pipeline()) == Pipeline().to_toml()
    assert read_evidence(Pipeline().to_toml()) is None


def test_what_was_not_measured_is_not_written():
    assert EVIDENCE.to_dict()["steps"][0]["tried"][1] == {"name": "weight 0.73", "mean": 0.755}
    assert "held_out_low" not in EVIDENCE.to_dict()["steps"][0]


def test_numbers_of_arrays_are_numbers():
    measured = replace(EVIDENCE, queries=np.int64(300), baseline=np.float32(0.5))
    assert read_evidence(pipeline_file(Pipeline(), measured)) == replace(EVIDENCE, baseline=0.5)


def test_a_file_may_be_written_by_hand():
    assert read_evidence(f"[evidence]\n{FIELDS}") == replace(EVIDENCE, created="then", steps=())


def test_any_other_table_is_still_refused():
    with pytest.raises(BadSetting, match="unknown pipeline setting 'proof'"):
        Pipeline.from_toml(pipeline_file(Pipeline(), EVIDENCE) + "\n[proof]\n")
    with pytest.raises(BadSetting, match="unknown pipeline setting 'evidence'"):
        Pipeline.from_dict({"evidence": {}})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("evidence = 3", "evidence is 3, it must be a table"),
        ("[evidence]", "evidence lacks the field 'corpus'"),
        (f"[evidence]\n{FIELDS}proof = 1", "evidence has no field 'proof', its fields are corpus, corpus_fingerprint"),
        (f"[evidence]\n{FIELDS}".replace("300", '"many"'), "evidence.queries is 'many', it must be a whole number"),
        (f"[evidence]\n{FIELDS}".replace("300", "true"), "evidence.queries is True, it must be a whole number"),
        (f"[evidence]\n{FIELDS}".replace('"parts"', "1"), "evidence.corpus is 1, it must be a text"),
        (f"[evidence]\n{FIELDS}steps = 1", "evidence.steps is 1, it must be a list"),
        (f'[evidence]\n{FIELDS}[[evidence.steps]]\nstep = "Chunker"', r"evidence.steps\[0\] lacks the field 'metric'"),
    ],
)
def test_evidence_that_is_none_gets_a_sentence_and_the_pipeline_goes_on(text, rule):
    sentence = rf"the evidence of the pipeline cannot be used \({rule}.*\); correct the table \[evidence\] or remove it"
    with pytest.raises(BadInput, match=sentence):
        read_evidence(text)
    assert Pipeline.from_toml(text) == Pipeline()


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "true", '"0.7"', f"1{'0' * 400}"])
def test_a_number_must_be_finite(number):
    with pytest.raises(BadInput, match=r"evidence.baseline is .*, it must be a finite number"):
        read_evidence(f"[evidence]\n{FIELDS}".replace("0.7", number))


def test_no_number_is_written_that_cannot_be_read():
    step = replace(STEP, tried=(Tried("a", float("nan")),))
    with pytest.raises(BadInput, match=r"evidence.steps\[0\].tried\[0\].mean is nan, it must be a finite number"):
        pipeline_file(Pipeline(), replace(EVIDENCE, steps=(step,)))


def test_a_text_that_is_not_toml_gets_a_sentence():
    with pytest.raises(BadInput, match="the pipeline file is not TOML"):
        read_evidence("weight = ")
