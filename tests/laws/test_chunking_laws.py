"""Laws of chunking over arbitrary texts."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.chunking import FixedSize, WholeDocument
from retrieval.types import Document

TEXTS = st.text(alphabet=st.sampled_from("ab é\u2003漢字\n\t \x85.😀"), max_size=120)
SIZES = st.integers(1, 8).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1)))
CHUNKERS = st.one_of(st.just(WholeDocument()), SIZES.map(lambda pair: FixedSize(*pair)))


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, chunker=CHUNKERS)
def test_spans_index_the_text_and_cover_all_but_white_space(text, chunker):
    chunks = chunker.split(Document("d", text))
    assert chunks
    assert all(chunk.text == text[chunk.start : chunk.end] for chunk in chunks)
    covered = {at for chunk in chunks for at in range(chunk.start, chunk.end)}
    assert not "".join(letter for at, letter in enumerate(text) if at not in covered).strip()


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, chunker=CHUNKERS)
def test_ids_are_unique_and_in_the_order_of_the_spans(text, chunker):
    chunks = chunker.split(Document("d", text))
    assert [chunk.id for chunk in chunks] == sorted({chunk.id for chunk in chunks})
    spans = [(chunk.start, chunk.end) for chunk in chunks]
    assert spans == sorted(spans)
    assert all(before[1] < after[1] for before, after in pairwise(spans))


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, sizes=SIZES)
def test_windows_have_their_size_and_overlap_in_words(text, sizes):
    size, overlap = sizes
    words = [chunk.text.split() for chunk in FixedSize(size, overlap).split(Document("d", text))]
    assert all(len(window) == size for window in words[:-1])
    assert len(words[-1]) <= size
    assert sum(map(len, words)) == len(text.split()) + overlap * (len(words) - 1)
    assert all(before[len(before) - overlap :] == after[:overlap] for before, after in pairwise(words))
