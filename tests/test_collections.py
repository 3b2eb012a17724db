"""Measured on public collections, where they are on this computer: whole pipelines keep the quality that was once reached."""

import os
from pathlib import Path

import pytest

from retrieval import (
    STAGES,
    Analyser,
    Corpus,
    Engine,
    Pipeline,
    Ranking,
    Workspace,
    evaluate,
    grades_by_query,
    read_beir,
    sample,
    score_rankings,
)
from retrieval.sparse import BM25Okapi, SparseIndex

HOME = Path(os.environ.get("PLAYGROUND_COLLECTIONS", Path(__file__).resolve().parents[2] / "shared" / "collections"))


def collection(name):
    if not (HOME / name / "corpus.jsonl").exists():
        pytest.skip(f"the collection {name} is not in {HOME}; set PLAYGROUND_COLLECTIONS to the folder that holds it")
    return read_beir(HOME / name)


def words_alone(found, text_of):
    """Mean nDCG@10 of BM25 over what `text_of` makes of each document."""
    documents = sorted(found.documents, key=lambda document: document.id)
    analyser, grades = Analyser(), grades_by_query(found.judgments["test"])
    index = SparseIndex.build(analyser.terms(text_of(document)) for document in documents)
    rankings = {}
    for query in found.queries:
        rows, scores = index.search(analyser.terms(query.text), 10, BM25Okapi())
        rankings[query.id] = Ranking(tuple(documents[row].id for row in rows), tuple(scores.tolist()))
    scores = score_rankings(rankings, grades, ("nDCG@10",))["nDCG@10"]
    assert len(scores) == len(grades) > 500
    return sum(scores.values()) / len(scores)


def test_the_default_pipeline_on_questions_about_short_texts(tmp_path):
    """Measured: dense 0.925, sparse 0.975, fused 0.963, reranked 0.989."""
    found = collection("xquad-en")
    engine = Engine.open(Corpus("xquad-en", found.documents), Pipeline(), Workspace(tmp_path))
    report = evaluate(engine, sample(found.queries, 100), found.judgments["test"])
    means = {stage: report.mean(stage, "nDCG@10") for stage in STAGES}
    assert len(report.queries) == 100
    assert means["dense"] >= 0.90
    assert means["sparse"] >= 0.95
    assert means["fused"] >= 0.945
    assert means["reranked"] >= 0.97
    assert means["reranked"] >= means["fused"]
    assert report.mean("fused", "R@100") == 1.0


def test_words_find_contracts_by_their_titles():
    """Measured: 0.453 with the title, 0.111 without it."""
    found = collection("legalbenchrag-contractnli-chunks")
    with_title = words_alone(found, lambda document: f"{document.title} {document.text}")
    without = words_alone(found, lambda document: document.text)
    assert with_title >= 0.40
    assert with_title - without >= 0.2
