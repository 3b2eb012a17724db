"""The sample corpora are whole: nothing refused, every query with a class and judged, the README's numbers true."""

import re
from collections import Counter

import pytest

from retrieval import GRADES, corpora, read_collection


@pytest.fixture(scope="module", params=sorted(corpora()))
def sample(request):
    return corpora()[request.param], read_collection(request.param)


def test_there_are_samples():
    assert {"company-policies", "parts-catalogue"} <= set(corpora())


def test_nothing_is_refused(sample):
    _, collection = sample
    assert collection.refused == ()
    assert collection.duplicates == 0
    assert len(collection.documents) >= 50
    assert len(collection.queries) >= 30


def test_every_document_has_title_and_text(sample):
    _, collection = sample
    for document in collection.documents:
        assert document.title.strip(), document.id
        assert len(document.text.split()) >= 20, document.id
        assert not re.search(r"\s", document.id)
    assert len({document.text for document in collection.documents}) == len(collection.documents)


def test_every_query_has_a_class_and_every_class_queries(sample):
    _, collection = sample
    counts = Counter(query.category for query in collection.queries)
    assert "" not in counts
    assert len(counts) >= 4
    assert min(counts.values()) >= 3
    assert {"exact identifier", "paraphrase"} <= set(counts)


def test_the_readme_tells_the_numbers(sample):
    folder, collection = sample
    text = (folder / "README.md").read_text(encoding="utf-8")
    numbers = set(re.findall(r"\d+", text.replace(",", "")))
    assert {str(len(collection.documents)), str(len(collection.queries))} <= numbers
    for category, count in Counter(query.category for query in collection.queries).items():
        assert re.search(rf"\| {re.escape(category)} \| {count} \|", text), category
    assert "Apache-2.0" in text


def test_every_query_is_judged(sample):
    folder, collection = sample
    if not collection.judgments:
        pytest.skip(f"{folder.name} has no qrels yet")
    judgments = [judgment for split in collection.judgments.values() for judgment in split]
    assert {judgment.query_id for judgment in judgments} == {query.id for query in collection.queries}
    relevant = Counter(judgment.query_id for judgment in judgments if judgment.grade >= 1)
    assert not {query.id for query in collection.queries} - set(relevant)
    assert {judgment.grade for judgment in judgments} == set(GRADES)
