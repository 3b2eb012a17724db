from __future__ import annotations

import pytest

from retrieval.readers import read_table
from retrieval.types import Document


def read(text: str, name: str = "t.csv"):
    return read_table(name, text.encode("utf-8"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    rows = [["ID", "Title", "Body", "Year"], ["7", "T", "words", "1998"]]
    report = read("\r\n".join(separator.join(row) for row in rows))
    assert report.documents == (Document("7", "words", "T", {"year": "1998"}),)


def test_the_separator_is_the_one_that_finds_known_columns():
    report = read("id;text;a,b,c,d,e\n1;one, two;x\n")
    assert [document.text for document in report.documents] == ["one, two"]


def test_a_single_column_may_hold_every_separator():
    report = read('text\none, two; three\n"four\nfive"\n\n')
    assert [(document.id, document.text) for document in report.documents] == [
        ("t-2", "one, two; three"),
        ("t-3", "four\nfive"),
    ]


def test_quoted_cells_keep_separators_line_ends_and_quotes():
    (document,) = read('id,text\n1,"a, ""b""\r\nc"\n').documents
    assert document.text == 'a, "b"\r\nc'


def test_rows_are_numbered_by_their_first_line():
    report = read('id,text\n1,"a\nb"\n1,c\n')
    assert str(report.refused[0]).startswith('t.csv line 4 repeats the id "1" of t.csv line 2')
    assert report.rows == 2


def test_short_rows_are_filled_and_long_ones_refused():
    report = read("id,text,title\n1,a\n2,b,c,d\n3\n4,,t\n")
    assert [document.id for document in report.documents] == ["1", "4"]
    assert [str(refusal) for refusal in report.refused] == [
        "t.csv line 3 has 4 cells, the header has 3; put cells that hold the separator in quotes",
        "t.csv line 4 has no text; give it one in a field named text, body or content",
    ]


def test_an_open_quote_costs_one_row():
    report = read('id,text\n1,a\n2,"open\n3,c\n4,"d, e"\n5,f\n')
    assert [document.id for document in report.documents] == ["1", "3", "4", "5"]
    (refusal,) = report.refused
    assert refusal.where == "t.csv line 3"
    assert refusal.reason.startswith("has broken quotes")


def test_windows_1252_is_read_where_utf8_fails():
    (document,) = read_table("t.csv", "id,text\n1,naïve “quote”\n".encode("cp1252")).documents
    assert document.text == "naïve “quote”"


def test_cells_longer_than_the_default_limit_are_read():
    (document,) = read("id,text\n1," + "w" * 200_000).documents
    assert len(document.text) == 200_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "t.csv is empty; give it a header with a column named text"),
        ("id,words\n1,a\n", r"t.csv has no text column in its header \(id, words\); name one text, body or content"),
    ],
)
def test_a_table_without_a_text_column_is_refused(text, reason):
    import re

    report = read(text)
    assert report.documents == ()
    assert re.match(reason, str(report.refused[0]))
