"""Labels belong to places of documents: whatever the chunker, a chunk has the grades of its places and no label is lost."""

import random

import pytest

from retrieval.chunking import FixedSize, Sentences, StructureAware, WholeDocument, split
from retrieval.embedders import LSA
from retrieval.judging.inherit import inherited
from retrieval.spans import exact
from retrieval.types import Chunk, Document, Judgment
from tests.conftest import DOCUMENTS

CHUNKERS = {"fixed": FixedSize(12, 3), "sentences": Sentences(20), "structure": StructureAware(25, 0), "whole": WholeDocument()}
LONG = Document(
    "long", "# Pump\n\n" + "\n\n".join(f"## Part {at}\n\nThe pump runs dry. It is sealed. Rule {at}." for at in range(12))
)
TEXTS = [document for document in (*DOCUMENTS, LONG) if document.text]


def chunk(id, start, end, document="d"):
    return Chunk(id, document, "x" * (end - start), start, end)


def test_a_chunk_has_the_best_grade_of_its_places():
    chunks = [chunk("a", 0, 100), chunk("b", 100, 200), chunk("c", 200, 300), chunk("e", 0, 50, "other")]
    judgments = [
        Judgment("q", "d", 1, 10, 20),
        Judgment("q", "d", 3, 60, 90),
        Judgment("q", "d", 2, 90, 130),  # 10 characters in a, 30 in b, which is the half that counts
        Judgment("q", "other", 0),
        Judgment("p", "d", 2),
        Judgment("p", "unknown", 3),
    ]
    assert inherited(judgments, chunks) == {"q": {"a": 3, "b": 2, "e": 0}, "p": {"a": 2, "b": 2, "c": 2}}


def test_where_a_document_has_spans_these_count():
    chunks = [chunk("a", 0, 100), chunk("b", 100, 200)]
    assert inherited([Judgment("q", "d", 3), Judgment("q", "d", 1, 0, 40)], chunks) == {"q": {"a": 1}}


def chunked(name):
    """The chunks of all texts under a chunker."""
    tokenizer = LSA(8).tokenizer()
    return [part for document in TEXTS for part in split(document, CHUNKERS[name], tokenizer)]


def labels(seed):
    """Judged spans and whole documents, every label of a query of its own so that one cannot hide another."""
    chance = random.Random(seed)
    for number in range(120):
        document = chance.choice(TEXTS)
        start = chance.randrange(len(document.text))
        end = min(len(document.text), start + chance.choice([1, 5, 40, 400]))
        place = (start, end) if chance.random() < 0.8 and document.text[start:end].strip() else (None, None)
        yield Judgment(f"q{number}", document.id, chance.randrange(4), *place)


@pytest.mark.parametrize("name", CHUNKERS)
def test_no_label_is_lost_whatever_the_chunker(name):
    judgments = list(labels(seed=7))
    found = inherited(judgments, chunked(name))
    assert {query: set(of.values()) for query, of in found.items()} == {item.query_id: {item.grade} for item in judgments}


def test_the_chunkers_differ_and_agree_on_every_label():
    labelled = {(item.document_id, item.grade, item.start, item.end) for item in labels(seed=3)}
    judgments = [Judgment("q", *label) for label in labelled]
    best = {}
    for item in exact(judgments):
        best[item.document_id] = max(item.grade, best.get(item.document_id, 0))
    boundaries = set()
    for name in CHUNKERS:
        chunks = chunked(name)
        boundaries.add(tuple((part.document_id, part.start) for part in chunks))
        found, document_of = {}, {part.id: part.document_id for part in chunks}
        for id, grade in inherited(judgments, chunks)["q"].items():
            found[document_of[id]] = max(grade, found.get(document_of[id], 0))
        assert found == best
    assert len(boundaries) == len(CHUNKERS)
