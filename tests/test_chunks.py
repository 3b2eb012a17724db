"""Chunks as tables: equal to what the chunker says, stored without loss, and taken over where a document has not changed."""

from __future__ import annotations

import pytest

from retrieval.chunking import FixedSize, StructureAware, split
from retrieval.chunks import Chunks, ChunkTable, chunk_corpus, content_hash
from retrieval.embedders.tokenizers import WordTokenizer
from retrieval.errors import IndexCorrupted
from retrieval.types import Corpus, Document, Heading, Structure

MARKDOWN = Document("m", "# Crane\n\nLifts cargo.\n\n## Hook\n\nHolds cargo. " + "word " * 12, "Crane", {}, Structure("markdown"))
PAGED = Document("p", "first page words\n\nsecond page words", "Two", {}, Structure("text", (Heading(18, 1, "Second"),), (0, 18)))
PLAIN = Document("a", "one two three four five six seven eight nine ten", "")
CORPUS = Corpus("c", (MARKDOWN, PAGED, PLAIN))
TOKENIZER = WordTokenizer()


class Counted:
    """A chunker that notes which documents it was asked to split."""

    context = True

    def __init__(self, chunker):
        self._chunker, self.size, self.asked = chunker, chunker.size, []

    def spans(self, layout):
        self.asked.append(layout.document.id)
        return self._chunker.spans(layout)


@pytest.mark.parametrize("chunker", [FixedSize(8, 2), StructureAware(10)])
def test_the_table_holds_what_the_chunker_says_in_id_order(tmp_path, chunker):
    expected = sorted(
        (chunk for document in CORPUS.documents for chunk in split(document, chunker, TOKENIZER)), key=lambda c: c.id
    )
    chunk_corpus(CORPUS, chunker, TOKENIZER).save(tmp_path)
    chunks = Chunks(CORPUS, ChunkTable.load(tmp_path))
    assert list(chunks) == expected
    assert chunks[1:3] == tuple(expected[1:3])
    assert chunks[-1] == expected[-1]
    assert chunks.document_of == {chunk.id: chunk.document_id for chunk in expected}
    assert [hash.tobytes() for hash in chunks.table.hashes] == [content_hash(chunk.content) for chunk in expected]
    assert {chunk.pages for chunk in expected if chunk.document_id == "p"} <= {(1, 1), (2, 2), (1, 2)}
    assert any(chunk.headings for chunk in expected)


def test_only_new_and_changed_documents_are_split():
    counted = Counted(FixedSize(8, 2))
    first = chunk_corpus(CORPUS, counted, TOKENIZER)
    assert counted.asked == ["m", "p", "a"]
    counted.asked.clear()
    changed = Document("p", PAGED.text, "Another title", {}, PAGED.structure)
    later = Corpus("c", (Document("z", "a new one"), PLAIN, changed, MARKDOWN))
    second = chunk_corpus(later, counted, TOKENIZER, first)
    assert counted.asked == ["z", "p"]
    fresh = chunk_corpus(later, FixedSize(8, 2), TOKENIZER)
    assert list(Chunks(later, second)) == list(Chunks(later, fresh))
    assert second.hashes.tobytes() == fresh.hashes.tobytes()


def test_an_empty_corpus_has_an_empty_table(tmp_path):
    chunk_corpus(Corpus("none", ()), FixedSize(), TOKENIZER).save(tmp_path)
    assert list(Chunks(Corpus("none", ()), ChunkTable.load(tmp_path))) == []


def test_a_table_of_other_documents_is_not_taken():
    table = chunk_corpus(CORPUS, FixedSize(), TOKENIZER)
    with pytest.raises(IndexCorrupted, match="those of 3 documents, the corpus has 2"):
        Chunks(Corpus("c", CORPUS.documents[:2]), table)


def test_the_chunks_of_some_documents():
    corpus = Corpus("three", (Document("a", "one"), Document("b", "two"), Document("c", "three")))
    chunks = Chunks(corpus, chunk_corpus(corpus, FixedSize(), WordTokenizer(), None))
    assert [chunk.document_id for chunk in chunks.of({"c", "a", "absent"})] == ["a", "c"]
    assert chunks.of(()) == ()
