"""Files of judgments: what each format writes and reads."""

import csv
import io
import json
import os
from pathlib import Path

import ir_measures
import pytest

from retrieval.judging.files import Labels, export, preview
from retrieval.judging.verdicts import Verdict
from retrieval.types import Judgment, Query
from tests.judgment_files import LABELS, read, said, sentences

HOME = Path(os.environ.get("PLAYGROUND_COLLECTIONS", Path(__file__).resolve().parents[2] / "shared" / "collections"))


def test_trec_is_written_and_read():
    data = export("trec", LABELS)
    assert data == b"q1 0 d1 3\nq1 0 d2 0\nq2 0 d3 2\n"
    assert said(read("trec", data)) == [(1, "q1", "d1", 3), (2, "q1", "d2", 0), (3, "q2", "d3", 2)]


def test_beir_is_written_and_read():
    data = export("beir", LABELS)
    assert data == b"query-id\tcorpus-id\tscore\nq1\td1\t3\nq1\td2\t0\nq2\td3\t2\n"
    assert said(read("beir", data)) == [(2, "q1", "d1", 3), (3, "q1", "d2", 0), (4, "q2", "d3", 2)]
    assert said(read("beir", data.partition(b"\n")[2]))[0] == (1, "q1", "d1", 3)


def test_ratings_name_the_query_by_its_text():
    data = export("csv", LABELS)
    assert data == b"query,docid,rating\r\n24 V relay,d1,3\r\n24 V relay,d2,0\r\nwater pump,d3,2\r\n"
    assert said(read("csv", data)) == [(2, "q1", "d1", 3), (3, "q1", "d2", 0), (4, "q2", "d3", 2)]


def test_ratings_tell_queries_of_one_text_apart_by_their_ids():
    twins = (Query("a", "boom"), Query("b", "boom"), Query("c", " "))
    judged = (Judgment("a", "d1", 1), Judgment("b", "d1", 2), Judgment("c", "d1", 3), Judgment("gone", "d1", 0))
    data = export("csv", Labels(twins, judged))
    assert data.splitlines() == [b"query,docid,rating,query_id", b"boom,d1,1,a", b"boom,d1,2,b", b"c,d1,3,c", b"gone,d1,0,gone"]
    found = preview(data, "csv", twins, {"d1"})
    assert [(one.verdict.query_id, one.verdict.grade) for one in found.said] == [("a", 1), ("b", 2), ("c", 3), ("gone", 0)]
    without = preview(b"query,docid,rating\nboom,d1,1\n", "csv", twins, {"d1"})
    assert sentences(without) == ['line 2 names the query "boom", which 2 queries have for a text; add a column query_id']


def test_ratings_are_read_by_other_tables_readers():
    rows = list(csv.DictReader(io.StringIO(export("csv", LABELS).decode(), newline="")))
    assert rows[0] == {"query": "24 V relay", "docid": "d1", "rating": "3"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-Xmx", "@x", "\tx", "\rx", "'=x", "''-x", "'tis", "'", "a=b"])
def test_guards_of_spreadsheets_are_undone(cell):
    query = Query("q", cell)
    data = export("csv", Labels((query,), (Judgment("q", cell, 2),)))
    written = next(iter(list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]))
    assert not written[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    (one,) = preview(data, "csv", [query], {cell}).said
    assert one.verdict == Verdict("q", cell, 2, rater="imported")


def test_ratings_take_raters_notes_and_other_names():
    data = "Query Text;Doc ID;Grade;Rater;Explanation\n24 V relay;d1;2;Ann;has the coil\nwater pump;d3;1;;\n"
    first, second = (one.verdict for one in read("csv", data).said)
    assert first == Verdict("q1", "d1", 2, rater="Ann", note="has the coil")
    assert second == Verdict("q2", "d3", 1, rater="imported")
    assert read("csv", "qid\tdocid\trating\nq1\td1\t2\n", rater="Bob").said[0].verdict == Verdict("q1", "d1", 2, rater="Bob")


def test_json_lines_hold_everything():
    query = Query("q1", "boom", "exact identifier", "the crane's", "log", "2026-11-24T09:30:00+00:00", True)
    history = (
        Verdict("q1", "d1", 2, rater="Ann", note="maybe", at="2026-11-24T10:00:00+00:00"),
        Verdict("q1", "d1", None, rater="Ann", at="2026-11-24T10:01:00+00:00"),
        Verdict("q1", "d2", None, cant_tell=True, rater="", at="2026-11-24T10:02:00+00:00"),
        Verdict("q1", "d1", 3, start=4, end=9, rater="Bob", at="2026-11-24T10:03:00.000001+00:00"),
    )
    data = export("jsonl", Labels((query,), (), history))
    found = preview(data, "jsonl", (), {"d1", "d2"})
    assert found.new == (query,)
    assert tuple(one.verdict for one in found.said) == history
    assert [one.line for one in found.said] == [2, 3, 4, 5]
    assert json.loads(data.splitlines()[4]) == {
        "query_id": "q1",
        "document_id": "d1",
        "grade": 3,
        "start": 4,
        "end": 9,
        "rater": "Bob",
        "note": "",
        "at": "2026-11-24T10:03:00.000001+00:00",
    }


def test_judged_spans_and_rows_with_the_querys_text_are_read():
    rows = [
        {"query-id": "q1", "corpus-id": "d1", "score": 2, "start": 0, "end": 4},
        {"query": "water pump", "docid": 7, "rating": "1.0"},
    ]
    first, second = read("jsonl", "\n".join(map(json.dumps, rows))).said
    assert first.verdict == Verdict("q1", "d1", 2, start=0, end=4, rater="imported")
    assert second.verdict == Verdict("q2", "7", 1, rater="imported")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00+00:00"),
        ("2026-11-24T10:00:00+02:00", "2026-11-24T08:00:00+00:00"),
        ("2026-11-24 10:00", "2026-11-24T10:00:00+00:00"),
        ("2026-11-24T10:00:00.5+00:00", "2026-11-24T10:00:00.5+00:00"),
    ],
)
def test_moments_are_kept_in_utc(given, stored):
    row = {"query_id": "q1", "document_id": "d1", "grade": 1, "at": given}
    assert read("jsonl", json.dumps(row)).said[0].verdict.at == stored


ROW = {"query_id": "q1", "document_id": "d1", "grade": 1}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"grade": 1.5}, 'has the grade "1.5"; grades are whole numbers, write one or remove the row'),
        ({"grade": float("nan")}, 'has the grade "nan"; grades are whole numbers, write one or remove the row'),
        ({"grade": True}, "has a truth value for its grade; write a whole number"),
        ({"grade": [1]}, "has a list for its grade; write a whole number"),
        ({"cant_tell": True}, "has a grade though its rater can't tell; remove one of both"),
        ({"cant_tell": "perhaps"}, "gives cant_tell as 'perhaps'; write true or false"),
        ({"query_id": ""}, "has no query id; give it one or remove the row"),
        ({"document_id": ""}, "has no document id; give it one or remove the row"),
        ({"query_id": "a\0b"}, "holds a NUL character in its query_id; remove it or convert the file to text"),
        (
            {"document_id": "\ud800"},
            "holds half a surrogate pair in its document_id",
        ),
        ({"document_id": ["d1"]}, "gives its document_id as a list, not as a text; put it in quotes"),
        ({"document_id": "d" * 10_001}, "has a document id of 10,001 characters, the limit is 10,000; shorten it"),
        ({"rater": "r" * 101}, "has a rater of 101 characters, the limit is 100; shorten it"),
        ({"note": "n" * 100_001}, "has a note of 100,001 characters, the limit is 100,000; shorten it"),
        ({"at": "yesterday"}, 'gives at as "yesterday"; write the time in ISO 8601, as in 2026-11-24T09:30:00+00:00'),
        ({"start": 3}, "has the span 3 to null; give both ends as whole numbers of characters, 0 ≤ start < end, or none"),
        ({"start": 3, "end": 3}, "has the span 3 to 3; give both ends as whole numbers"),
        ({"start": 0, "end": 2**31}, "has the span 0 to 2147483648; give both ends as whole numbers"),
        ({"start": 0, "end": 1.0}, "has the span 0 to 1.0; give both ends as whole numbers"),
    ],
)
def test_a_wrong_value_in_json_refuses_its_line_alone(change, sentence):
    found = read("jsonl", f"{json.dumps(ROW)}\n{json.dumps(ROW | change)}\n{json.dumps(ROW | {'document_id': 'd2'})}\n")
    assert [line for line, *_ in said(found)] == [1, 3]
    assert len(found.refused) == 1
    assert sentences(found)[0].startswith(f"line 2 {sentence}")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "is no valid JSON"),
        ("[1]", "is a list, not a JSON object; write one object on each line"),
        ("{}", "names neither a document nor a text; give a query its text, a verdict its document_id"),
        ('{"query_id": "q1", "document_id": "d1"}', "has no grade; give it one, or null for a word that was taken back"),
        ('{"_id": "q9", "text": " "}', "has no text; give the query one or remove the row"),
        ('{"_id": "q9", "text": "a", "added": "soon"}', 'gives added as "soon"; write the time in ISO 8601'),
        ("[" * 100_000, "is nested too deeply; flatten it"),
    ],
)
def test_a_line_that_is_no_row_of_ours_is_refused(line, sentence):
    found = read("jsonl", f"{line}\n{json.dumps(ROW)}\n")
    assert said(found) == [(2, "q1", "d1", 1)]
    assert sentences(found)[0].startswith(f"line 1 {sentence}")


def test_trec_fields_stand_between_any_white_space():
    data = "q1\t0\td1\t3\r\n\n   q1  Q0 \v d2   0  \rq2 it-7 d3 2.0"
    assert said(read("trec", data)) == [(1, "q1", "d1", 3), (3, "q1", "d2", 0), (4, "q2", "d3", 2)]


def test_trec_is_read_as_ir_measures_reads_it(tmp_path):
    data = "".join(f"q{n % 7}\t{n % 2}   doc-{n * 37 % 101} {n % 4}\n" for n in range(90))
    (tmp_path / "x.qrels").write_text(data)
    theirs = [(one.query_id, one.doc_id, one.relevance) for one in ir_measures.read_trec_qrels(str(tmp_path / "x.qrels"))]
    ours = [(query, document, grade) for _, query, document, grade in said(read("trec", data))]
    assert ours == theirs
    assert len(ours) == 90
    written = export("trec", Labels((), tuple(Judgment(*row) for row in ours))).decode()
    assert [(one.query_id, one.doc_id, one.relevance) for one in ir_measures.read_trec_qrels(io.StringIO(written))] == theirs


@pytest.mark.parametrize("name", ["scifact", "cisi", "cosqa", "squad-dev", "xquad-zh"])
def test_beir_collections_are_read_whole(name):
    folder = HOME / name
    if not (folder / "qrels" / "test.tsv").exists():
        pytest.skip(f"the collection {name} is not in {HOME}; set PLAYGROUND_COLLECTIONS to the folder that holds it")
    asked = preview((folder / "queries.jsonl").read_bytes(), "beir-queries")
    assert asked.refused == ()
    assert len(asked.new) == asked.rows > 100
    data = (folder / "qrels" / "test.tsv").read_bytes()
    found = preview(data, "beir", asked.new)
    expected = [line.split("\t") for line in data.decode().splitlines()[1:]]
    assert [[one.verdict.query_id, one.verdict.document_id, str(one.verdict.grade)] for one in found.said] == expected
    assert (found.refused, found.unknown_queries, found.rows) == ((), (), len(expected))
    judged = tuple(Judgment(one.verdict.query_id, one.verdict.document_id, one.verdict.grade) for one in found.said)
    assert export("beir", Labels((), judged)).split() == data.split()
    again = export("trec", Labels((), judged)).decode()
    assert [one.relevance for one in ir_measures.read_trec_qrels(io.StringIO(again))] == [judgment.grade for judgment in judged]
