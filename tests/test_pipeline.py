"""Pipelines: the file form and back, fingerprints, and one sentence for whatever a file gets wrong."""

from dataclasses import dataclass

import pytest

from retrieval.chunking import FixedSize
from retrieval.dense import HNSW
from retrieval.embedders import LSA, SentenceTransformerModel
from retrieval.errors import BadInput, BadSetting
from retrieval.fusion import RRF, TheoreticalMinMaxSum
from retrieval.pipeline import PARTS, Pipeline, digest, kind_of, read_pipeline
from retrieval.rerankers import CrossEncoder, LateInteraction, NoReranker
from retrieval.sparse import BM25Okapi, BM25Plus
from retrieval.text import Analyser

ENTRIES = [(part, name) for part, table in PARTS.items() for name in table]
CHANGED = {
    "chunker": FixedSize(100, 10),
    "embedder": SentenceTransformerModel("a/model", query_prompt="", document_prompt="passage: "),
    "dense": HNSW(8, 50, 20),
    "analyser": Analyser("german", stop_words=False),
    "bm25": BM25Plus(1.5, 0.4, 0.5),
    "fusion": TheoreticalMinMaxSum((-1.0, 0.5)),
    "reranker": CrossEncoder("a/reranker"),
    "weight": 0.3,
    "candidates": 42,
    "rerank_count": 33,
    "blend": 0.75,
    "results": 7,
}


@pytest.mark.parametrize(("part", "name"), ENTRIES)
def test_every_entry_of_every_table_survives_the_file(part, name):
    pipeline = Pipeline().with_(**{part: PARTS[part][name]()})
    assert Pipeline.from_toml(pipeline.to_toml()) == pipeline
    assert Pipeline.from_toml(pipeline.to_toml()).fingerprint() == pipeline.fingerprint()
    assert kind_of(part, getattr(pipeline, part)) == name


def test_changed_settings_survive_the_file(tmp_path):
    pipeline = Pipeline(**CHANGED)
    (tmp_path / "pipeline.toml").write_text(pipeline.to_toml(), encoding="utf-8")
    assert read_pipeline(tmp_path / "pipeline.toml") == pipeline


def test_an_empty_file_is_the_default_pipeline():
    assert Pipeline.from_toml("") == Pipeline()


def test_the_defaults_are_the_documented_ones():
    pipeline = Pipeline()
    assert pipeline.fusion == RRF(k=60)
    assert (pipeline.bm25, pipeline.weights) == (BM25Okapi(1.2, 0.75), (0.5, 0.5))
    assert (pipeline.candidates, pipeline.rerank_count, pipeline.blend, pipeline.results) == (100, 50, 0.5, 10)


def test_the_weights_are_of_meaning_and_of_words():
    assert Pipeline(weight=1.0).weights == (1.0, 0.0)
    assert Pipeline(weight=0.25).weights == (0.25, 0.75)


@pytest.mark.parametrize("name", CHANGED)
def test_a_fingerprint_changes_with_every_setting(name):
    changed = Pipeline().with_(**{name: CHANGED[name]})
    assert changed.fingerprint() != Pipeline().fingerprint()
    assert changed.fingerprint(name) != Pipeline().fingerprint(name)
    others = [other for other in CHANGED if other != name]
    assert changed.fingerprint(*others) == Pipeline().fingerprint(*others)


def test_two_classes_with_equal_fields_have_different_fingerprints():
    @dataclass(frozen=True)
    class One:
        size: int = 3

    @dataclass(frozen=True)
    class Two:
        size: int = 3

    assert Pipeline(chunker=One()).fingerprint("chunker") != Pipeline(chunker=Two()).fingerprint("chunker")
    assert Pipeline(reranker=NoReranker()).fingerprint() != Pipeline(reranker=LateInteraction()).fingerprint()


def test_a_whole_number_in_a_file_is_the_fraction_of_the_same_value():
    assert Pipeline.from_toml("weight = 1").fingerprint() == Pipeline(weight=1.0).fingerprint()
    assert Pipeline.from_toml("[bm25]\nk1 = 2").fingerprint() == Pipeline(bm25=BM25Okapi(2.0)).fingerprint()


def test_digest_keeps_its_parts_apart():
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("a")) == 16


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wait = 1", "unknown pipeline setting 'wait'; known are analyser, blend, bm25"),
        ("fusion = 3", "fusion must be a table with a type, not 3"),
        ('[fusion]\ntype = "RFF"', "unknown fusion type 'RFF'; known are RRF, min-max"),
        ("[dense]\ntype = 3", "unknown dense type 3; known are exact, HNSW"),
        ("[fusion]\nkk = 3", "RRF has no setting 'kk'; its settings are k"),
        ('[reranker]\ntype = "none"\nk = 1', "NoReranker has no setting 'k'; its settings are none"),
        ('weight = "high"', "Pipeline's weight cannot be 'high'; give a number"),
        ("weight = true", "weight cannot be True; give a number"),
        ("candidates = 10.5", "candidates cannot be 10.5; give a whole number"),
        ("[embedder]\nmodel = 3", "model cannot be 3; give a text"),
        ("[embedder]\nquery_prompt = 3", "query_prompt cannot be 3; give a text"),
        ('[embedder]\ntype = "LSA"\ndimensions = 2.5', "LSA's dimensions cannot be 2.5; give a whole number"),
        ('[analyser]\nstop_words = "no"', "Analyser's stop_words cannot be 'no'; give true or false"),
        ('[fusion]\ntype = "theoretical min-max"\nfloors = [0, "a"]', "floors cannot be .*; give a list of numbers"),
        ("weight = 1.5", r"weight 1.5 must lie between 0 \(keywords only\) and 1 \(meaning only\)"),
        ("weight = nan", "weight nan must lie between 0"),
        ("[fusion]\nk = -1", "RRF k -1 must be at least 0"),
        ('[reranker]\nweighting = "max"', "weighting 'max' must be one of idf"),
        ('[analyser]\nlanguage = "klingon"', "language 'klingon'"),
    ],
)
def test_a_wrong_file_gets_a_sentence(text, message):
    with pytest.raises(BadSetting, match=message):
        Pipeline.from_toml(text)


def test_a_file_that_is_not_toml_gets_a_sentence(tmp_path):
    with pytest.raises(BadInput, match="the pipeline file is not TOML"):
        Pipeline.from_toml("weight = ")
    (tmp_path / "latin.toml").write_bytes(b"# gr\xf6\xdfe")
    for name in ("latin.toml", "missing.toml"):
        with pytest.raises(BadInput, match=f"the pipeline file .*{name} cannot be read"):
            read_pipeline(tmp_path / name)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"weight": -0.1}, "weight -0.1 must lie between 0"),
        ({"blend": 1.1}, r"blend 1.1 must lie between 0 \(fused only\) and 1 \(reranker only\)"),
        ({"candidates": 0}, "candidates 0 must be at least 1"),
        ({"results": 0}, "results 0 must be at least 1"),
        ({"rerank_count": 9}, "rerank count 9 must be at least the 10 results shown; raise it or show fewer"),
    ],
)
def test_settings_are_guarded(settings, message):
    with pytest.raises(BadSetting, match=message):
        Pipeline(**settings)


def test_a_pipeline_is_a_frozen_value():
    assert hash(Pipeline(embedder=LSA(8))) == hash(Pipeline(embedder=LSA(8)))
    with pytest.raises(AttributeError, match="weight"):
        Pipeline().weight = 0.1
