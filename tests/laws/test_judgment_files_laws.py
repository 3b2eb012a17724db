"""Laws of the files of queries and judgments: what is written is read as it was; nothing that is read makes it fail."""

import os
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.judging.files import FORMATS, SCALES, Entering, Labels, Resolution, export, guess, preview
from retrieval.judging.rules import judgments_by
from retrieval.judging.verdicts import Verdict
from retrieval.types import Judgment, Query
from tests.fuzz.mutations import MUTATIONS

CASES = int(os.environ.get("PLAYGROUND_FUZZ", "600"))
SEED = 20_261_124
ALL = Resolution("take", "all", "keep")
SOUND = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
NASTY = st.sampled_from(
    ["=1", "'=1", "''-", "a b", "\t", '"', '""', "x\r", "\r\ny", "\u2028", "\x85", "Topic: a", "Number:", "{", "é", "😀"]
)
WORDS = st.text(SOUND, max_size=12) | st.lists(NASTY, max_size=3).map("".join)
FILLED = WORDS.filter(str.strip)
IDS = WORDS.filter(bool)
LINES = FILLED.filter(lambda text: text == text.strip() and not set(text) & set("\t\r\n"))  # what a table with tabs holds
ONE_LINE = WORDS.filter(lambda text: not set(text) & set("\t\r\n"))
TOKENS = IDS.filter(lambda text: len(text.split()) == 1 and text == text.strip() and "\ufeff" not in text)
PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12)
PLAIN = PRINTED.map(lambda text: " ".join(text.split()))
NUMBERS = PRINTED.map(lambda text: "".join(text.split()).replace("\ufeff", "")).filter(bool)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(datetime.isoformat)
ADDED = MOMENTS | st.just("")
SOURCES = st.sampled_from(["", "imported", "search", "log", "known-item"])
SPANS = st.just((None, None)) | st.integers(0, 2**31 - 2).flatmap(lambda start: st.tuples(st.just(start), st.just(start + 1)))
GRADES = st.integers(0, 3)


def queries(ids, texts, words=WORDS):
    """Any queries with ids of their own."""
    made = st.builds(Query, ids, texts, words, words, SOURCES if words is WORDS else st.just("imported"), ADDED, st.booleans())
    return st.lists(made, max_size=5, unique_by=lambda query: query.id).map(tuple)


@st.composite
def judged(draw, ids):
    """Queries, and judgments of whole documents, each place once."""
    asked = draw(queries(ids, FILLED))
    if not asked:
        return (), ()
    places = st.tuples(st.sampled_from(asked), ids)
    found = draw(st.lists(places, max_size=6, unique_by=lambda place: (place[0].id, place[1])))
    return asked, tuple(Judgment(query.id, document, draw(GRADES)) for query, document in found)


@st.composite
def histories(draw):
    """Queries and any words on them, no two the same in all."""
    asked = draw(queries(IDS, FILLED))
    words = [
        Verdict(draw(st.sampled_from(asked)).id, draw(IDS), *draw(said), *draw(SPANS), draw(WORDS), draw(WORDS), draw(MOMENTS))
        for said in draw(st.lists(st.just(st.tuples(st.none() | GRADES, st.just(False)) | st.just((None, True))), max_size=6))
        if asked
    ]
    return asked, tuple(dict.fromkeys(words))


def counted(found):
    """The judgments that a preview would make."""
    return judgments_by("latest", [one.verdict for one in found.said])


@settings(max_examples=200, deadline=None)
@given(histories())
def test_json_lines_give_everything_back(labels):
    asked, history = labels
    found = preview(export("jsonl", Labels(asked, (), history)), "jsonl")
    assert found.refused == () or not asked
    assert found.resolved(ALL) == Entering(asked, (), history)


@settings(max_examples=200, deadline=None)
@given(judged(IDS))
def test_ratings_give_the_judgments_back(labels):
    asked, judgments = labels
    found = preview(export("csv", Labels(asked, judgments)), "csv", asked)
    assert counted(found) == judgments
    assert (found.new, found.unknown_queries) == ((), ())


@pytest.mark.parametrize(("format", "ids"), [("trec", TOKENS), ("beir", LINES)])
def test_qrels_give_the_judgments_back(format, ids):
    @settings(max_examples=200, deadline=None)
    @given(judged(ids))
    def law(labels):
        asked, judgments = labels
        found = preview(export(format, Labels(asked, judgments)), format, asked)
        assert counted(found) == judgments
        assert bool(found.refused) == (not judgments)

    law()


@pytest.mark.parametrize(
    ("format", "made"),
    [
        ("jsonl", queries(IDS, FILLED)),
        ("beir-queries", queries(IDS, FILLED)),
        ("csv-queries", queries(IDS, FILLED)),
        ("tsv-queries", queries(LINES, ONE_LINE.filter(str.strip), LINES | st.just(""))),
    ],
)
def test_queries_come_back_whole(format, made):
    @settings(max_examples=200, deadline=None)
    @given(made)
    def law(asked):
        found = preview(export(format, Labels(asked)), format)
        assert found.new == asked
        assert bool(found.refused) == (not asked)

    law()


@pytest.mark.parametrize(("format", "classes"), [("topics", st.just("")), ("topics-xml", PLAIN)])
def test_topics_give_id_text_and_note_back(format, classes):
    made = st.builds(Query, NUMBERS, PLAIN.filter(bool), classes, PLAIN, st.just("imported"))

    @settings(max_examples=200, deadline=None)
    @given(st.lists(made, max_size=4, unique_by=lambda query: query.id).map(tuple))
    def law(asked):
        found = preview(export(format, Labels(asked)), format)
        assert found.new == asked

    law()


def seeds():
    """A file of every format."""
    asked = (Query("q1", "24 V relay", "mixed", "Größe", "log", "2026-11-24T09:30:00+00:00"), Query("q2", "漢字", held_out=True))
    judgments = tuple(Judgment(f"q{1 + n % 2}", f"d{n}", n % 4) for n in range(8))
    history = (
        *(Verdict(one.query_id, one.document_id, one.grade, rater="Ann") for one in judgments),
        Verdict("q1", "d1", 2, False, 1, 5),
    )
    return {format: export(format, Labels(asked, judgments, history)) for format in FORMATS}


def test_damaged_files_always_give_a_preview():
    files = seeds()
    names = list(files)
    for number in range(CASES):
        random = Random(f"{SEED} {number}")
        format, data = names[number % len(names)], files[names[number % len(names)]]
        for _ in range(random.choice((1, 1, 2, 3))):
            data = random.choice(MUTATIONS)(random, data or b"\n", files[random.choice(names)])
        scale = random.choice(list(SCALES.values()))
        asked = (Query("q1", "24 V relay"), Query("24 V relay", "boom"), Query("q3", "boom"))
        assert guess(f"x{FORMATS[format].suffix}", data) in ("", *FORMATS), number
        found = preview(data, format, asked, {"d1"}, (Judgment("q1", "d1", 0),), (), scale)
        check(found, number)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(FORMATS)), st.binary(max_size=200))
def test_any_bytes_give_a_preview(format, data):
    assert guess("x.tsv", data) in ("", *FORMATS)
    check(preview(data, format), data)


def check(found, case):
    """What holds of every preview."""
    assert found.rows or found.refused, case
    assert all(refusal.reason and refusal.remedy for refusal in found.refused), case
    entering = found.resolved(ALL)
    for text in (part for query in entering.queries for part in (query.id, query.text, query.note, query.category)):
        assert "\0" not in text, case
        text.encode("utf-8")
    assert all(query.id and query.text.strip() for query in entering.queries if query.id not in found.unknown_queries), case
    assert all(verdict.query_id and verdict.document_id for verdict in entering.verdicts), case
    assert len(entering.verdicts) == len(found.said), case
    assert len(found.resolved(Resolution()).verdicts) <= len(found.said), case
