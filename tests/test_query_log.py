"""Query logs by hand: what one query is, how files are read, bands of traffic, and what a sample draws."""

import csv
import io

import numpy as np
import pytest

from retrieval.errors import BadSetting
from retrieval.judging.log_sample import BANDS, LogSample, allocate, bands
from retrieval.judging.querylog import LoggedQuery, LogLimits, QueryLog, folded, read_log
from retrieval.types import Query


def log(text, **limits):
    return read_log("log.csv", text.encode(), LogLimits(**limits))


def counts(found):
    return {query.text: query.count for query in found.queries}


def test_spellings_are_one_query_and_the_most_frequent_one_is_kept():
    found = log("query,count\nRed  Shoes,2\nred shoes,3\n ＲＥＤ shoes ,1\nRED SHOES,3\nblue shoes,4\n")
    assert counts(found) == {"RED SHOES": 9, "blue shoes": 4}  # of equal ones the first in the alphabet
    assert (found.rows, found.requests, found.refused) == (5, 13, ())


@pytest.mark.parametrize(
    ("one", "other"), [("Straße", "STRASSE"), ("ﬁre", "FIRE"), ("a\u00a0b", "a b"), ("e\u0301", "É"), ("٣", "٣")]
)
def test_case_width_and_composition_do_not_count(one, other):
    assert folded(one) == folded(other) == folded(folded(one))


def test_accents_and_order_count():
    assert len({folded(text) for text in ("resume", "résumé", "a b", "b a")}) == 4


def test_clicks_and_the_last_time_are_kept():
    found = log(
        "time,query,clicked,count\n"
        "2026-01-02T10:00:00+02:00,relay,d2,3\n"
        "2026-01-02T09:30:00Z,Relay,d1,5\n"
        "2025-12-31,relay,,1\n"
        "soon,relay,d2,2\n"
    )
    assert found.queries == (LoggedQuery("relay", 11, (("d1", 5), ("d2", 5)), "2026-01-02T09:30:00+00:00"),)
    assert (found.untimed, found.refused) == (1, ())


@pytest.mark.parametrize("time", ["1767346200", "1767346200000", "2026-01-02T09:30:00Z", "2026-01-02 09:30", "20260102T093000"])
def test_times_in_their_usual_forms(time):
    assert log(f"query,time\na,{time}\n").queries[0].last == "2026-01-02T09:30:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "query,count\nred shoes,2\nblue,1\n",
        "Count;Search Term\n2;red shoes\n1;blue\n",
        "q\tn\r\nred shoes\t2\r\nblue\t1\r\n",
        "\ufeffquery|frequency\nred shoes|2\nblue|1\n",
        "red shoes,2\nblue,1\n",
        "red shoes\t2\nblue\t1\n",
        "red shoes\nblue\nred  shoes\n",
        "query\nred shoes\n\nblue\nred shoes",
        'query,count\n"red shoes",2\n"blue",1.0\n',
    ],
)
def test_forms_of_the_same_log(text):
    assert counts(log(text)) == {"red shoes": 2, "blue": 1}


def test_columns_without_a_header_stand_in_one_order():
    found = log("relay\t3\td1\t2026-01-02\npump\t2\n")
    assert found.queries == (LoggedQuery("relay", 3, (("d1", 3),), "2026-01-02T00:00:00+00:00"), LoggedQuery("pump", 2))


def test_commas_and_quotes_inside_queries_without_columns():
    found = log('red, blue\n"exact phrase" tips\n12" pipe\nstores, 24\n"exact phrase"\n')
    assert set(counts(found)) == {"red, blue", '"exact phrase" tips', '12" pipe', "stores, 24", '"exact phrase"'}


def test_quotes_of_csv_are_undone():
    assert counts(log('query,count\n"red, blue",2\n"12"" pipe",1\n')) == {"red, blue": 2, '12" pipe': 1}
    assert counts(log('query\n"red, blue"\n"12"" pipe"\n"a" b\n')) == {"red, blue": 1, '12" pipe': 1, '"a" b': 1}
    assert counts(log('query\tcount\n"12"" pipe"\t2\n"a" b\t1\n"a b"\t1\n')) == {'12" pipe': 2, '"a" b': 1, '"a b"': 1}


def test_a_log_that_csv_writes_is_read_back():
    texts = ["plain", 'with "quotes"', "comma, inside", "tab\tinside", "semi;colon"]
    for separator in ",\t;|":
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=separator).writerows([("query", "count"), *((text, 5) for text in texts)])
        wanted = {" ".join(text.split()) for text in texts if separator != "\t" or "\t" not in text}
        assert wanted <= set(counts(log(written.getvalue()))), separator


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",3", "line 3 has no query; fill it"),
        ("a,0", 'line 3 has the count "0"; a count is a whole number of at least 1'),
        ("a,-2", 'line 3 has the count "-2"'),
        ("a,1.5", 'line 3 has the count "1.5"'),
        ("a,many", 'line 3 has the count "many"'),
        ("a,2,d,e", "line 3 has 4 cells, 2 are expected; put cells that hold the separator in quotes"),
        ('"a"b,2', "line 3 has broken quotes"),
        ("a" * 41 + ",1", "line 3 has a query of 41 characters, the limit is 40"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(row, reason):
    found = log(f"query,count\nfirst,2\n{row}\nlast,1\n", characters=40)
    assert counts(found) == {"first": 2, "last": 1}
    assert [str(refusal)[: len("log.csv ") + len(reason)] for refusal in found.refused] == [f"log.csv {reason}"]
    assert found.rows == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "log.csv is empty; give it a column named query"),
        (b"\n \n", "log.csv is empty"),
        (b"\x00\x01\x00\xff\x07", "log.csv (?:holds a NUL|is no text)"),
        (b"count,clicked\n2,d1\n", r"log.csv has no column for the query in its header \(count, clicked\); name one query"),
    ],
)
def test_a_file_that_is_no_log_is_refused(data, reason):
    found = read_log("log.csv", data)
    assert (found.queries, len(found.refused)) == ((), 1)
    with pytest.raises(ValueError, match=reason):
        raise ValueError(str(found.refused[0]))


def test_limits_are_told():
    assert str(log("query\na\n", size=5).refused[0]).startswith("log.csv has 8 bytes, the limit is 5; split it")
    found = log("query\na\nb\nc\n", rows=2)
    assert set(counts(found)) == {"a", "b"}
    assert str(found.refused[0]).startswith("log.csv has more than 2 rows, the rest is not read")
    assert log("query\na\nb\n", rows=2).refused == ()
    with pytest.raises(BadSetting, match="limit rows is 0 and must be at least 1"):
        LogLimits(rows=0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(encoding):
    assert counts(read_log("log.csv", "query,count\nSchütz für Tür,2\ncafé,1\n".encode(encoding))) == {
        "Schütz für Tür": 2,
        "café": 1,
    }


def queries(*numbers):
    """Queries q0, q1, … with these counts."""
    return tuple(LoggedQuery(f"q{at}", number) for at, number in enumerate(numbers))


def sizes(found):
    return [len(found[name]) for name in BANDS]


def test_bands_by_hand():
    """Of 90 requests the first third ends at 30, the second at 60."""
    assert sizes(bands(queries(20, 10, 15, 15, *[5] * 6))) == [2, 2, 6]
    assert sizes(bands(queries(20, 9, 16, 15, *[5] * 6))) == [3, 1, 6]  # the third query begins at 29, in the head
    assert sizes(bands(queries(100))) == [1, 0, 0]
    assert sizes(bands(queries(98, 1, 1))) == [1, 0, 2]
    assert sizes(bands(())) == [0, 0, 0]


def test_one_third_of_the_traffic_each_on_a_long_tail():
    found = bands(queries(*(int(100_000 / rank) for rank in range(1, 20_001))))
    traffic = np.array([sum(query.count for query in found[name]) for name in BANDS])
    assert (np.abs(traffic / traffic.sum() - 1 / 3) < 0.05).all()
    assert sizes(found)[0] < 30
    assert sizes(found)[2] > 18_000


@pytest.mark.parametrize(
    ("size", "shares", "room", "given"),
    [
        (9, (1, 1, 1), (10, 10, 10), [3, 3, 3]),
        (10, (1, 1, 1), (10, 10, 10), [4, 3, 3]),
        (9, (1, 1, 1), (1, 10, 10), [1, 4, 4]),
        (10, (1, 2, 2), (9, 9, 9), [2, 4, 4]),
        (6, (0, 1, 1), (9, 9, 1), [0, 5, 1]),
        (50, (1, 1, 1), (2, 3, 4), [2, 3, 4]),
        (5, (1, 0, 0), (2, 9, 9), [2, 0, 0]),
    ],
)
def test_shares_of_a_sample(size, shares, room, given):
    assert allocate(size, shares, room) == given


ZIPF = QueryLog(queries(*(int(3_000 / rank) for rank in range(1, 301))))


def test_a_sample_takes_from_every_band_and_stays_the_same():
    drawn = LogSample(size=12).draw(ZIPF)
    assert [sum(item.band == name for item in drawn) for name in BANDS] == [4, 4, 4]
    assert [item.logged.count for item in drawn] == sorted((item.logged.count for item in drawn), reverse=True)
    assert LogSample(size=12).draw(ZIPF) == drawn
    assert LogSample(size=12, seed=1).draw(ZIPF) != drawn
    assert all(item.logged in bands(ZIPF.queries)[item.band] for item in drawn)


def test_shares_decide_and_a_small_head_leaves_its_part_to_the_others():
    assert {item.band for item in LogSample(size=9, head=0, torso=0).draw(ZIPF)} == {"tail"}
    head = len(bands(ZIPF.queries)["head"])
    drawn = LogSample(size=60).draw(ZIPF)
    assert sum(item.band == "head" for item in drawn) == head < 20
    assert len(drawn) == 60


def test_within_a_band_every_query_has_the_same_chance():
    tail = bands(ZIPF.queries)["tail"]
    drawn = [item.logged.text for seed in range(300) for item in LogSample(5, seed, head=0, torso=0).draw(ZIPF)]
    early = sum(text in {query.text for query in tail[: len(tail) // 2]} for text in drawn)
    assert abs(early / len(drawn) - 0.5) < 0.05  # the standard error is 0.013


def test_known_queries_are_not_drawn_again():
    found = log("query,count\nRed shoes,5\nblue shoes,3\ngreen shoes,1\n")
    drawn = LogSample(size=10).draw(found, known=["RED  SHOES"])
    assert [item.logged.text for item in drawn] == ["blue shoes", "green shoes"]
    assert [item.band for item in drawn] == ["torso", "tail"]  # bands are those of the whole log


def test_a_candidate_becomes_a_query_with_its_class_and_a_lasting_id():
    (item,) = LogSample().draw(log("MS-4012\n"))
    (again,) = LogSample(seed=4).draw(log("query,count,clicked\nms-4012,7,d1\n"))
    assert item.query() == Query(again.query().id, "MS-4012", "exact identifier", source="log")
    assert item.query("mixed").category == "mixed"
    assert item.query("").category == ""
    (other,) = LogSample().draw(log("MS-4013\n"))
    assert other.query().id != item.query().id


def test_the_language_of_the_corpus_reaches_the_classes():
    found = log("wie viele Punkte gab die Verteidigung ab\n")
    assert LogSample().draw(found)[0].suggestion.category == "multilingual"
    assert LogSample().draw(found, language="german")[0].suggestion.category == ""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "the size 0 and must have at least 1"),
        ({"seed": -1}, "seed is -1"),
        ({"tail": -0.5}, "share of the tail is -0.5 and must be at least 0"),
        ({"head": float("nan")}, "share of the head is nan"),
        ({"head": 0, "torso": 0, "tail": 0}, "are all 0; raise one"),
    ],
)
def test_bad_samples_are_refused(settings, message):
    with pytest.raises(BadSetting, match=message):
        LogSample(**settings)


def test_an_empty_log_gives_no_candidates():
    assert LogSample().draw(QueryLog()) == ()
