"""Laws of query logs and classes: nothing is lost in merging, samples keep their size, any bytes and any text have an answer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.judging.classes import RULES, suggest
from retrieval.judging.frequencies import words
from retrieval.judging.known_items import KnownItems
from retrieval.judging.log_rows import LogRow
from retrieval.judging.log_sample import BANDS, LogSample, allocate, bands
from retrieval.judging.querylog import QueryLog, folded, merged, read_log
from retrieval.types import Document, Structure

TEXTS = st.text(st.sampled_from("aAbBéÉß ſﬁ12"), min_size=1, max_size=4).filter(str.strip)
ROWS = st.lists(
    st.builds(LogRow, TEXTS.map(lambda text: " ".join(text.split())), st.integers(1, 9), st.sampled_from(["", "d1", "d2"]))
)
SHARES = st.tuples(*[st.sampled_from([0.0, 0.2, 1.0, 3.0])] * 3).filter(any)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS)
def test_merging_keeps_requests_and_clicks_whatever_the_order(rows):
    found = merged(rows)
    assert found == merged(rows[::-1])
    assert sum(query.count for query in found) == sum(row.count for row in rows)
    assert sum(count for query in found for _, count in query.clicks) == sum(row.count for row in rows if row.document)
    assert len({folded(query.text) for query in found}) == len(found) == len({folded(row.query) for row in rows})
    assert {query.text for query in found} <= {row.query for row in rows}


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=20))
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, size=st.integers(1, 40), shares=SHARES, seed=st.integers(0, 3))
def test_a_sample_is_as_large_as_it_can_be(rows, size, shares, seed):
    log = QueryLog(merged(rows))
    found = bands(log.queries)
    room = sum(len(found[name]) for name, share in zip(BANDS, shares, strict=True) if share)
    drawn = LogSample(size, seed, *shares).draw(log)
    assert len(drawn) == len({item.logged for item in drawn}) == min(size, room)
    assert [query for name in BANDS for query in found[name]] == list(log.queries)
    assert len({item.query().id for item in drawn}) == len(drawn)


@settings(max_examples=100, deadline=None)
@given(size=st.integers(0, 60), shares=SHARES, room=st.tuples(*[st.integers(0, 30)] * 3))
def test_no_band_gets_more_than_it_has(size, shares, room):
    sizes = allocate(size, shares, room)
    assert all(given <= held for given, held in zip(sizes, room, strict=True))
    assert sum(sizes) == min(size, sum(held for held, share in zip(room, shares, strict=True) if share))


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=200) | st.text(st.sampled_from('query,count\t"\r\n;|1a é'), max_size=80).map(str.encode))
def test_any_bytes_are_read_as_a_log_or_refused(data):
    found = read_log("x", data)
    assert found.queries or found.refused or found.rows == 0
    assert all(query.text.strip() == query.text != "" and query.count >= 1 for query in found.queries)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=60) | st.text(st.sampled_from("aA1._-/:# ,?\"'“”()"), max_size=60),
    language=st.sampled_from(["english", "none", "russian"]),
)
def test_any_text_has_a_class_with_a_reason(text, language):
    found = suggest(text, language)
    assert found.category in {*RULES, ""}
    assert bool(found.reason) == bool(found.category)


def letters(text):
    """The text without marks and spaces."""
    return "".join(filter(str.isalnum, text))


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(st.sampled_from("ab zé.\n#*`-|1"), max_size=60), max_size=6),
    syntax=st.sampled_from(["text", "markdown", "python"]),
)
def test_the_words_of_a_known_item_stand_in_its_document_alone(texts, syntax):
    documents = [Document(f"d{at}", text, structure=Structure(syntax)) for at, text in enumerate(texts)]
    drawn = KnownItems(size=9, shortest=1).draw(documents)
    assert len(drawn.items) + drawn.passed_over == len(documents)
    for item in drawn.items:
        start, end = item.span
        own = next(document for document in documents if document.id == item.document_id)
        assert letters(own.text[start:end]).endswith(letters(item.query.text))
        assert not any(words(item.query.text) in words(other.text) for other in documents if other is not own)
