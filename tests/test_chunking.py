"""Chunkers by hand: whole documents, windows, sentences, sections; what stands in front, and what a model will not see."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from retrieval.chunking import (
    CHUNKERS,
    FixedSize,
    Sentences,
    StructureAware,
    WholeDocument,
    cut_off,
    lengths,
    outline,
    split,
)
from retrieval.embedders import word_tokenizer
from retrieval.errors import BadSetting
from retrieval.types import Chunk, Document, Heading, Structure

TEN = Document("d", "one two three four five six seven eight nine ten", "", {"unit": "word"})
MANUAL = """# Crane

It lifts. It lowers.

## Safety

- wear a helmet
- keep away from the load

| part | load |
|---|---|
| hook | 5 t |
| rope | 7 t |

## Use

### Lift

Lift slowly. Watch the rope.
"""


def chunked(text, chunker, title="", syntax="text", headings=(), pages=()):
    return split(Document("d", text, title, structure=Structure(syntax, headings, pages)), chunker, word_tokenizer())


def texts(chunks):
    return [chunk.text for chunk in chunks]


def test_a_whole_document_is_one_chunk_with_its_id_and_text():
    text = "  kept \n as it is "
    whole = Chunk("d", "d", text, 0, len(text), "T", context="T")
    assert chunked(text, WholeDocument(), "T") == (whole,)
    assert whole.content == "T   kept \n as it is"
    assert chunked(text, WholeDocument(context=False), "T")[0].content == text


def test_windows_of_four_words_share_one():
    # step 3: words 1-4, 4-7, 7-10
    chunks = split(TEN, FixedSize(size=4, overlap=1), word_tokenizer())
    assert texts(chunks) == ["one two three four", "four five six seven", "seven eight nine ten"]
    assert [chunk.id for chunk in chunks] == ["d#0000", "d#0001", "d#0002"]
    assert chunks[1].start == TEN.text.index("four")
    assert {chunk.document_id for chunk in chunks} == {"d"}


@pytest.mark.parametrize(("size", "overlap", "last"), [(4, 2, "seven eight nine ten"), (4, 0, "nine ten"), (9, 1, "nine ten")])
def test_the_last_window_is_shorter_and_never_only_overlap(size, overlap, last):
    assert texts(split(TEN, FixedSize(size, overlap), word_tokenizer()))[-1] == last


def test_the_context_counts_and_the_overlap_gives_way():
    # 8 tokens, 2 of them the title: windows of 6; 5 words of overlap less the 2, so that each window begins 3 later
    chunks = chunked(TEN.text, FixedSize(8, 5), "Whole numbers")
    assert texts(chunks) == ["one two three four five six", "four five six seven eight nine", "seven eight nine ten"]
    assert chunks[0].content == "Whole numbers one two three four five six"


def test_a_window_ends_before_a_word_and_keeps_its_punctuation():
    # wash, down and relay are three tokens; a window of two would end within wash-down-relay and stops before it
    assert texts(chunked("(a) wash-down, relay.", FixedSize(2, 0))) == ["(a)", "wash-down,", "relay."]
    assert texts(chunked("a-b-c-d", FixedSize(2, 0))) == ["a-b-", "c-d"]


def test_a_short_document_is_one_chunk_without_the_outer_white_space():
    (chunk,) = chunked(" \n one   two\t", FixedSize(10, 9))
    assert (chunk.text, chunk.start, chunk.end) == ("one   two", 3, 12)


@pytest.mark.parametrize("text", ["", " \n\t "])
@pytest.mark.parametrize("chunker", [FixedSize(), Sentences(), StructureAware(), StructureAware(overlap=5)])
def test_a_document_without_words_still_exists(text, chunker):
    assert chunked(text, chunker) == (Chunk("d#0000", "d", "", 0, 0),)
    assert chunked(text, chunker, "Title")[0].content == "Title"


def test_numbers_widen_where_four_digits_do_not_do():
    chunks = chunked("w " * 10_001, FixedSize(size=1, overlap=0))
    assert (chunks[0].id, chunks[-1].id) == ("d#00000", "d#10000")
    assert [chunk.id for chunk in chunks] == sorted(chunk.id for chunk in chunks)


def test_sentences_are_packed_and_shared():
    text = "Dr. Adams lifts. She watches the rope. It holds! Does it? Yes."
    assert texts(chunked(text, Sentences(7))) == ["Dr. Adams lifts. She watches the rope.", "It holds! Does it? Yes."]
    assert texts(chunked(text, Sentences(7, 1))) == [
        "Dr. Adams lifts. She watches the rope.",
        "She watches the rope. It holds!",
        "It holds! Does it? Yes.",
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("今天下雨。我们不去了！好吗？", ["今天下雨。", "我们不去了！", "好吗？"]),
        ("هل هذا صحيح؟ نعم. حسنا۔", ["هل هذا صحيح؟", "نعم.", "حسنا۔"]),
        ("It costs 5.5 tons. Is that e.g. much? 'No.'", ["It costs 5.5 tons.", "Is that e.g. much?", "'No.'"]),
        ("First paragraph\n\nsecond one", ["First paragraph", "second one"]),
    ],
)
def test_sentences_end_at_the_marks_of_every_script(text, sentences):
    from retrieval.chunking.sentencing import sentence_starts

    starts = [*sentence_starts(text).tolist(), len(text)]
    assert [piece for a, b in pairwise(starts) if (piece := text[a:b].strip())] == sentences


def test_sentences_of_a_long_text_do_not_depend_on_windows():
    from retrieval.chunking.sentencing import WINDOW, sentence_starts

    sentence = "The crane lifts number 12.5 of Dr. Adams. "
    assert sentence_starts(sentence * 500).tolist() == list(range(0, len(sentence) * 500, len(sentence)))
    assert sentence_starts("x" * 3 * WINDOW).tolist() == [0]


def test_a_sentence_that_is_too_long_is_cut_between_words():
    assert texts(chunked("one two three four five. six", Sentences(2))) == ["one two", "three four", "five.", "six"]


def test_sections_open_chunks_and_what_fits_stays_whole():
    # words: Crane with its text 5, the list 8 and its heading 1, the table 8, Use to the end 7
    chunks = chunked(MANUAL, StructureAware(11), syntax="markdown")
    assert texts(chunks) == [
        "# Crane\n\nIt lifts. It lowers.",
        "## Safety\n\n- wear a helmet\n- keep away from the load",
        "| part | load |\n|---|---|\n| hook | 5 t |\n| rope | 7 t |",
        "## Use\n\n### Lift\n\nLift slowly. Watch the rope.",
    ]
    assert [chunk.headings for chunk in chunks] == [("Crane",), ("Crane", "Safety"), ("Crane", "Safety"), ("Crane", "Use")]
    assert [chunk.context for chunk in chunks] == ["", "Crane", "Crane > Safety", "Crane"]


def test_a_document_that_fits_is_one_chunk():
    assert texts(chunked(MANUAL, StructureAware(40), syntax="markdown")) == [MANUAL.strip()]


def test_a_table_is_cut_between_rows_and_its_head_stays_with_the_first():
    table = "| part | load |\n|---|---|\n" + "".join(f"| part number{at} | {at} |\n" for at in range(1, 6))
    # head 2, rows of 3 words each
    assert texts(chunked(table, StructureAware(8), syntax="markdown")) == [
        "| part | load |\n|---|---|\n| part number1 | 1 |\n| part number2 | 2 |",
        "| part number3 | 3 |\n| part number4 | 4 |",
        "| part number5 | 5 |",
    ]


def test_a_list_is_cut_between_items_and_outer_items_first():
    items = "- one two\n  - three four\n  - five six\n- seven eight\n  - nine ten\n"
    assert texts(chunked(items, StructureAware(6), syntax="markdown")) == [
        "- one two\n  - three four\n  - five six",
        "- seven eight\n  - nine ten",
    ]


def test_code_in_markdown_is_kept_whole_else_cut_at_blank_lines():
    fence = "```python\nup(one)\nup(two)\n\ndown(one)\ndown(two)\n```"
    text = f"Some words before it.\n\n{fence}\n\nSome words after it."
    assert fence in texts(chunked(text, StructureAware(9), syntax="markdown"))
    # language 1, two lines of 2 words
    assert "```python\nup(one)\nup(two)" in texts(chunked(text, StructureAware(5), syntax="markdown"))


def test_a_heading_is_never_left_alone():
    text = "# Crane\n\none two three four. five six seven eight.\n\n# Rope\n\nnine ten."
    for chunker in (StructureAware(6), Sentences(6)):
        found = texts(chunked(text, chunker, syntax="markdown"))
        assert found == ["# Crane\n\none two three four.", "five six seven eight.", "# Rope\n\nnine ten."]


def test_plain_text_is_cut_at_blank_lines_then_at_lines():
    text = "one two\nthree four\n\nfive six\nseven eight"
    assert texts(chunked(text, StructureAware(4))) == ["one two\nthree four", "five six\nseven eight"]
    assert texts(chunked(text, StructureAware(3))) == ["one two", "three four", "five six", "seven eight"]


def test_overlap_stays_within_its_section():
    text = "# Crane\n\none two three. four five six.\n\n# Rope\n\nseven eight nine ten. eleven twelve."
    # 8 tokens less the heading in front
    chunks = chunked(text, StructureAware(5, overlap=2, context=False), syntax="markdown")
    assert texts(chunks) == [
        "# Crane\n\none two three.",
        "two three. four five six.",
        "# Rope\n\nseven eight nine ten.",
        "nine ten. eleven twelve.",
    ]


def test_headings_of_the_reader_and_pages():
    text = "Intro words here.\n\nLifting\nOne two three.\n\nFour five six."
    headings = (Heading(text.index("Lifting"), 1, "Lifting"),)
    chunks = chunked(text, StructureAware(5), "Manual", headings=headings, pages=(0, text.index("One"), text.index("Four")))
    assert [(chunk.text, chunk.headings, chunk.pages) for chunk in chunks] == [
        ("Intro words here.", (), (1, 1)),
        ("Lifting\nOne two three.", ("Lifting",), (1, 2)),
        ("Four five six.", ("Lifting",), (3, 3)),
    ]
    assert [chunk.context for chunk in chunks] == ["Manual", "Manual", "Lifting"]  # a quarter of 5 is one token
    assert chunked(text, WholeDocument(), pages=(0, 4, 30))[0].pages == (1, 3)


def test_a_title_that_is_also_the_first_heading_stands_in_front_once():
    chunks = chunked(MANUAL, StructureAware(12), "Crane", syntax="markdown")
    assert chunks[2].context == "Crane > Safety"


def test_a_context_has_at_most_a_quarter_of_the_size():
    text = "# Book\n\n## Part\n\n### Chapter of cranes\n\n" + "word " * 60
    second = {size: chunked(text, StructureAware(size), "Title", syntax="markdown")[1].context for size in (8, 16, 20, 24, 40)}
    assert second == {
        8: "Chapter of",  # two tokens
        16: "Title > Chapter of cranes",
        20: "Title > Part > Chapter of cranes",
        24: "Title > Book > Part > Chapter of cranes",
        40: "Title > Book > Part > Chapter of cranes",
    }


def test_the_outline_is_the_readers_else_that_of_the_text():
    given = (Heading(3, 1, "Bookmark"),)
    assert outline(Document("d", MANUAL, structure=Structure("markdown", given))) == given
    found = outline(
        Document("d", "Setext *title*\n===\n\n## A [link](x.html) and `code`\n\n> # quoted", structure=Structure("markdown"))
    )
    assert found == (Heading(0, 1, "Setext title"), Heading(20, 2, "A link and code"))
    assert outline(Document("d", "# no Markdown")) == ()


def test_a_text_of_line_breaks_is_read_once():
    """A pattern that looks for the end of each line anew would take minutes."""
    assert len(chunked("\n" * 200_000 + "end", StructureAware(5))) == 1


def test_lengths_count_what_the_model_adds_and_what_it_will_not_see():
    class Three:
        limit, added = 5, 2
        spans, counts = word_tokenizer().spans, word_tokenizer().counts

    chunks = chunked(TEN.text, FixedSize(4, 0))  # 4, 4 and 2 words
    found = lengths(chunks, Three())
    assert found.tolist() == [6, 6, 4]
    assert cut_off(found, 5) == (2 / 3, 2)
    assert cut_off(found, None) == (0.0, 0)
    assert cut_off(np.zeros(0, np.int64), 5) == (0.0, 0)


@pytest.mark.parametrize("kind", [FixedSize, StructureAware])
@pytest.mark.parametrize(
    ("size", "overlap", "message"),
    [
        (200, 300, "overlap 300 must be smaller than size 200; lower the overlap or raise the size"),
        (20, 20, "overlap 20 must be smaller than size 20"),
        (0, 0, "size 0 must be at least 1 token; raise the size"),
        (10, -1, "overlap -1 must be at least 0 tokens; raise the overlap"),
    ],
)
def test_impossible_sizes_are_refused(kind, size, overlap, message):
    with pytest.raises(BadSetting, match=message):
        kind(size, overlap)


def test_impossible_sentences_are_refused():
    with pytest.raises(BadSetting, match="size 0 must be at least 1 token"):
        Sentences(0)
    with pytest.raises(BadSetting, match="overlap_sentences -1 must be at least 0; raise the overlap"):
        Sentences(10, -1)


def test_the_table_names_every_chunker():
    expected = [WholeDocument(), FixedSize(200, 20), Sentences(200, 0), StructureAware(200, 0)]
    assert [chunker() for chunker in CHUNKERS.values()] == expected
