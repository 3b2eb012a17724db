from __future__ import annotations

import pytest

from retrieval.readers import read_markdown, read_text
from retrieval.types import Document


def test_a_text_file_is_one_document_named_as_the_file():
    report = read_text("docs/my notes.txt", b" kept\r\nas it is ")
    assert report.documents == (Document("docs/my_notes.txt", " kept\r\nas it is ", "my notes"),)


def test_windows_1252_is_read_where_utf8_fails():
    assert read_text("a.txt", "5 € – naïve".encode("cp1252")).documents[0].text == "5 € – naïve"


def test_what_is_no_text_at_all_is_refused():
    (refusal,) = read_text("a.txt", b"\x81\x8d\xff").refused
    assert str(refusal) == "a.txt is no text in a known encoding; save it as UTF-8"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Title\n\ntext", "Title"),
        ("intro\n\n  #  Spaced out  ##\n", "Spaced out"),
        ("# C#\n", "C#"),
        ("## Second level\n# First level\n", "First level"),
        ("```\n# a comment\n```\n# Real\n", "Real"),
        ("~~~ python\n# a comment\n```\n# still code\n~~~\n# Real\n", "Real"),
        ("Underlined\n==========\n# Later\n", "Underlined"),
        ("#hashtag\ntext\n", "page"),
        ("#\n# Not empty\n", "Not empty"),
        ("only text\n", "page"),
        ("", "page"),
    ],
)
def test_the_title_of_markdown_is_its_first_heading_else_the_stem(text, title):
    (document,) = read_markdown("site/page.md", text.encode()).documents
    assert (document.id, document.title, document.text) == ("site/page.md", title, text)
