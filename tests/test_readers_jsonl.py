from __future__ import annotations

import json

import pytest

from retrieval.readers import read_jsonl
from retrieval.types import Document


def read(*lines: str, name: str = "notes.jsonl"):
    return read_jsonl(name, "\n".join(lines).encode("utf-8"))


@pytest.mark.parametrize("id", ["_id", "id", "doc_id"])
@pytest.mark.parametrize("text", ["text", "body", "content"])
def test_fields_have_several_names(id, text):
    assert read(json.dumps({id: "7", "title": "T", text: "words"})).documents == (Document("7", "words", "T"),)


def test_other_scalars_and_the_metadata_object_become_metadata():
    row = {
        "_id": "7",
        "text": "words",
        "year": 1998,
        "open": True,
        "tags": ["left", "out"],
        "nothing": None,
        "metadata": {"url": "http://x", "score": 1.5, "author": {"name": "Ada"}},
    }
    (document,) = read(json.dumps(row)).documents
    assert document.metadata == {"year": "1998", "open": "true", "url": "http://x", "score": "1.5", "author.name": "Ada"}


def test_a_whole_number_is_an_id_and_a_missing_one_is_made_of_stem_and_line():
    report = read('{"id": 12, "text": "a"}', "", '{"text": "b"}', '{"id": " ", "text": "c"}', name="my notes.jsonl")
    assert [document.id for document in report.documents] == ["12", "my_notes-3", "my_notes-4"]
    assert report.rows == 3


def test_a_made_id_that_is_taken_is_refused_as_any_other():
    report = read('{"id": "notes-2", "text": "a"}', '{"text": "b"}')
    assert report.duplicates == 1
    assert "repeats" in report.refused[0].reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "is no valid JSON"),
        ('["a"]', "is a list, not a JSON object"),
        ("null", "is null, not a JSON object"),
        ('{"_id": "1"}', "has no text; give it one in a field named text, body or content"),
        ('{"_id": "1", "text": null}', "has no text"),
        ('{"_id": "1", "text": 5}', "gives its text as a number, not as a text; put it in quotes"),
        ('{"_id": "1", "text": "a", "title": ["b"]}', "gives its title as a list"),
        ('{"_id": true, "text": "a"}', "gives its id as a truth value"),
        ('{"_id": 1.5, "text": "a"}', "gives its id as a number"),
        ('{"_id": "1", "text": "a\\u0000"}', "holds a NUL character in its text; remove it"),
        ('{"_id": "1", "text": "a", "url": "\\u0000"}', "holds a NUL character in its url"),
        ('{"_id": "1", "text": "\\ud800"}', "holds half a surrogate pair in its text"),
        ('{"a":' * 100_000, "is nested too deeply"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_a_bad_line_is_refused_and_the_rest_goes_on(line, reason):
    report = read('{"_id": "first", "text": "a"}', line, '{"_id": "last", "text": "z"}')
    assert [document.id for document in report.documents] == ["first", "last"]
    (refusal,) = report.refused
    assert refusal.where == "notes.jsonl line 2"
    assert refusal.reason.startswith(reason)
    assert (report.rows, report.duplicates) == (3, 0)


def test_a_line_that_is_not_utf8_is_refused_alone():
    report = read_jsonl("n.jsonl", b'{"_id": "1", "text": "a"}\r\n{"_id": "2", "text": "\xff"}\r\n{"_id": "3", "text": "c"}\r\n')
    assert [document.id for document in report.documents] == ["1", "3"]
    assert str(report.refused[0]) == "n.jsonl line 2 is not valid UTF-8; save the file as UTF-8"


def test_the_first_of_equal_ids_is_kept():
    report = read('{"_id": "1", "text": "a"}', '{"_id": "2", "text": "b"}', '{"_id": "1", "text": "c"}')
    assert [document.text for document in report.documents] == ["a", "b"]
    assert str(report.refused[0]) == (
        'notes.jsonl line 3 repeats the id "1" of notes.jsonl line 1; the first is kept, give the later one its own id'
    )
    assert report.duplicates == 1


def test_other_line_separators_of_unicode_do_not_end_a_line():
    (document,) = read('{"_id": "1", "text": "a\u2028b\x85c"}').documents
    assert document.text == "a\u2028b\x85c"
