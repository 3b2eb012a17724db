"""What a sample says of a whole corpus, and what a model sees of a chunk; every number is worked out beside it."""

from dataclasses import dataclass

import numpy as np
import pytest

from retrieval import (
    LSA,
    Chunk,
    Document,
    FixedSize,
    Heading,
    Structure,
    WholeDocument,
    excerpt,
    length_report,
    sample_documents,
    seen_end,
    split,
    survey,
    text_parts,
)
from retrieval.chunking.survey import MOST_CHARACTERS, MOST_DOCUMENTS, PART, Survey

WORDS = LSA().tokenizer()


@dataclass(frozen=True)
class Short:
    """A model that reads five words and adds one itself."""

    limit: int = 5
    added: int = 1

    def spans(self, text):
        return WORDS.spans(text)

    def counts(self, texts):
        return WORDS.counts(texts)


def test_the_report_of_three_lengths():
    report = length_report(np.array([2, 6, 13]), 10)
    assert (report.chunks, report.mean, report.median, report.longest) == (3, 7.0, 6.0, 13)
    assert (report.cut, report.unseen) == (pytest.approx(1 / 3), 3)
    assert length_report(np.zeros(0, np.int64), 10).chunks == 0


@pytest.mark.parametrize(
    ("context", "text", "seen"),
    [
        ("", "one two three four five six", "one two three four "),
        ("Title", "one two three four five six", "one two three "),
        ("  Title", "  one two three four", "  one two three "),
        ("a b c d e f", "one two", ""),
        ("", "one two three four", "one two three four"),
    ],
)
def test_a_model_of_five_tokens_sees_four_words(context, text, seen):
    chunk = Chunk("d", "d", text, 100, 100 + len(text), context=context)
    assert seen_end(chunk, Short()) == 100 + len(seen)


def test_a_model_without_a_limit_sees_everything():
    assert seen_end(Chunk("d", "d", "one two", 0, 7), WORDS) == 7


def test_a_survey_counts_what_split_makes():
    documents = (Document("a", "one two three four five"), Document("b", "one two"))
    told = []
    found = survey(documents, FixedSize(2, 0, context=False), WORDS, told.append)
    assert found.lengths.tolist() == [2, 2, 1, 2]
    assert (found.chunks.tolist(), found.characters.tolist()) == ([3, 1], [23, 7])
    assert told == [0.5, 1.0]


def test_a_corpus_is_estimated_by_chunks_per_character():
    found = Survey(np.zeros(0, np.int64), np.array([3, 1]), np.array([30, 10]))
    assert found.projected(4, 80) == (8, 0)  # 0.1 chunks per character without any spread
    uneven = Survey(np.zeros(0, np.int64), np.array([4, 2]), np.array([30, 30]))
    # residuals 1 and -1, variance 2; half of the four documents left out: 1.96 * 4 * sqrt(0.5 * 2 / 2) = 5.54
    assert uneven.projected(4, 120) == (12, 6)
    assert uneven.projected(2, 60) == (6, 0)  # nothing is left out
    assert Survey(np.zeros(0, np.int64), np.array([4]), np.array([30])).projected(4, 120) == (16, None)


def test_the_interval_holds_the_count_of_a_corpus():
    rng = np.random.default_rng(3)
    documents = tuple(Document(f"d{n}", " ".join(["word"] * size)) for n, size in enumerate(rng.integers(5, 400, 1000).tolist()))
    chunker = FixedSize(50, 0, context=False)
    total, spread = survey(sample_documents(documents), chunker, WORDS).projected(1000, sum(len(each.text) for each in documents))
    assert abs(total - sum(len(split(each, chunker, WORDS)) for each in documents)) <= spread < 100


def test_a_sample_is_fixed_and_bounded():
    documents = tuple(Document(f"d{n}", "x" * 10) for n in range(1000))
    chosen = sample_documents(documents)
    assert len({document.id for document in chosen}) == MOST_DOCUMENTS
    assert chosen == sample_documents(documents)
    assert chosen != sample_documents(documents, seed=1)
    assert sample_documents(documents[:3]) != ()
    long = tuple(Document(f"d{n}", "x" * 3 * PART) for n in range(10))
    assert [len(document.text) for document in sample_documents(long)] == [PART] * (MOST_CHARACTERS // PART)


def test_parts_cover_a_text_and_end_after_lines():
    text = "abc\ndef\nghi\nxyzxyzxyzxyz"
    spans = text_parts(text, 9)
    assert "".join(text[start:end] for start, end in spans) == text
    assert spans == ((0, 8), (8, 17), (17, 24))
    assert text_parts("") == ((0, 0),)


def test_an_excerpt_keeps_page_numbers_and_headings():
    headings = (Heading(0, 1, "One"), Heading(12, 2, "Two"), Heading(20, 1, "Three"))
    document = Document("d", "page one.\n\npage two.\npage 3.", "T", structure=Structure("text", headings, (0, 11, 21)))
    part = excerpt(document, 11, 20)
    assert (part.text, part.title) == ("page two.", "T")
    (chunk,) = split(part, WholeDocument(), WORDS)
    assert chunk.pages == (2, 2)
    assert part.structure.headings == (Heading(0, 1, "One"), Heading(1, 2, "Two"))
    assert excerpt(document, 0, len(document.text)) is document
