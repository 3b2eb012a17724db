"""Laws of judging: the history only grows, the last words are its replay, undo restores, no cutting of texts loses a label."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.judging import JudgmentStore, QuerySets, Verdict
from retrieval.judging.inherit import inherited
from retrieval.judging.replay import last_words
from retrieval.judging.rules import median
from retrieval.judging.sources import SHIPPED
from retrieval.spans import exact
from retrieval.types import Chunk, Judgment, Query

QUERIES = [Query("q1", "x"), Query("q2", "y")]
STATES = st.sampled_from([(0, False), (1, False), (2, False), (3, False), (None, True), (None, False)])
PLACES = st.tuples(st.sampled_from(["q1", "q2"]), st.sampled_from(["a", "b"]), st.sampled_from([(None, None), (0, 4)]))
RATERS = st.sampled_from(["ann", "bob", SHIPPED])


@st.composite
def verdicts(draw):
    (grade, cant_tell), (query, document, span) = draw(STATES), draw(PLACES)
    return Verdict(query, document, grade, cant_tell, *span, draw(RATERS), draw(st.sampled_from(["", "n"])))


GIVES = st.lists(verdicts(), min_size=1, max_size=4)
ACTS = st.lists(GIVES | RATERS, max_size=12)  # a rater's name stands for undo


EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    home = tmp_path_factory.mktemp("laws")
    return QuerySets(home), JudgmentStore(home)


def fresh(opened):
    """A set of its own for an example."""
    sets, store = opened
    return store, sets.create("shop", f"Set {len(sets.records())}", QUERIES).key


def act_out(store, key, acts):
    for act in acts:
        store.undo(key, act) if isinstance(act, str) else store.give(key, act)


def state(words):
    """What stands, without the order."""
    return {(*word.place, word.rater): (word.grade, word.cant_tell, word.note) for word in words}


def replayed(history):
    """The plainest reading of a history: what was said last on a place by a rater, unless it takes everything back."""
    said = {(*word.place, word.rater): (word.grade, word.cant_tell, word.note) for word in history}
    return {place: found for place, found in said.items() if found[:2] != (None, False)}


@EXAMPLES
@given(acts=ACTS)
def test_the_history_only_grows_and_the_last_words_are_its_replay(opened, acts):
    store, key = fresh(opened)
    before = ()
    for act in acts:
        act_out(store, key, [act])
        history = store.history(key)
        assert history[: len(before)] == before
        before = history
        assert state(store.latest(key)) == replayed(history)


@EXAMPLES
@given(acts=ACTS, more=GIVES, rater=RATERS)
def test_undo_after_give_restores_words_judgments_and_order(opened, acts, more, rater):
    store, key = fresh(opened)
    act_out(store, key, acts)
    words, judgments, length = store.latest(key), store.judgments(key), len(store.history(key))
    store.give(key, [replace(verdict, rater=rater) for verdict in more])
    if len(store.history(key)) > length:
        store.undo(key, rater)
    assert store.latest(key) == words
    assert store.judgments(key) == judgments


@EXAMPLES
@given(acts=ACTS, rater=RATERS)
def test_undo_ends_with_nothing_said_and_never_loops(opened, acts, rater):
    store, key = fresh(opened)
    act_out(store, key, acts)
    others = state(word for word in store.latest(key) if word.rater != rater)
    steps = 0
    while store.undo(key, rater):
        steps += 1
        assert steps <= sum(map(len, acts))
    assert state(store.latest(key)) == others


@EXAMPLES
@given(acts=ACTS)
def test_a_history_carried_elsewhere_says_the_same(opened, acts):
    store, key = fresh(opened)
    act_out(store, key, acts)
    _, other = fresh(opened)
    store.give(other, store.history(key))
    assert store.history(other) == store.history(key)
    store.give(other, store.history(key))
    assert store.history(other) == store.history(key)


@given(st.lists(verdicts(), max_size=9).flatmap(lambda words: st.tuples(st.just(words), st.permutations(words))))
def test_the_median_does_not_depend_on_the_order(both):
    words, shuffled = both
    assert median(words) == median(shuffled)
    grades = [word.grade for word in words if word.grade is not None]
    if grades:
        assert median(words) in grades
        assert sum(grade <= median(words) for grade in grades) * 2 >= len(grades)


@given(st.lists(verdicts(), max_size=20))
def test_every_place_has_one_last_word_of_a_rater(words):
    stamped = [replace(word, at=f"{at:05}") for at, word in enumerate(words)]
    found = last_words(stamped)
    assert max(Counter((*word.place, word.rater) for word in found).values(), default=1) == 1
    assert [word.at for word in found] == sorted(word.at for word in found)


@st.composite
def cuts(draw):
    """A text's length, judged spans of it, and three ways to cut it, the pieces of each without gaps."""
    length = draw(st.integers(1, 120))
    ways = [sorted({0, length, *draw(st.lists(st.integers(1, length), max_size=8))}) for _ in range(3)]
    spans = draw(st.lists(st.tuples(st.integers(0, length - 1), st.integers(1, length), st.integers(0, 3)), max_size=6))
    return ways, [
        Judgment(f"q{at}", "d", grade, start, min(length, start + size)) for at, (start, size, grade) in enumerate(spans)
    ]


@given(cuts())
def test_no_cutting_loses_a_label(both):
    ways, judgments = both
    for way in ways:
        chunks = [Chunk(f"d#{at}", "d", "", *ends) for at, ends in enumerate(pairwise(way))]
        found = inherited(judgments, chunks)
        assert {query: set(of.values()) for query, of in found.items()} == {
            item.query_id: {item.grade} for item in exact(judgments)
        }
