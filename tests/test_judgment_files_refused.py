"""Files of judgments: what is refused and why, encodings, awkward ids, and grades on other scales."""

import pytest

from retrieval.errors import BadInput, BadSetting
from retrieval.judging.files import AS_IS, FORMATS, Labels, Scale, export, format_of, left_out, preview, scale_of
from retrieval.judging.verdicts import Verdict
from retrieval.types import Judgment, Query
from tests.judgment_files import JUDGMENTS, LABELS, QUERIES, read, said, sentences


@pytest.mark.parametrize(
    ("format", "data", "sentences_"),
    [
        ("trec", "q1 0 d1\nq1 0 d1 1\n", ["line 1 has 3 fields, not 4; write query id, 0, document id and grade"]),
        ("trec", "q1\nq1 0 d1 1\n", ["line 1 has 1 field, not 4; write"]),
        (
            "trec",
            "q1 Q0 d1 1 9.5 bm25\nq1 0 d1 1\n",
            ["line 1 has the six fields of a run, not the four of qrels; import"],
        ),
        ("trec", "q1 0 d1 yes\nq1 0 d1 1\n", ['line 1 has the grade "yes"; grades are whole numbers, write one']),
        ("trec", "q1 0 d1 ٣\nq1 0 d1 1\n", ['line 1 has the grade "٣"; grades are whole numbers']),
        (
            "trec",
            "q1 0 d1 7\nq1 0 d1 1\n",
            ["line 1 has the grade 7, the grades are 0 to 3; correct it, or choose a scale"],
        ),
        (
            "trec",
            "q1 0 d1 -2\nq1 0 d1 1\n",
            ["line 1 has the grade -2, the grades are 0 to 3; correct it, or choose a scale"],
        ),
        ("beir", "q1,d1,1\nq1\td1\t1\n", ["line 1 has 1 column, not 3; put one tab between query id, document id and grade"]),
        ("beir", "q1\t\t1\nq1\td1\t1\n", ["line 1 has no document id; give it one"]),
        ("csv", "query,docid,rating\n24 V relay,d1\nwater pump,d1,1\n", ["line 2 has 2 cells, not 3; fill it up to the header"]),
        ("csv", "query,docid,rating\na,b,c,d\nwater pump,d1,1\n", ["line 2 has 4 cells, not 3; fill it up"]),
        (
            "csv",
            'query,docid,rating\n"a"b,d1,1\nwater pump,d1,1\n',
            ["line 2 has broken quotes; double the quotes"],
        ),
        ("csv", "query,docid,rating\n,d1,1\nwater pump,d1,1\n", ["line 2 has no query id; give it one"]),
        ("csv", "query,docid,rating\na,d1,\nwater pump,d1,1\n", ["line 2 has no rating; give it one or remove the row"]),
    ],
)
def test_a_wrong_row_is_refused_alone(format, data, sentences_):
    found = read(format, data)
    assert len(found.said) == 1
    assert len(found.refused) == len(sentences_)
    for sentence, beginning in zip(sentences(found), sentences_, strict=True):
        assert sentence.startswith(beginning)


@pytest.mark.parametrize(
    ("format", "data", "sentence"),
    [
        *((format, "", "the file holds no row; give it rows of") for format in FORMATS),
        *((format, "\ufeff \r\n", "the file holds no row; give it rows of") for format in FORMATS if format != "jsonl"),
        ("csv", "24 V relay,d1,1\n", "line 1 has the header 24 v relay, d1, 1; put the line query,docid,rating above the rows"),
        ("beir", "query-id\tcorpus-id\tscore\n", "the file holds no row; give it rows of query-id, corpus-id, score"),
        ("trec", b"q\0 0 d1 1\n", "the file holds a NUL character in its text; remove it or convert the file to text"),
        ("csv", bytes(range(1, 32)) * 9 + b"\xff", "the file is no text in a known encoding; save it as UTF-8"),
        ("parquet", "x", "the file is in no known format; choose one of jsonl, trec"),
    ],
)
def test_a_file_without_a_row_says_why(format, data, sentence):
    found = read(format, data)
    assert (found.said, found.new) == ((), ())
    assert len(found.refused) == 1
    assert sentences(found)[0].startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    ("format", "data"),
    [
        ("trec", "Größe-1 0 café 2\r\nGröße-1 0 naïve 1\r\n"),
        ("beir", "query-id\tcorpus-id\tscore\nGröße-1\tcafé\t2\nGröße-1\tnaïve\t1\n"),
        ("csv", "query_id,docid,rating\nGröße-1,café,2\nGröße-1,naïve,1\n"),
    ],
)
def test_encodings_are_found(format, data, encoding):
    found = preview(data.encode(encoding), format)
    judged = [(one.verdict.query_id, one.verdict.document_id, one.verdict.grade) for one in found.said]
    assert judged == [("Größe-1", "café", 2), ("Größe-1", "naïve", 1)]
    assert found.refused == ()


AWKWARD = [
    "d" * 10_000,
    'say "x"',
    "👍🏽 thumbs",
    "comma, semicolon; bar|",
    "tab\tin it",
    "line\nbreak",
    "\r\n",
    "漢字",
    "a  b",
    "\ufeffmark",
]


@pytest.mark.parametrize("id", AWKWARD)
@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_any_id_comes_back(format, id):
    judged = Labels(
        (Query(id, id if id.strip() else "boom"),), (Judgment(id, id, 1),), (Verdict(id, id, 1, at="2026-01-01T00:00:00+00:00"),)
    )
    found = preview(export(format, judged), format, judged.queries, {id})
    assert [(one.verdict.query_id, one.verdict.document_id, one.verdict.grade) for one in found.said] == [(id, id, 1)]
    assert (found.refused, found.unknown_documents) == ((), ())


@pytest.mark.parametrize(
    ("format", "judgment", "sentence"),
    [
        ("trec", Judgment("a b", "d1", 1), "the query id 'a b' is empty or has white space in it, which no TREC file can hold"),
        ("trec", Judgment("q", "tab\t", 1), r"the document id 'tab\\t' is empty or has white space in it"),
        ("trec", Judgment("q", "", 1), "the document id '' is empty or has white space in it, which .* export CSV or JSON Lines"),
        ("trec", Judgment("q", "no\u00a0break", 1), r"the document id 'no\\xa0break' is empty or has white space"),
        ("beir", Judgment("q\t", "d1", 1), r"the id 'q\\t' is empty, or has a tab, a line break or white space around it"),
        ("beir", Judgment("q", " d1", 1), "the id ' d1' is empty, or has a tab"),
        (
            "csv",
            Judgment("q", "d\0", 1),
            r"holds a NUL character or half a surrogate pair, which no text file can hold",
        ),
        ("trec", Judgment("q", "d\ud800", 1), r"holds a NUL character or half a surrogate pair"),
    ],
)
def test_an_id_that_a_format_cannot_hold_is_refused(format, judgment, sentence):
    with pytest.raises(BadInput, match=sentence):
        export(format, Labels((), (judgment,)))


def test_a_nul_is_not_hidden_in_an_escape():
    with pytest.raises(BadInput, match=r"'a\\x00b' holds a NUL character"):
        export("jsonl", Labels((Query("q", "x", note="a\0b"),)))
    with pytest.raises(BadInput, match="holds a NUL character or half a surrogate pair"):
        export("beir-queries", Labels((Query("q", "x", note="\ud800"),)))


def test_an_unknown_format_names_the_known_ones():
    with pytest.raises(BadInput, match="the format 'xls' is not known; choose one of jsonl, trec, beir, csv, beir-queries"):
        format_of("xls")


def test_what_a_format_leaves_out_is_said():
    assert left_out("jsonl", LABELS) == left_out("topics", LABELS) == ""
    assert left_out("trec", Labels(QUERIES, JUDGMENTS[:3])) == ""
    one = "1 judgment of a passage is left out, for TREC qrels holds whole documents alone; export JSON Lines to keep all"
    assert left_out("trec", LABELS) == one
    assert left_out("csv", Labels((), JUDGMENTS[3:] * 2)).startswith("2 judgments of passages are left out")


@pytest.mark.parametrize(
    ("scale", "grades"),
    [
        ("as is", {0: 0, 1: 1, 3: 3, 4: None, -1: None}),
        ("clip", {-2: 0, 0: 0, 2: 2, 3: 3, 4: 3, 100: 3}),
        ("binary", {0: 0, 1: 2, 2: 2, 4: None}),
        ("4=3, -2=0,1=2", {-2: 0, -1: None, 1: 2, 2: 2, 4: 3, 5: None}),
    ],
)
def test_scales(scale, grades):
    assert {given: scale_of(scale).grade(given) for given in grades} == grades
    assert scale_of(str(scale_of(scale))).grade(1) == scale_of(scale).grade(1)


@pytest.mark.parametrize(
    ("scale", "sentence"),
    [
        ("stars", "unknown scale 'stars'; choose as is, clip, binary, or give steps as in 1=2,4=3"),
        ("1=2,4", "unknown scale '1=2,4'"),
        ("1=9", "the scale makes 1 a 9; it must be one of 0, 1, 2, 3"),
        ("1=2,1=3", r"the scale gives a grade of the file twice \(1=2,1=3\); give each one once"),
    ],
)
def test_a_wrong_scale_is_refused(scale, sentence):
    with pytest.raises(BadSetting, match=sentence):
        scale_of(scale)


def test_a_scale_is_chosen_by_the_user_and_advised():
    data = "q1 0 d1 4\nq1 0 d2 -2\nq1 0 d3 1\n"
    as_is, clipped = read("trec", data), read("trec", data, scale=Scale(clip=True))
    assert (said(as_is), said(clipped)) == ([(3, "q1", "d3", 1)], [(1, "q1", "d1", 3), (2, "q1", "d2", 0), (3, "q1", "d3", 1)])
    assert as_is.given == clipped.given == {-2: 1, 1: 1, 4: 1}
    assert (as_is.grades, clipped.grades) == ({1: 1}, {0: 1, 1: 1, 3: 1})
    assert as_is.advice.startswith("the file's grades run from -2 to 4, those here from 0 to 3; choose the scale clip")
    assert clipped.advice == ""
    ones = read("trec", "q1 0 d1 1\nq1 0 d2 0\n")
    assert ones.advice.endswith("choose the scale binary if its 1 means Relevant, not Related")
    assert read("trec", "q1 0 d1 0\n", scale=AS_IS).advice == ""
    assert read("trec", "q1 0 d1 1\n", scale=scale_of("binary")).grades == {2: 1}
