"""Laws of chunking: every chunker over Markdown, text, code, CJK, emoji, white space; counted by words, word pieces and bytes."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from retrieval.chunking import CHUNKERS, FixedSize, Sentences, StructureAware, WholeDocument, outline, split
from retrieval.chunking.code import GRAMMARS
from retrieval.chunking.marks import read_marks
from retrieval.embedders import ModelTokenizer, SentenceTransformerModel, word_tokenizer
from retrieval.types import Document, Heading, Structure

LEAST = 8  # no single character has more tokens than this, its context included


def byte_level() -> ModelTokenizer:
    """A byte-pair tokenizer that knows single bytes and a few pairs."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    backend.train_from_iterator(["the crane lifts the load", "class Crane def lift", "    return  load\n\n\n"], trainer)
    return ModelTokenizer(backend, 64)


TOKENIZERS = {"words": word_tokenizer(), "word pieces": SentenceTransformerModel().tokenizer(), "bytes": byte_level()}

WORDS = st.sampled_from(
    [
        "crane",
        "a",
        "Dr.",
        "lifts,",
        "5.5",
        "wash-down",
        "Größe",
        "漢字かな",
        "今日は。",
        "!",
        "😀👍🏽",
        "هل؟",
        "e\u0301",
        "x" * 130,
        "\x85",
    ]
)
LINES = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
SPACE = st.text(alphabet=" \t\n\r\u2003\u3000", max_size=5)
PARAGRAPHS = st.lists(st.one_of(LINES, LINES.map(lambda line: line + ". "), SPACE), max_size=5).map("\n".join)
HEADINGS = st.tuples(st.integers(1, 4), LINES).map(lambda pair: f"{'#' * pair[0]} {pair[1]}")
LISTS = st.lists(st.tuples(st.sampled_from(["- ", "  - ", "1. "]), LINES).map("".join), min_size=1, max_size=5).map("\n".join)
ROWS = st.lists(LINES.map(lambda line: f"| {line} | 1 |"), max_size=4)
TABLES = ROWS.map(lambda rows: "\n".join(["| what | how many |", "|---|---|", *rows]))
FENCES = PARAGRAPHS.map(lambda text: f"```\n{text}\n```")
MARKDOWN = st.lists(st.one_of(PARAGRAPHS, HEADINGS, LISTS, TABLES, FENCES), max_size=7).map("\n\n".join)
CODE = st.lists(
    st.sampled_from(
        [
            "import os",
            "# lifts",
            "class Crane:",
            "class Crane {",
            "    def lift(self):",
            "        return self.load + 5",
            "    # lowers",
            "@cached",
            "def lower(load): return load",
            "void lift(int load) {",
            "  return;",
            "}",
            "",
            "}}",
            "😀",
        ]
    ),
    max_size=14,
).map("\n".join)
RAW = st.text(max_size=60)
SYNTAXES = st.sampled_from(["text", "markdown", "cobol", *GRAMMARS])


@st.composite
def documents(draw) -> Document:
    text = draw(st.one_of(MARKDOWN, PARAGRAPHS, CODE, SPACE, RAW))
    places = st.lists(st.integers(0, len(text)), max_size=4).map(sorted)
    levels = st.integers(1, 3)
    headings = tuple(Heading(start, draw(levels), draw(LINES)) for start in draw(st.one_of(st.just([]), places)))
    pages = tuple(draw(st.one_of(st.just([]), places.map(lambda starts: [0, *starts]))))
    title = draw(st.sampled_from(["", "crane", "A long title of a document about cranes", " "]))
    return Document("d", text, title, structure=Structure(draw(SYNTAXES), headings, pages))


@st.composite
def chunkers(draw, kind: str):
    context = draw(st.booleans())
    if CHUNKERS[kind] is WholeDocument:
        return WholeDocument(context)
    size = draw(st.integers(LEAST, 40))
    overlap = draw(st.one_of(st.just(0), st.integers(0, 3 if CHUNKERS[kind] is Sentences else size - 1)))
    return CHUNKERS[kind](size, overlap, context)


def cases(test):
    """Runs a law for every chunker of the table and every tokenizer."""
    for mark in (pytest.mark.parametrize("kind", CHUNKERS), pytest.mark.parametrize("tokenizer", TOKENIZERS)):
        test = mark(test)
    return test


def overlap_of(chunker) -> int:
    return getattr(chunker, "overlap", getattr(chunker, "overlap_sentences", 0))


def first_place(text: str, at: int) -> int:
    """The first character from `at` on that is not white space."""
    return next((place for place in range(at, len(text)) if not text[place].isspace()), len(text))


def path_at(document: Document, place: int) -> list[tuple[int, str]]:
    """Start and words of the headings in force at `place`, worked out one by one."""
    path: list[tuple[int, int, str]] = []
    for heading in outline(document):
        start = first_place(document.text, heading.start)
        if start <= place:
            path = [(level, at, title) for level, at, title in path if level < heading.level]
            path.append((heading.level, start, heading.title))
    return [(start, title) for _, start, title in path if title.strip()]


@cases
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_law_holds(kind, tokenizer, data):
    document, chunker, counts = data.draw(documents()), data.draw(chunkers(kind)), TOKENIZERS[tokenizer]
    chunks = split(document, chunker, counts)
    spans = [(chunk.start, chunk.end) for chunk in chunks]
    text = document.text

    # places and ids
    assert chunks
    assert all(chunk.text == text[chunk.start : chunk.end] for chunk in chunks)
    assert all(before[0] < after[0] and before[1] < after[1] for before, after in pairwise(spans))
    assert [chunk.id for chunk in chunks] == sorted({chunk.id for chunk in chunks})
    assert {(chunk.document_id, chunk.title) for chunk in chunks} == {("d", document.title)}

    # nothing is left out, nothing comes twice unless asked for
    covered = {at for start, end in spans for at in range(start, end)}
    assert not "".join(letter for at, letter in enumerate(text) if at not in covered).strip()
    if not overlap_of(chunker):
        assert all(before[1] <= after[0] for before, after in pairwise(spans))

    # sizes
    if chunker.size is not None:
        sizes = counts.counts([chunk.content for chunk in chunks])
        assert sizes.max() <= chunker.size
        if counts.limit is not None and chunker.size <= counts.limit - counts.added:
            assert sizes.max() + counts.added <= counts.limit

    # headings, pages, context
    for chunk in chunks:
        place = first_place(text, chunk.start)
        path = path_at(document, place)
        assert chunk.headings == tuple(title for _, title in path)
        pages = document.structure.pages
        touched = [bisect_right(pages, at) for at in (chunk.start, max(chunk.start, chunk.end - 1))]
        assert chunk.pages == ((max(touched[0], 1), max(touched[1], 1)) if pages else None)
        before = [title.strip() for start, title in path if start < place]
        check_context(chunk, chunker, document.title, before, counts)


def check_context(chunk, chunker, title, before, tokenizer):
    if not chunker.context:
        assert chunk.context == ""
    elif chunker.size is None:
        assert chunk.context == title
    else:
        titles = [part for part in (title.strip(), *(words for words in before if words != title.strip())) if part]
        whole = " > ".join(titles)
        limit = chunker.size // 4
        assert tokenizer.counts([chunk.context])[0] <= limit
        if tokenizer.counts([whole])[0] <= limit:
            assert chunk.context == whole
        elif chunk.context:
            kept = chunk.context.split(" > ")
            assert kept == [titles[0], *titles[len(titles) - len(kept) + 1 :]] or titles[-1].startswith(chunk.context)


@settings(max_examples=100, deadline=None)
@given(text=PARAGRAPHS, size=st.integers(1, 9), overlap=st.integers(0, 8))
def test_windows_share_at_most_the_overlap_and_leave_no_room_for_a_word(text, size, overlap):
    chunks = split(Document("d", text), FixedSize(size, min(overlap, size - 1)), word_tokenizer())
    words = [span.tolist() for span in word_tokenizer().spans(text)]
    for before, after in pairwise(chunks):
        assert sum(1 for start, end in words if start >= after.start and end <= before.end) <= min(overlap, size - 1)
    for chunk in chunks[:-1]:
        following = first_place(text, chunk.end)
        longer = text[chunk.start : following + len(text[following:].split()[0])]
        assert word_tokenizer().counts([longer])[0] > size


@settings(max_examples=100, deadline=None)
@given(text=MARKDOWN, size=st.integers(LEAST, 40))
def test_what_fits_is_never_cut(text, size):
    chunks = split(Document("d", text, structure=Structure("markdown")), StructureAware(size), word_tokenizer())
    assert (len(chunks) == 1) == (word_tokenizer().counts([text])[0] <= size)


@settings(max_examples=200, deadline=None)
@given(text=MARKDOWN, size=st.integers(LEAST, 40))
def test_a_chunk_that_runs_over_a_heading_starts_at_one_as_high(text, size):
    document = Document("d", text, structure=Structure("markdown"))
    free = set(read_marks(document).places.tolist())  # a heading right under a higher one stays with it
    levels = {heading.start: heading.level for heading in outline(document)}
    for chunk in split(document, StructureAware(size), word_tokenizer()):
        inside = [level for start, level in levels.items() if chunk.start < start < chunk.end and start in free]
        if inside and chunk.start != first_place(text, 0):
            assert levels.get(chunk.start, 9) <= min(inside)
