"""The lines of a list, worked out by hand: the pool in the blind order, passages beneath, what is outside the pool last."""

import pytest

from retrieval import Ranking
from retrieval.errors import BadSetting
from retrieval.judging.listing import Line, lines
from retrieval.judging.ordering import ORDERS, queue
from retrieval.judging.pool import pool
from retrieval.judging.verdicts import Verdict

POOL = pool("q", {"dense": Ranking(("a", "b", "c"), (3.0, 2.0, 1.0)), "sparse": Ranking(("d",), (1.0,))})
WORDS = (
    Verdict("q", "b", 2, rater="Anna"),
    Verdict("q", "c", 1, start=30, end=40, rater="Anna", note="the table"),
    Verdict("q", "c", 3, start=4, end=9, rater="Anna"),
    Verdict("q", "z", None, True, rater="Anna"),
    Verdict("q", "a", 3, rater="Ben"),
    Verdict("other", "d", 3, rater="Anna"),
)


def listed(shown="all", rater="Anna", words=WORDS, order="shuffled"):
    return lines(POOL, words, "set", rater, order, shown)


def places(found):
    return [(line.document_id, line.span) for line in found]


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_is_that_of_the_queue(order):
    assert [line.document_id for line in listed(words=(), order=order)] == list(queue(POOL, (), "set", "Anna", order))


def test_a_grade_moves_no_line():
    before = [line.document_id for line in listed(words=())]
    assert list(dict.fromkeys(line.document_id for line in listed()))[:4] == before


def test_judged_passages_stand_beneath_their_document_by_place():
    found = places(listed())
    at = found.index(("c", None))
    assert found[at : at + 3] == [("c", None), ("c", (4, 9)), ("c", (30, 40))]


def test_what_is_judged_outside_the_pool_comes_last_and_says_so():
    *inside, last = listed()
    assert (last.document_id, last.pooled, last.word) == ("z", False, WORDS[3])
    assert all(line.pooled for line in inside)


def test_words_of_others_and_on_other_queries_are_not_shown():
    assert {line.document_id: line.word for line in listed() if line.span is None} == {
        "a": None,
        "b": WORDS[0],
        "c": None,
        "d": None,
        "z": WORDS[3],
    }


def test_left_and_judged_share_all_lines():
    left, judged = listed("left to judge"), listed("judged")
    assert {line.document_id for line in left} == {"a", "d"}
    assert {line.document_id for line in judged} == {"b", "c", "z"}
    assert sorted(places(left) + places(judged), key=str) == sorted(places(listed()), key=str)
    assert all(line.judged for line in judged)
    assert not any(line.judged for line in left)


def test_a_line_says_its_place():
    line = Line("q", "c", 4, 9)
    assert line.said("Anna", 2, note="why") == Verdict("q", "c", 2, False, 4, 9, "Anna", "why")
    assert line.said("Anna", None) == Verdict("q", "c", None, False, 4, 9, "Anna")
    assert line.said("Anna", None, cant_tell=True).cant_tell


def test_unknown_choices_are_refused():
    with pytest.raises(BadSetting, match='the order "by rank" is not known; choose one of shuffled'):
        listed(order="by rank")
    with pytest.raises(BadSetting, match='the choice of lines "mine" is not known; choose one of all'):
        listed("mine")
