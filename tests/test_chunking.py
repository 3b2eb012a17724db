from __future__ import annotations

import pytest

from retrieval.chunking import CHUNKERS, FixedSize, WholeDocument
from retrieval.errors import BadSetting
from retrieval.types import Chunk, Document

TEN = Document("d", "one two three four five six seven eight nine ten", "Numbers", {"unit": "word"})


def test_a_whole_document_is_one_chunk_with_its_id_and_text():
    text = "  kept \n as it is "
    assert WholeDocument().split(Document("d", text, "T")) == (Chunk("d", "d", text, 0, len(text), "T"),)


def test_windows_of_four_words_share_one():
    # step 3: words 1-4, 4-7, 7-10
    chunks = FixedSize(size=4, overlap=1).split(TEN)
    assert [chunk.text for chunk in chunks] == ["one two three four", "four five six seven", "seven eight nine ten"]
    assert [chunk.id for chunk in chunks] == ["d#0000", "d#0001", "d#0002"]
    assert chunks[1].start == TEN.text.index("four")
    assert {(chunk.document_id, chunk.title) for chunk in chunks} == {("d", "Numbers")}


def test_the_last_window_is_shorter_and_never_only_overlap():
    assert [chunk.text for chunk in FixedSize(4, 2).split(TEN)][-1] == "seven eight nine ten"
    assert [chunk.text for chunk in FixedSize(4, 0).split(TEN)][-1] == "nine ten"
    assert [chunk.text for chunk in FixedSize(9, 1).split(TEN)][-1] == "nine ten"


def test_a_short_document_is_one_chunk_without_the_outer_white_space():
    (chunk,) = FixedSize(10, 9).split(Document("d", " \n one   two\t"))
    assert (chunk.text, chunk.start, chunk.end) == ("one   two", 3, 12)


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_document_without_words_still_exists(text):
    assert FixedSize().split(Document("d", text)) == (Chunk("d#0000", "d", "", 0, 0),)
    assert WholeDocument().split(Document("d", text))[0].text == text


def test_numbers_widen_where_four_digits_do_not_do():
    chunks = FixedSize(size=1, overlap=0).split(Document("d", "w " * 10_001))
    assert (chunks[0].id, chunks[-1].id) == ("d#00000", "d#10000")
    assert [chunk.id for chunk in chunks] == sorted(chunk.id for chunk in chunks)


@pytest.mark.parametrize(
    ("size", "overlap", "message"),
    [
        (200, 300, "overlap 300 must be smaller than size 200; lower the overlap or raise the size"),
        (20, 20, "overlap 20 must be smaller than size 20"),
        (0, 0, "size 0 must be at least 1 word; raise the size"),
        (10, -1, "overlap -1 must be at least 0 words; raise the overlap"),
    ],
)
def test_impossible_sizes_are_refused(size, overlap, message):
    with pytest.raises(BadSetting, match=message):
        FixedSize(size, overlap)


def test_the_table_names_every_chunker():
    assert [chunker() for chunker in CHUNKERS.values()] == [WholeDocument(), FixedSize(200, 20)]
