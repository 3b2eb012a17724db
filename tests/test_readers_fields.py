"""Chosen fields mean the same in tables, Parquet, JSON and JSON Lines; and what the chooser shows of each."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrieval.errors import BadInput
from retrieval.readers import READERS, Fields, Reading, read_json, read_jsonl, read_parquet, read_table
from retrieval.readers.preview import PREVIEWS, Preview, columns, guess
from retrieval.types import Document, Structure

ROWS = [
    {"sku": "KX7", "name": "Relay", "use": "Switches pumps.", "care": "Keep it dry.", "year": "1998"},
    {"sku": "VDN", "name": "Supply", "use": "Feeds the rail.", "care": "Leave it air.", "year": "2021"},
]
CHOICE = Fields(text=("use", "care"), title="name", id="sku", metadata=("year",))
DOCUMENTS = (
    Document("KX7", "Switches pumps.\n\nKeep it dry.", "Relay", {"year": "1998"}),
    Document("VDN", "Feeds the rail.\n\nLeave it air.", "Supply", {"year": "2021"}),
)


def as_csv(rows, delimiter=","):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(rows):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


MAKERS = {
    ".csv": as_csv,
    ".tsv": lambda rows: as_csv(rows, "\t"),
    ".parquet": as_parquet,
    ".json": lambda rows: json.dumps({"made": "2021", "items": rows}).encode(),
    ".jsonl": lambda rows: "\n".join(map(json.dumps, rows)).encode(),
    ".ndjson": lambda rows: "\n".join(map(json.dumps, rows)).encode(),
}


@pytest.fixture(params=MAKERS)
def suffix(request):
    return request.param


def test_every_format_with_columns_is_tested():
    assert set(MAKERS) == set(PREVIEWS) <= set(READERS)


def test_the_chosen_fields_are_read(suffix):
    report = READERS[suffix](f"t{suffix}", MAKERS[suffix](ROWS), Reading(fields=CHOICE))
    assert (report.documents, report.refused, report.rows) == (DOCUMENTS, (), 2)


def test_what_is_not_chosen_takes_its_usual_name_or_becomes_metadata(suffix):
    rows = [{"_id": "7", "title": "T", "note": "words", "year": "1998"}]
    report = READERS[suffix](f"t{suffix}", MAKERS[suffix](rows), Reading(fields=Fields(text=("note",), syntax="markdown")))
    assert report.documents == (Document("7", "words", "T", {"year": "1998"}, Structure("markdown")),)


@pytest.mark.parametrize("choice", [Fields(text=("gone",)), Fields(text=("use",), id="gone")])
def test_a_chosen_field_that_is_not_there_is_refused_with_those_that_are(suffix, choice):
    report = READERS[suffix](f"t{suffix}", MAKERS[suffix](ROWS), Reading(fields=choice))
    assert report.documents == ()
    for refusal in report.refused:
        assert refusal.reason == 'has no field "gone"; choose one of sku, name, use, care, year'
    assert len(report.refused) == (2 if "json" in suffix else 1)


@pytest.mark.parametrize("choice", [Fields(text=("use",), title="gone"), Fields(text=("use",), metadata=("gone",))])
def test_a_title_or_metadata_field_that_no_row_has_is_told_once(suffix, choice):
    report = READERS[suffix](f"t{suffix}", MAKERS[suffix](ROWS), Reading(fields=choice))
    assert [str(refusal) for refusal in report.refused] == [
        f't{suffix} has no field "gone"; choose one of sku, name, use, care, year'
    ]
    assert len(report.documents) == (2 if "json" in suffix else 0)


def test_the_chooser_shows_names_and_first_rows(suffix):
    preview = columns(f"t{suffix}", MAKERS[suffix](ROWS), limit=1)
    assert preview == Preview(tuple(ROWS[0]), (tuple(ROWS[0].values()),))


@pytest.mark.parametrize("suffix", [".parquet", ".json", ".jsonl"])
def test_dots_lead_into_objects(suffix):
    rows = [{"_id": "1", "body": {"main": {"text": "words"}}, "by": {"name": "Ada"}, "n": 4}]
    data = MAKERS[suffix](rows)
    choice = Fields(text=("body.main.text",), title="by.name", metadata=("n",))
    (document,) = READERS[suffix](f"t{suffix}", data, Reading(fields=choice)).documents
    assert document == Document("1", "words", "Ada", {"n": "4"})
    assert columns(f"t{suffix}", data).columns == ("_id", "body.main.text", "by.name", "n")


def test_a_chosen_value_may_be_a_number_or_a_list_of_texts_but_no_object():
    lines = b'{"t": 5, "id": 1}\n{"t": ["a", "b"], "id": 2}\n{"t": {"a": 1}, "id": 3}\n{"t": true, "id": 4}'
    report = read_jsonl("t.jsonl", lines, Reading(fields=Fields(text=("t",))))
    assert [document.text for document in report.documents] == ["5", "a\n\nb", "true"]
    assert str(report.refused[0]) == 't.jsonl line 3 gives "t" as an object; choose a field that holds a text'


def test_the_case_of_a_table_does_not_matter():
    report = read_table("t.csv", b"SKU,Use\nKX7,Switches\n", Reading(fields=Fields(text=("Use",), id="sku")))
    assert report.documents == (Document("KX7", "Switches"),)


def test_a_row_may_name_its_syntax():
    lines = b'{"_id": "1", "text": "# A", "syntax": "markdown"}\n{"_id": "2", "text": "a", "syntax": "sonnet"}'
    assert read_jsonl("t.jsonl", lines).documents == (
        Document("1", "# A", structure=Structure("markdown")),
        Document("2", "a", metadata={"syntax": "sonnet"}),
    )


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ([{"text": "a"}, {"text": "b", "id": "x"}], ["n-1", "x"]),
        ({"text": "a", "parts": [{"text": "b"}]}, ["n.json"]),
        ({"took": 3, "hits": [{"text": "a"}], "shards": [1, 2]}, ["n-1"]),
        ([], []),
    ],
)
def test_json_holds_an_array_or_an_object_with_one_or_one_document(value, ids):
    report = read_json("n.json", json.dumps(value).encode())
    assert [document.id for document in report.documents] == ids
    assert report.refused == ()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "n.json is empty; give it an array of objects"),
        ("3", "n.json is a number, not an object or an array of objects; wrap it in one"),
        ('{"a": [{}], "b": [{}]}', "n.json holds 2 arrays of objects (a, b); keep the one with the documents"),
        ('["a"]', "n.json item 1 is no text, not an object; give every document an object of its own"),
        ('{"title": "T"}', "n.json has no text; give it one in a field named text, body or content"),
        ("[" * 100_000, "n.json is nested too deeply; flatten its objects"),
    ],
)
def test_other_json_is_refused(source, reason):
    report = read_json("n.json", source.encode())
    assert (report.documents, [str(refusal) for refusal in report.refused], report.rows) == ((), [reason], 1)


def test_lines_of_objects_named_json_are_told_their_right_name():
    (refusal,) = read_json("n.json", b'{"text": "a"}\n{"text": "b"}').refused
    assert refusal.reason.startswith("is no valid JSON (Extra data")
    assert refusal.reason.endswith("or name it .jsonl if it holds one object a line")


def test_parquet_values_become_texts():
    from datetime import date, datetime
    from decimal import Decimal

    table = pa.table(
        {
            "text": ["a", None],
            "day": [date(2021, 5, 1), None],
            "at": pa.array([datetime(2021, 5, 1, 12, 30), None], pa.timestamp("ns")),
            "price": [Decimal("1.50"), None],
            "raw": [b"\0", None],
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    report = read_parquet("t.parquet", out.getvalue())
    assert report.documents == (
        Document("t-1", "a", metadata={"day": "2021-05-01", "at": "2021-05-01 12:30:00.000000000", "price": "1.50"}),
    )
    assert str(report.refused[0]) == "t.parquet row 2 has no text; give it one in a field named text, body or content"


def test_damaged_parquet_is_refused():
    data = as_parquet([{"text": "a"}])
    assert str(read_parquet("t.parquet", data[:-9]).refused[0]) == "t.parquet is no Parquet file, or cut off; write it again"
    (refusal,) = read_parquet("t.parquet", data[:-30] + b"\xff" * 22 + data[-8:]).refused
    assert refusal.reason.startswith("is damaged after row 0 (")


def test_what_has_no_columns_is_an_error():
    with pytest.raises(BadInput, match=r"a\.pdf has no columns to choose from; give one of \.csv, "):
        columns("a.pdf", b"")
    with pytest.raises(BadInput, match=r"a\.csv is empty; give it a header"):
        columns("a.csv", b"")
    with pytest.raises(BadInput, match=r"a\.json is no valid JSON"):
        columns("a.json", b"{")
    with pytest.raises(BadInput, match=r"a\.parquet is no Parquet file"):
        columns("a.parquet", b"PAR1")


@pytest.mark.parametrize(
    ("preview", "fields"),
    [
        (Preview(("ID", "Title", "Body", "note"), ()), Fields(("Body",), "Title", "ID")),
        (Preview(("sku", "name", "words"), (("1", "x", "long " * 10),)), Fields(("words",), "name", "")),
        (Preview(("sku", "words"), (("1", "short"),)), Fields()),
        (Preview((), ()), Fields()),
    ],
)
def test_the_guess_takes_usual_names_else_the_longest_texts(preview, fields):
    assert guess(preview) == fields
