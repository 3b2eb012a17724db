"""A preview against what is here: unknown ids, duplicates, conflicts, and what enters by each resolution."""

import pytest

from retrieval.errors import BadSetting
from retrieval.judging.files import COMPLETE, Conflict, Duplicate, Entering, Labels, Resolution, export, preview
from retrieval.judging.rules import judgments_by
from retrieval.judging.verdicts import Verdict
from retrieval.types import Judgment, Query

QUERIES = (Query("q1", "24 V relay", "mixed"), Query("q2", "water pump"))
EXISTING = (Judgment("q1", "d1", 3), Judgment("q1", "d2", 1), Judgment("q2", "d1", 0, 4, 9))
FILE = b"""q1 0 d1 3
q1 0 d2 2
q2 0 d2 1
q2 0 d2 1
q2 0 d2 0
q9 0 d1 1
q1 0 d9 2
oops
"""


@pytest.fixture
def found():
    return preview(FILE, "trec", QUERIES, {"d1", "d2"}, EXISTING)


def verdict(query, document, grade):
    return Verdict(query, document, grade, rater="imported")


def test_everything_doubtful_is_told(found):
    assert (found.format, found.rows, len(found.refused), found.unchanged) == ("trec", 8, 1, 1)
    assert found.unknown_queries == ("q9",)
    assert found.unknown_documents == ("d9",)
    place = ("q2", "d2", None, None)
    assert found.duplicates == (Duplicate(4, 3, place, 1, 1), Duplicate(5, 3, place, 1, 0))
    assert [one.same for one in found.duplicates] == [True, False]
    assert found.conflicts == (Conflict(2, ("q1", "d2", None, None), 1, 2, "imported"),)
    assert found.given == {0: 1, 1: 3, 2: 2, 3: 1}
    assert found.grades == {1: 2, 2: 2}


@pytest.mark.parametrize(
    ("resolution", "entering"),
    [
        (Resolution(), Entering((), (), (verdict("q2", "d2", 1),))),
        (Resolution(conflicts="take"), Entering((), (), (verdict("q1", "d2", 2), verdict("q2", "d2", 1)))),
        (Resolution(documents="keep"), Entering((), (), (verdict("q2", "d2", 1), verdict("q1", "d9", 2)))),
        (
            Resolution(queries="all"),
            Entering((Query("q9", "q9", source="imported"),), (), (verdict("q2", "d2", 1), verdict("q9", "d1", 1))),
        ),
        (Resolution(queries="skip"), Entering((), (), (verdict("q2", "d2", 1),))),
    ],
)
def test_what_enters_by_a_resolution(found, resolution, entering):
    assert found.resolved(resolution) == entering


@pytest.mark.parametrize("name", ["conflicts", "queries", "documents"])
def test_a_resolution_is_one_of_its_table(name):
    with pytest.raises(BadSetting, match=f"{name} cannot be 'maybe'; choose "):
        Resolution(**{name: "maybe"})


def test_queries_with_a_text_are_added_with_their_judgments():
    found = preview(b"query,docid,rating\njib,d1,2\njib,d2,1\n24 V relay,d3,1\nq2,d1,1\n", "csv", QUERIES, {"d1", "d2", "d3"})
    (new,) = found.new
    assert (new.text, new.source, found.unknown_queries) == ("jib", "imported", ())
    entering = found.resolved(Resolution())
    assert entering.queries == (new,)
    assert [one.query_id for one in entering.verdicts] == [new.id, new.id, "q1", "q2"]
    assert found.resolved(Resolution(queries="skip")).verdicts == entering.verdicts[2:]
    assert found.resolved(Resolution(queries="skip")).queries == ()


def test_a_query_id_of_the_file_comes_with_its_text():
    found = preview(b"query_id,query,docid,rating\nq7,jib,d1,2\n", "csv", QUERIES, {"d1"})
    assert found.new == (Query("q7", "jib", source="imported"),)


def test_known_queries_change_only_where_the_file_is_taken():
    rows = b"id,text,class,held_out\nq1,24 volt relay,,true\nq2,water pump,numeric,\n"
    held = (*QUERIES[:1], Query("q2", "water pump", held_out=True))
    found = preview(rows, "csv-queries", held)
    after = (Query("q1", "24 volt relay", "mixed", held_out=True), Query("q2", "water pump", "numeric", held_out=True))
    assert found.changed == tuple(zip(held, after, strict=True))
    assert found.resolved(Resolution()) == Entering()
    assert found.resolved(Resolution(conflicts="take")) == Entering(changed=after)


def test_an_export_says_nothing_new_where_it_came_from():
    history = (
        Verdict("q1", "d1", 3, rater="Ann", at="2026-01-01T00:00:00+00:00"),
        Verdict("q1", "d2", 0, rater="Ann", at="2026-01-01T00:00:01+00:00"),
        Verdict("q1", "d2", 1, rater="Bob", at="2026-01-01T00:00:02+00:00"),
        Verdict("q1", "d2", None, cant_tell=True, rater="Eve", at="2026-01-01T00:00:03+00:00"),
    )
    counts = judgments_by("latest", history)
    for format in ("jsonl", "trec", "beir", "csv"):
        data = export(format, Labels(QUERIES, counts, history))
        found = preview(data, format, QUERIES, {"d1", "d2"}, counts, history)
        assert found.resolved(Resolution("take", "all", "keep")) == Entering()
        assert found.unchanged == found.rows > 0


def test_a_history_keeps_every_word_but_the_same_one_twice():
    first = Verdict("q1", "d1", 1, rater="Ann", at="2026-01-01T00:00:00+00:00")
    second = Verdict("q1", "d1", 2, rater="Ann", at="2026-01-01T00:00:01+00:00")
    data = export(COMPLETE, Labels((), (), (first, second, first)))
    found = preview(data, COMPLETE, QUERIES, {"d1"}, (Judgment("q1", "d1", 1),), (first,))
    assert found.duplicates == (Duplicate(3, 1, first.place, 1, 1),)
    assert [one.verdict for one in found.said] == [second]
    assert found.conflicts == (Conflict(2, first.place, 1, 2, "Ann"),)
    assert found.resolved(Resolution()).verdicts == ()


def test_words_without_a_grade_are_no_conflict():
    row = b'{"query_id": "q1", "document_id": "d1", "grade": null, "cant_tell": true}'
    found = preview(row, COMPLETE, QUERIES, {"d1"}, EXISTING)
    assert (found.conflicts, found.grades) == ((), {})
    assert found.resolved(Resolution()).verdicts == (Verdict("q1", "d1", None, cant_tell=True, rater="imported"),)


def test_spans_are_places_of_their_own():
    rows = b'{"query_id": "q2", "document_id": "d1", "grade": 2, "start": 4, "end": 9}\n'
    found = preview(rows + rows.replace(b"9", b"8"), COMPLETE, QUERIES, {"d1"}, EXISTING)
    assert found.conflicts == (Conflict(1, ("q2", "d1", 4, 9), 0, 2, "imported"),)
    assert [one.verdict.end for one in found.said] == [9, 8]


def test_documents_that_only_repeat_rows_name_are_not_unknown():
    found = preview(b"q1 0 gone 2\n", "trec", QUERIES, {"d1"}, (Judgment("q1", "gone", 2),))
    assert (found.unknown_documents, found.unchanged) == ((), 1)
