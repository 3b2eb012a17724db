"""Known items: the words of one document alone, found where the query says, the rarest that fit."""

from itertools import pairwise
from math import log

import pytest

from retrieval.errors import BadSetting
from retrieval.judging.frequencies import frequencies
from retrieval.judging.known_items import KnownItems
from retrieval.judging.passages import passages
from retrieval.judging.sources import KNOWN_ITEM, without_synthetic
from retrieval.text import Analyser
from retrieval.types import Document, Heading, Judgment, Structure

COMMON = "This page is part of the handbook for everybody."
PAGES = (
    Document("a", f"{COMMON} The purple walrus sings at midnight. The pump is a pump for the water."),
    Document("b", f"{COMMON} Water is moved by the pump for everybody here. Relays click twice before they fail."),
    Document("c", f"{COMMON} Short one. {COMMON}"),
    Document("d", "The PURPLE walrus\n sings at midnight. A pump for the water of the page is here."),
)


def drawn(documents, **settings):
    return KnownItems(**{"size": 100, **settings}).draw(documents)


def texts(documents, **settings):
    return {item.document_id: item.query.text for item in drawn(documents, **settings).items}


def test_the_most_distinctive_sentence_that_no_other_document_holds():
    """The walrus stands in two documents, whatever the case and the line; the common sentence in three; "Short one." is short."""
    assert texts(PAGES) == {
        "a": "The pump is a pump for the water.",
        "b": "Relays click twice before they fail.",
        "d": "A pump for the water of the page is here.",
    }
    assert drawn(PAGES).passed_over == 1


def test_a_query_is_marked_and_its_judgments_point_to_the_place():
    item = next(item for item in drawn(PAGES).items if item.document_id == "b")
    assert (item.query.source, item.query.category, item.query.held_out) == (KNOWN_ITEM, "", False)
    assert without_synthetic([item.query]) == ()
    start, end = item.span
    assert PAGES[1].text[start:end] == item.query.text
    assert item.judgment == Judgment(item.query.id, "b", 3)


def test_ids_follow_from_the_content_and_not_from_seed_or_company():
    ids = {item.document_id: item.query.id for item in drawn(PAGES).items}
    others = [item for seed in range(6) for item in drawn([*PAGES, Document("z", "Other.")], size=2, seed=seed).items]
    assert {item.document_id for item in others} == set(ids)
    assert all(item.query.id == ids[item.document_id] for item in others)
    assert len(set(ids.values())) == 3
    assert all(id.startswith("known-item-") for id in ids.values())


def test_idf_by_hand():
    """Of 4 documents 3 hold "handbook" and 1 holds "relay"."""
    known = frequencies(PAGES, Analyser())
    assert known.idf("handbook") == pytest.approx(log(1 + 1.5 / 3.5))
    assert known.idf("relay") == pytest.approx(log(1 + 3.5 / 1.5))
    assert known.idf("unheard") == pytest.approx(log(1 + 4.5 / 0.5))
    assert known.distinctive("The relays, a handbook: relays!") == pytest.approx((known.idf("handbook") + known.idf("relay")) / 2)
    assert known.distinctive("of the") == 0.0


def test_a_text_of_stop_words_belongs_to_nobody():
    known = frequencies(PAGES, Analyser())
    assert not known.only_in(0, "this is for all of them")
    assert known.only_in(1, "relays CLICK twice")
    assert not known.only_in(0, "purple walrus")
    assert known.only_in(0, "purple wal")  # words, not characters


def test_marks_do_not_make_a_sentence_another():
    pages = [
        Document("a", "Turn the *blue* valve to the left.", structure=Structure("markdown")),
        Document("b", "First: turn the `blue` valve\n to the left!"),
    ]
    assert [item.document_id for item in drawn(pages).items] == ["b"]


def test_titles_and_headings_may_become_queries():
    markdown = Structure("markdown")
    pages = (
        Document("a", "# Setting the **coil** voltage\n\nSee the data sheet of it.", "", structure=markdown),
        Document("b", "See the data sheet of it.", "Replacing a worn brake disc"),
        Document(
            "c",
            "See the data sheet of it. PAGE ONE\nSee it.",
            structure=Structure("text", (Heading(26, 1, "Page one of the old manual"),)),
        ),
    )
    found = {item.document_id: item for item in drawn(pages).items}
    assert {id: item.query.text for id, item in found.items()} == {
        "a": "Setting the coil voltage",
        "b": "Replacing a worn brake disc",
        "c": "Page one of the old manual",
    }
    assert found["b"].span is None
    assert pages[0].text[slice(*found["a"].span)] == "# Setting the **coil** voltage"
    assert drawn(pages, headings=False).items == ()


def test_length_is_counted_in_words():
    page = (Document("a", "One two three four. One two three four five six seven."),)
    assert texts(page, shortest=5) == {"a": "One two three four five six seven."}
    assert texts(page, longest=6) == {"a": "One two three four."}
    assert texts(page, shortest=5, longest=6) == {}


MARKDOWN = """# Install guide for beginners

Run the `setup` tool and [read its report](https://example.org/a(b)) *carefully*.
- **Never** unplug the blue cable while it runs.

```bash
# this comment is no sentence of prose
openssl pkcs12 -export -in tmp.pem
```

| column one | column two |
|---|---|
| 12 | 13 |

1. Then wait until the lamp is green.
"""


def test_markdown_gives_words_without_marks_and_without_code():
    found = list(passages(Document("a", MARKDOWN, "Guide", structure=Structure("markdown"))))
    assert [passage.text for passage in found] == [
        "Guide",
        "Install guide for beginners",
        "Run the setup tool and read its report carefully.",
        "Never unplug the blue cable while it runs.",
        "Then wait until the lamp is green.",
    ]
    assert [passage.heading for passage in found] == [True, True, False, False, False]
    assert all(one.end <= other.start for one, other in pairwise(found[1:]))


def test_comments_of_code_are_sentences():
    code = "import os\n\n# Closes the valve before the pump starts.\ndef close(valve):\n    return valve.shut()\n"
    found = [passage.text for passage in passages(Document("a.py", code, structure=Structure("python")))]
    assert "Closes the valve before the pump starts." in found
    assert not any("return" in text or "def " in text for text in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "1 2 3 4 5 6 7.",
        "| a | b | c | d |",
        "x = compute(1, 2) and so on it goes",
        "half a \ud800 pair is no text",
        "word " * 300,
    ],
)
def test_what_is_no_sentence_gives_no_query(text):
    found = drawn([Document("a", text)])
    assert (found.items, found.passed_over) == ((), 1)


def test_a_seed_draws_the_same_documents_again():
    pages = [Document(f"d{at}", f"Number{at} of the series describes gadget{at} and its twin{at}.") for at in range(40)]
    first = drawn(pages, size=10, seed=1)
    assert len(first.items) == 10
    assert first == drawn(pages, size=10, seed=1)
    assert {item.document_id for item in first.items} != {item.document_id for item in drawn(pages, size=10, seed=2).items}
    assert [item.document_id for item in first.items] == sorted(
        (item.document_id for item in first.items), key=lambda id: int(id[1:])
    )


def test_documents_that_are_passed_over_are_replaced_by_others():
    pages = [Document(f"d{at}", "x" if at % 2 else f"Only here stands the word zebra{at} alone.") for at in range(20)]
    found = drawn(pages, size=8)
    assert len(found.items) == 8
    assert found.passed_over > 0
    assert drawn(pages, size=15).passed_over == 10


def test_without_documents_nothing_is_drawn():
    assert drawn([]).items == ()


def test_progress_is_told():
    told = []
    KnownItems().draw([Document("a", "b")], progress=lambda sentence, share: told.append((sentence, share)))
    assert told == [("Reading 0 of 1 documents", 0.0)]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "number of queries is 0 and must be at least 1"),
        ({"seed": -1}, "seed is -1"),
        ({"shortest": 0}, "shortest query has 0 words"),
        ({"shortest": 9, "longest": 8}, "longest query has 8 words, fewer than the 9"),
    ],
)
def test_bad_settings_are_refused(settings, message):
    with pytest.raises(BadSetting, match=message):
        KnownItems(**settings)
