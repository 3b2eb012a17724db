"""Judged places under several chunkings: worked by hand, and laws over any chunking that covers the text."""

import math
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.chunking import CHUNKERS, split
from retrieval.embedders.tokenizers import WordTokenizer
from retrieval.errors import BadInput
from retrieval.metrics import grades_by_query, score_rankings
from retrieval.spans import holders, places_by_query
from retrieval.types import Chunk, Document, Judgment, Ranking

LENGTH = 100


def chunked(document, *ends):
    """The chunks of a text of `ends[-1]` characters that is cut at `ends`."""
    spans = zip((0, *ends), ends, strict=False)
    return [Chunk(f"{document}#{at}", document, "", start, end) for at, (start, end) in enumerate(spans)]


def ranked(*ids):
    return Ranking(ids, tuple(float(-at) for at in range(len(ids))))


def ndcg(judgments, chunks, ranking):
    places = places_by_query(judgments, chunks)["q"]
    return score_rankings({"q": places.ranking(ranking)}, {"q": places.grades}, ("nDCG@10",))["nDCG@10"]["q"]


# The passages of grade 3 at 42 to 58 and of grade 1 at 80 to 90 of one text, x another text without a judgment.
JUDGMENTS = (Judgment("q", "d", 3, 42, 58), Judgment("q", "d", 1, 80, 90))
CHUNKINGS = {
    "two": ([LENGTH // 2, LENGTH], ["x#0", "d#1"]),  # 8 of the 16 characters in either half, and all of the 10 in the second
    "four": ([20, 40, 60, LENGTH], ["x#0", "d#2", "d#3"]),
    "ten": (range(10, LENGTH + 1, 10), ["x#0", "d#5", "d#4", "d#8"]),  # the second chunk with the passage takes no place
}


@pytest.mark.parametrize("name", CHUNKINGS)
def test_chunkings_that_find_the_passages_at_the_same_ranks_score_the_same(name):
    """Ranks 2 and 3: (3 / log2 3 + 1 / log2 4) / (3 / log2 2 + 1 / log2 3)."""
    ends, ids = CHUNKINGS[name]
    expected = (3 / math.log2(3) + 1 / 2) / (3 + 1 / math.log2(3))
    chunks = chunked("d", *ends) + chunked("x", LENGTH)
    assert ndcg(JUDGMENTS, chunks, ranked(*ids)) == pytest.approx(expected)


def test_a_chunk_beside_the_passage_earns_nothing():
    chunks = chunked("d", 20, 40, 60, LENGTH)
    assert ndcg(JUDGMENTS[:1], chunks, ranked("d#0", "d#1", "d#3")) == 0.0
    assert ndcg(JUDGMENTS[:1], chunks, ranked("d#0", "d#1", "d#2")) == pytest.approx(1 / 2)
    assert ndcg(JUDGMENTS[:1], chunked("d", LENGTH), ranked("d#0")) == 1.0


def test_an_item_has_the_place_and_the_score_of_its_best_chunk():
    places = places_by_query(JUDGMENTS, chunked("d", *range(10, LENGTH + 1, 10)))["q"]
    assert places.grades == {"d[42:58]": 3, "d[80:90]": 1}
    found = places.ranking(Ranking(("d#0", "d#4", "d#8", "d#5", "d#9"), (5.0, 4.0, 3.0, 2.0, 1.0)))
    assert found == Ranking(("d#0", "d[42:58]", "d[80:90]", "d#9"), (5.0, 4.0, 3.0, 1.0))


def test_a_chunk_with_two_passages_yields_both_in_the_order_of_the_text():
    places = places_by_query(JUDGMENTS[::-1], chunked("d", LENGTH))["q"]
    assert places.ranking(ranked("d#0")) == Ranking(("d[42:58]", "d[80:90]"), (0.0, 0.0))


def test_documents_judged_whole_are_one_item_unless_they_have_a_judged_span():
    judgments = (Judgment("q", "d", 2, 0, 30), Judgment("q", "d", 1), Judgment("q", "x", 0))
    places = places_by_query(judgments, chunked("d", 50, LENGTH) + chunked("x", 50, LENGTH))["q"]
    assert places.grades == {"d[0:30]": 2, "x[:]": 0}
    assert places.ranking(ranked("x#1", "d#1", "x#0", "d#0")).ids == ("x[:]", "d#1", "d[0:30]")


def test_queries_without_spans_have_no_places():
    judgments = (*JUDGMENTS, Judgment("other", "d", 1))
    assert set(places_by_query(judgments, chunked("d", LENGTH))) == {"q"}
    assert places_by_query(judgments[2:], chunked("d", LENGTH)) == {}


@pytest.mark.parametrize(
    ("span", "held"),
    [
        ((40, 60), ["d#2"]),  # just the chunk
        ((30, 50), ["d#1", "d#2"]),  # half of the span in each
        ((29, 50), ["d#1", "d#2"]),  # less than half of the span in the second, but half of that chunk
        ((32, 44), ["d#1"]),  # a third of the span in the second, a fifth of that chunk
        ((0, 100), ["d#0", "d#1", "d#2", "d#3"]),
        ((99, 100), ["d#3"]),
    ],
)
def test_half_of_the_span_or_half_of_the_chunk_holds_it(span, held):
    assert [chunk.id for chunk in holders(span, chunked("d", 20, 40, 60, LENGTH))] == held


def test_a_passage_cut_at_white_space_is_held_by_what_has_the_most_of_it():
    """4, 2 and 3 of 11 characters, the rest is white space between chunks of 50: none has half of anything."""
    chunks = [Chunk("a", "d", "", 0, 50), Chunk("b", "d", "", 51, 53), Chunk("c", "d", "", 54, LENGTH)]
    assert [chunk.id for chunk in holders((46, 57), chunks)] == ["b"]  # all of a chunk of two
    gap = [Chunk("a", "d", "", 0, 50), Chunk("c", "d", "", 54, LENGTH)]
    assert [chunk.id for chunk in holders((46, 57), gap)] == ["a"]
    assert holders((51, 53), gap) == []
    assert holders((0, 10), [Chunk("empty", "d", "", 0, 0)]) == []


cuts = st.lists(st.integers(1, LENGTH - 1), unique=True, max_size=12).map(lambda inner: (*sorted(inner), LENGTH))
spans = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda span: span[0] < span[1])


@given(cuts, st.lists(spans, min_size=1, max_size=4, unique=True), st.randoms(use_true_random=False))
def test_every_chunker_can_reach_every_passage(ends, judged, random):
    """In any order of the chunks the items are the judged ones and other chunks, each once, and none is out of reach."""
    chunks = chunked("d", *ends)
    ids = [chunk.id for chunk in chunks]
    random.shuffle(ids)
    judgments = [Judgment("q", "d", 1, *span) for span in judged]
    places = places_by_query(judgments, chunks)["q"]
    ranking = places.ranking(ranked(*ids))
    assert set(places.grades) <= set(ranking.ids)
    assert set(ranking.ids) - set(places.grades) == set(ids) - set(places.held)
    assert len(set(ranking.ids)) == len(ranking.ids)
    assert list(ranking.scores) == sorted(ranking.scores, reverse=True)
    assert ndcg(judgments, chunks, ranked(*[id for id in ids if id in places.held])) == pytest.approx(1.0)


texts = st.lists(st.sampled_from(["relay", "a", "coil.", "# Pump\n", "- rail", "\n\n", " ", "24 V?"]), min_size=1, max_size=40)


@pytest.mark.parametrize("name", CHUNKERS)
@given(texts.map(" ".join).filter(str.strip), st.data())
def test_no_chunker_of_ours_puts_a_passage_out_of_reach(name, text, data):
    known = {item.name for item in fields(CHUNKERS[name])}
    sizes = {setting: size for setting, size in {"size": 5, "overlap": 1}.items() if setting in known}
    chunks = split(Document("d", text), CHUNKERS[name](**sizes), WordTokenizer())
    word = data.draw(st.sampled_from([at for at, character in enumerate(text) if not character.isspace()]))
    start, end = data.draw(st.integers(0, word)), data.draw(st.integers(word + 1, len(text)))
    places = places_by_query([Judgment("q", "d", 1, start, end)], chunks)["q"]
    assert f"d[{start}:{end}]" in places.ranking(ranked(*[chunk.id for chunk in chunks])).ids


@given(cuts, spans)
def test_what_shares_nothing_with_a_passage_never_holds_it(ends, span):
    for chunk in holders(span, chunked("d", *ends)):
        assert set(range(*span)) & set(range(chunk.start, chunk.end))


def test_the_grade_of_a_document_is_its_own_before_the_best_of_its_spans():
    spans = (Judgment("q", "a", 1, 0, 5), Judgment("q", "a", 3, 5, 9), Judgment("q", "a", 0, 9, 12), Judgment("p", "b", 2, 0, 1))
    assert grades_by_query(spans) == {"q": {"a": 3}, "p": {"b": 2}}
    assert grades_by_query((*spans, Judgment("q", "a", 0))) == {"q": {"a": 0}, "p": {"b": 2}}


@pytest.mark.parametrize(("start", "end"), [(1, None), (None, 1), (-1, 1), (3, 3), (3, 2)])
def test_half_a_span_and_an_empty_one_are_refused(start, end):
    with pytest.raises(BadInput, match=f'"d" for the query "q" has the span {start} to {end}; start must be at least 0'):
        Judgment("q", "d", 1, start, end)
