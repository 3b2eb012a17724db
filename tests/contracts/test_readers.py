"""What every reader of the table must do."""

from __future__ import annotations

import codecs
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.readers import LANGUAGES, READERS, read_files
from retrieval.readers.settings import DEFAULT, Limits, Reading
from retrieval.types import Document

TEXT = "Größe — 漢字"
SAMPLES = {
    ".jsonl": json.dumps({"_id": "1", "text": TEXT}),
    ".ndjson": json.dumps({"_id": "1", "text": TEXT}, ensure_ascii=False),
    ".json": json.dumps([{"_id": "1", "text": TEXT}], ensure_ascii=False),
    ".csv": f"_id,text\n1,{TEXT}\n",
    ".tsv": f"_id\ttext\n1\t{TEXT}\n",
    ".txt": TEXT,
    ".md": TEXT,
    ".markdown": TEXT,
    ".py": TEXT,
    ".rst": TEXT,
    ".html": f"<p>{TEXT}</p>",
    ".htm": f"<p>{TEXT}</p>",
    ".xhtml": f"<p>{TEXT}</p>",
}
BINARY = (".parquet", ".zip", ".pdf", ".docx", ".pptx", ".xlsx", ".eml")


@pytest.fixture(params=SAMPLES)
def suffix(request):
    return request.param


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_every_encoding_with_a_mark(suffix, encoding):
    report = READERS[suffix](f"notes{suffix}", SAMPLES[suffix].encode(encoding), DEFAULT)
    assert [document.text for document in report.documents] == [TEXT]
    assert (report.refused, report.rows, report.duplicates) == ((), 1, 0)


def test_a_nul_is_refused_with_its_place(suffix):
    data = b'{"_id": "1", "text": "a\\u0000b"}' if "json" in suffix else b"text\na\0b"
    report = READERS[suffix](f"notes{suffix}", data, DEFAULT)
    assert report.documents == ()
    assert report.refused[0].where.startswith(f"notes{suffix}")
    assert "NUL" in report.refused[0].reason


def test_half_of_a_utf16_file_is_refused(suffix):
    (refusal,) = READERS[suffix](f"notes{suffix}", codecs.BOM_UTF16_LE + b"a\0b", DEFAULT).refused
    assert str(refusal) == f"notes{suffix} is no valid UTF-16; save it as UTF-8"


@pytest.mark.parametrize("suffix", BINARY)
def test_a_text_named_as_a_container_is_refused(suffix):
    report = READERS[suffix](f"notes{suffix}", b"no container", DEFAULT)
    assert (report.documents, len(report.refused), report.rows) == ((), 1, 1)


def test_a_document_of_too_many_characters_is_refused_with_both_numbers(suffix):
    report = READERS[suffix](f"notes{suffix}", SAMPLES[suffix].encode(), Reading(Limits(characters=len(TEXT) - 1)))
    assert report.documents == ()
    assert report.refused[0].reason == "has 10 characters, the limit is 9; split it or raise the limit characters"


@pytest.mark.parametrize("suffix", [*SAMPLES, *BINARY])
@settings(max_examples=60, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=60),
        st.text('{}[]",;\n\r\t|#`= textid0\\ué\ud800', max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
def test_no_content_makes_a_reader_fail(suffix, data):
    report = READERS[suffix](f"notes{suffix}", data, DEFAULT)
    assert len({document.id for document in report.documents}) == len(report.documents) == len(report.places)
    for document in report.documents:
        assert isinstance(document, Document)
        assert document.id.strip()
        document.text.encode("utf-8")


def test_a_batch_goes_on_after_what_it_cannot_read():
    report = read_files(
        [
            ("a.txt", b"alpha"),
            ("b.exe", b"MZ"),
            ("README", b"none"),
            ("c.JSONL", b'{"_id": "1", "text": "one"}\nbroken'),
            ("a.txt", b"again"),
        ]
    )
    assert [document.id for document in report.documents] == ["a.txt", "1"]
    assert [refusal.where for refusal in report.refused] == ["b.exe", "README", "c.JSONL line 2", "a.txt"]
    known = f"convert it to one of {', '.join(known for known in READERS if known not in LANGUAGES)} or a suffix of source code"
    assert report.refused[0].reason == f'has the unknown suffix ".exe"; {known}'
    assert report.refused[1].reason == f'has the unknown suffix ""; {known}'
    assert (report.rows, report.duplicates) == (6, 1)


def test_ids_are_unique_over_a_batch_and_both_places_are_named():
    report = read_files([("a.jsonl", b'{"_id": "7", "text": "one"}'), ("b.csv", b"id,text\n6,six\n7,seven\n")])
    assert [document.id for document in report.documents] == ["7", "6"]
    assert str(report.refused[0]) == (
        'b.csv line 3 repeats the id "7" of a.jsonl line 1; the first is kept, give the later one its own id'
    )
    assert report.duplicates == 1


def test_documents_without_text_are_kept_and_counted():
    report = read_files(
        [("a.jsonl", b'{"_id": "1", "text": " "}\n{"_id": "2", "text": "", "title": "T"}\n{"_id": "3", "text": "w"}')]
    )
    assert len(report.documents) == 3
    assert report.wordless == 2
