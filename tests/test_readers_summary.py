"""The parse report: copies by content, languages and lengths."""

from __future__ import annotations

import pytest

from retrieval.readers import Reading, read_files
from retrieval.readers.base import ReadReport
from retrieval.readers.summary import evenly, language_of, summarise
from retrieval.types import Document, Structure

SENTENCES = {
    "english": "The harbour crane starts at six in the morning and rests when the wind is too strong.",
    "german": "Der Hafenkran beginnt um sechs Uhr morgens und ruht, wenn der Wind zu stark ist.",
    "french": "La grue du port commence à six heures du matin et se repose quand le vent est trop fort.",
    "russian": "Портовый кран начинает работу в шесть утра и отдыхает, когда ветер слишком сильный.",
    "japanese": "港のクレーンは朝六時に動き始め、風が強いときは止まります。",
    "unknown": "24 V, 5 A, KX7.24-R2",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_language_of_a_text(language):
    assert language_of(Document("1", SENTENCES[language])) == language


def test_code_has_no_language():
    assert language_of(Document("1", SENTENCES["english"], structure=Structure("python"))) == "source code"


def test_a_summary_counts_everything():
    files = [
        ("a.txt", SENTENCES["english"].encode()),
        ("b.txt", SENTENCES["german"].encode()),
        ("copy.txt", f"  {SENTENCES['english']}\n".replace(" ", "  ").encode()),
        ("c.jsonl", b'{"_id": "1", "text": " "}\n{"_id": "1", "text": "x"}\nbroken'),
        ("d.exe", b"MZ"),
    ]
    summary = summarise(read_files(files))
    assert (summary.files, summary.documents, summary.repeated, summary.copies, summary.wordless) == (5, 3, 1, 1, 1)
    assert summary.languages == {"english": 1, "german": 1, "unknown": 1}
    assert summary.looked_at == 3
    assert summary.lengths.tolist() == [[85, 17], [80, 15], [1, 0]]
    assert len(summary.refused) == 4
    assert str(summary.refused[-1]) == 'copy.txt has the same content as "a.txt"; the first is kept, remove one of the two'


def test_an_empty_report_has_a_summary():
    summary = summarise(read_files([]))
    assert (summary.files, summary.documents, summary.languages, summary.lengths.shape) == (0, 0, {}, (0, 2))


def test_copies_are_kept_on_request():
    files = [("a.txt", b"same"), ("b.txt", b"same")]
    assert len(read_files(files, Reading(keep_duplicates=True)).documents) == 2
    assert [document.id for document in read_files(files).documents] == ["a.txt"]


def test_rows_with_other_titles_are_no_copies_and_rows_without_text_neither():
    rows = b"id,title,text\n1,KX7,A relay.\n2,KX8,A relay.\n3,KX7, A  relay.\n4,KX7,\n5,KX7,\n"
    report = read_files([("t.csv", rows)])
    assert [document.id for document in report.documents] == ["1", "2", "4", "5"]
    assert (report.copies, report.places[-1]) == (1, "t.csv line 6")


def test_a_judged_copy_is_kept():
    files = [
        ("corpus.jsonl", b'{"_id": "1", "text": "same"}\n{"_id": "2", "text": "same"}\n{"_id": "3", "text": "same"}'),
        ("queries.jsonl", b'{"_id": "q", "text": "a"}'),
        ("qrels/test.tsv", b"q\t2\t1\n"),
    ]
    assert [document.id for document in read_files(files).documents] == ["1", "2"]


def test_the_documents_that_are_looked_at_lie_evenly():
    documents = tuple(Document(str(at), "") for at in range(5_000))
    some = [int(document.id) for document in evenly(documents)]
    assert (some[0], some[-1], len(set(some))) == (0, 4_999, 500)
    assert summarise(ReadReport(documents)).looked_at == 500
