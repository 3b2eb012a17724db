from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import BadInput
from retrieval.readers import read_beir
from retrieval.types import Document, Judgment, Query

CORPUS = '{"_id": "d1", "title": "One", "text": "first", "metadata": {}}\n{"_id": "d2", "title": "", "text": "second"}\n'
QUERIES = '{"_id": "q2", "text": "b"}\n{"_id": "q1", "text": "a"}\n'
COLLECTIONS = Path(__file__).parents[2] / "shared" / "collections"


def folder(tmp_path: Path, corpus: str = CORPUS, queries: str | None = QUERIES, **qrels: str) -> Path:
    (tmp_path / "corpus.jsonl").write_text(corpus, encoding="utf-8")
    if queries is not None:
        (tmp_path / "queries.jsonl").write_text(queries, encoding="utf-8")
    (tmp_path / "qrels").mkdir()
    for split, text in qrels.items():
        (tmp_path / "qrels" / f"{split}.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_is_read_in_file_order(tmp_path):
    header = "query-id\tcorpus-id\tscore\n"
    read = read_beir(folder(tmp_path, test=f"{header}q1\td1\t2\nq2\td2\t0\n", dev=f"{header}q1\td2\t1\n"))
    assert read.documents == (Document("d1", "first", "One"), Document("d2", "second"))
    assert read.queries == (Query("q2", "b"), Query("q1", "a"))
    assert read.judgments == {
        "dev": (Judgment("q1", "d2", 1),),
        "test": (Judgment("q1", "d1", 2), Judgment("q2", "d2", 0)),
    }
    assert (read.refused, read.duplicates) == ((), 0)


def test_the_header_is_optional(tmp_path):
    read = read_beir(folder(tmp_path, test="q1\td1\t3\r\n\r\nq2\td1\t1.0\n"))
    assert read.judgments["test"] == (Judgment("q1", "d1", 3), Judgment("q2", "d1", 1))
    assert read.refused == ()


def test_a_query_named_as_the_header_is_still_a_query(tmp_path):
    read = read_beir(folder(tmp_path, queries='{"_id": "query", "text": "a"}', test="query\td1\t1\n"))
    assert read.judgments["test"] == (Judgment("query", "d1", 1),)


def test_queries_and_qrels_are_optional(tmp_path):
    assert read_beir(folder(tmp_path, queries=None)).queries == ()


def test_qrels_without_queries_are_refused_once(tmp_path):
    read = read_beir(folder(tmp_path, queries=None, test="q1\td1\t1\n" * 5))
    assert [str(refusal) for refusal in read.refused] == ["qrels/test.tsv is not read, for there is no query; add queries.jsonl"]


def test_the_class_of_a_query(tmp_path):
    queries = [
        {"_id": "1", "text": "a", "class": "identifier"},
        {"_id": "2", "text": "b", "metadata": {"class": "numeric"}},
        {"_id": "3", "text": "c", "metadata": {}},
    ]
    read = read_beir(folder(tmp_path, queries="\n".join(map(json.dumps, queries))))
    assert [query.category for query in read.queries] == ["identifier", "numeric", ""]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("q9\td1\t1", 'names the query "q9", which queries.jsonl does not hold; add it or remove the row'),
        ("q1\td9\t1", 'names the document "d9", which corpus.jsonl does not hold; add it or remove the row'),
        ("q1\td2\t-1", 'has the grade "-1"; grades are whole numbers from 0 to 3, rescale it'),
        ("q1\td2\t1.5", 'has the grade "1.5"; grades are whole numbers from 0 to 3, rescale it'),
        ("q1\td2\t4", 'has the grade "4"; grades are whole numbers from 0 to 3, rescale it'),
        ("q1\td2\tx", 'has the grade "x"; grades are whole numbers from 0 to 3, rescale it'),
        ("q1 0 d2 1", "has 1 columns; it needs 3 with tabs between them: query id, document id, grade"),
        ("q1\td1\t3", "judges a query and document of line 2 again; the first is kept, remove one"),
    ],
)
def test_a_bad_judgment_is_refused_with_its_line(tmp_path, row, reason):
    read = read_beir(folder(tmp_path, test=f"query-id\tcorpus-id\tscore\nq1\td1\t1\n{row}\nq2\td2\t2\n"))
    assert read.judgments["test"] == (Judgment("q1", "d1", 1), Judgment("q2", "d2", 2))
    assert [str(refusal) for refusal in read.refused] == [f"qrels/test.tsv line 3 {reason}"]


def test_bad_documents_and_queries_are_refused_with_their_lines(tmp_path):
    corpus = CORPUS + '{"text": "no id"}\n{"_id": "d1", "text": "again"}\n{"_id": "d3", "text": "\\u0000"}\n{"_id": "d4"\n'
    queries = QUERIES + '{"_id": "q3", "text": " "}\n{"_id": "q1", "text": "again"}\n{"_id": "q4", "text": "a", "class": 4}\n'
    read = read_beir(folder(tmp_path, corpus, queries))
    assert (len(read.documents), len(read.queries), read.duplicates) == (2, 2, 2)
    assert [refusal.where for refusal in read.refused] == [
        *(f"corpus.jsonl line {line}" for line in (3, 4, 5, 6)),
        *(f"queries.jsonl line {line}" for line in (3, 4, 5)),
    ]
    assert read.refused[0].reason == "has no id; give it one in the field _id"
    assert read.refused[1].reason.startswith('repeats the id "d1" of corpus.jsonl line 1')
    assert read.refused[4].reason == "has no text; give the query one in the field text"


def test_what_is_no_beir_folder_is_an_error(tmp_path):
    with pytest.raises(
        BadInput, match=r"is not a BEIR folder: it needs corpus.jsonl; queries.jsonl and qrels/<split>.tsv are opt"
    ):
        read_beir(tmp_path)
    with pytest.raises(BadInput, match="nowhere is not a folder; give the path of a BEIR folder"):
        read_beir(tmp_path / "nowhere")


@pytest.mark.skipif(not (COLLECTIONS / "scifact").is_dir(), reason="the SciFact collection is not here")
def test_a_real_collection_is_read_whole():
    read = read_beir(COLLECTIONS / "scifact")
    assert (len(read.documents), len(read.queries), len(read.judgments["test"]), read.refused) == (5183, 300, 339, ())
