"""Judged spans of BEIR folders: read beside the qrels, refused line by line."""

import json

import pytest

from retrieval.readers import read_beir
from retrieval.types import Judgment

TEXT = "The relay has a coil.\n\nIt is sealed."
GOOD = {"query-id": "q1", "corpus-id": "d1", "score": 2, "start": 4, "end": 9}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "d1", "text": TEXT}) + "\n" + '{"_id": "7", "text": "pump"}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "relay"}\n{"_id": "2", "text": "pump"}\n')
    (tmp_path / "qrels").mkdir()
    return tmp_path


def write(folder, *rows, split="test"):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "qrels" / f"{split}.spans.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_spans_join_the_judgments_of_their_split(folder):
    (folder / "qrels" / "test.tsv").write_text("q1\td1\t1\n")
    write(folder, GOOD, GOOD | {"start": 0, "end": len(TEXT), "score": 0})
    read = read_beir(folder)
    spans = (Judgment("q1", "d1", 2, 4, 9), Judgment("q1", "d1", 0, 0, len(TEXT)))
    assert read.judgments == {"test": (Judgment("q1", "d1", 1), *spans)}
    assert read.refused == ()


def test_a_split_may_have_spans_only(folder):
    (folder / "qrels" / "dev.tsv").write_text("q1\td1\t1\n")
    write(folder, {"query-id": 2, "corpus-id": 7, "score": 3.0, "start": 0, "end": 4}, split="hand.made")
    assert read_beir(folder).judgments == {"dev": (Judgment("q1", "d1", 1),), "hand.made": (Judgment("2", "7", 3, 0, 4),)}


def test_spans_without_queries_are_refused_once(folder):
    (folder / "queries.jsonl").unlink()
    write(folder, GOOD, GOOD)
    reasons = [str(refusal) for refusal in read_beir(folder).refused]
    assert reasons == ["qrels/test.spans.jsonl is not read, for there is no query; add queries.jsonl"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD | {"query-id": "q9"}, 'names the query "q9", which queries.jsonl does not hold; add it or remove the row'),
        (GOOD | {"corpus-id": "d9"}, 'names the document "d9", which corpus.jsonl does not hold; add it or remove the row'),
        ({"corpus-id": "d1"}, "has no query-id; it needs query-id, corpus-id, score, start and end"),
        (GOOD | {"corpus-id": [1]}, "gives its corpus-id as a list, not as a text; put it in quotes"),
        (GOOD | {"score": 4}, "has the score 4; grades are whole numbers from 0 to 3, rescale it"),
        (GOOD | {"score": 1.5}, "has the score 1.5; grades are whole numbers from 0 to 3, rescale it"),
        (GOOD | {"score": True}, "has the score True; grades are whole numbers from 0 to 3, rescale it"),
        (GOOD | {"score": None}, "has the score None; grades are whole numbers from 0 to 3, rescale it"),
        (GOOD | {"start": 9}, 'the span 9 to 9, but the text of "d1" has 36 characters, so 0 ≤ start < end ≤ 36 must hold'),
        (GOOD | {"start": -1}, 'the span -1 to 9, but the text of "d1" has 36 characters, so 0 ≤ start < end ≤ 36 must hold'),
        (GOOD | {"end": 37}, 'the span 4 to 37, but the text of "d1" has 36 characters, so 0 ≤ start < end ≤ 36 must hold'),
        (GOOD | {"start": 21, "end": 23}, "has the span 21 to 23, where there is nothing but white space; correct it"),
        (GOOD | {"end": "9"}, "has the span 4 to '9'; start and end are whole numbers, characters of the document's text"),
        (GOOD | {"start": True}, "has the span True to 9; start and end are whole numbers"),
        ({name: GOOD[name] for name in ("query-id", "corpus-id", "score")}, "has the span None to None; start and end are"),
        (GOOD | {"score": 1}, "judges the query and span of line 1 again; the first is kept, remove one"),
        ("[]", "is a list, not a JSON object; write one object on each line"),
        ('{"query-id": ', "is no valid JSON"),
        ('{"a":' * 100_000, "is nested too deeply; flatten the object"),
    ],
)
def test_a_bad_span_is_refused_with_its_line(folder, row, reason):
    write(folder, GOOD, row, GOOD | {"start": 0})
    read = read_beir(folder)
    assert read.judgments["test"] == (Judgment("q1", "d1", 2, 4, 9), Judgment("q1", "d1", 2, 0, 9))
    (refusal,) = read.refused
    assert refusal.where == "qrels/test.spans.jsonl line 2"
    assert reason in refusal.reason
