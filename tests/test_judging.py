"""Verdicts on disk: the history only grows, the last word counts by a rule, and undo goes back step by step."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import event

from retrieval.errors import BadInput, DatabaseUnavailable
from retrieval.judging import JudgmentStore, QuerySets, Stats, Verdict
from retrieval.types import Judgment, Query

QUERIES = [Query("q1", "24 V relay"), Query("q2", "survives wash-down")]


@pytest.fixture
def store(database_home):
    return JudgmentStore(database_home)


@pytest.fixture
def key(store):
    return QuerySets(store.home).create("shop", "Head", QUERIES).key


def said(words):
    """What is said, without the moments."""
    return [replace(word, at="") for word in words]


def test_a_changed_grade_is_added_to_the_history(store, key):
    words = [Verdict("q1", "a", 1, rater="ann"), Verdict("q1", "b", 3), Verdict("q1", "a", 2, rater="ann")]
    for word in words:
        store.give(key, [word])
    assert said(store.history(key)) == words
    assert said(store.latest(key)) == words[1:]
    moments = [word.at for word in store.history(key)]
    assert moments == sorted(set(moments))
    assert store.history(key, "q2") == store.latest(key, "q2") == ()


def test_the_same_word_is_not_stored_twice(store, key):
    store.give(key, [Verdict("q1", "a", 2, rater="ann", note="n")])
    store.give(key, [Verdict("q1", "a", 2, rater="ann", note="n")])
    store.give(key, [Verdict("q1", "never judged", None, rater="ann")])
    assert len(store.history(key)) == 1
    others = [
        Verdict("q1", "a", 2, rater="bob", note="n"),
        Verdict("q1", "a", 2, rater="ann"),
        Verdict("q1", "a", 2, False, 0, 5),
    ]
    store.give(key, others)
    assert said(store.history(key)[1:]) == others


def test_of_two_words_on_one_place_at_once_the_last_is_meant(store, key):
    store.give(key, [Verdict("q1", "a", 1), Verdict("q1", "b", 0), Verdict("q1", "a", 3)])
    assert said(store.history(key)) == [Verdict("q1", "b", 0), Verdict("q1", "a", 3)]


def test_a_word_with_a_moment_keeps_it_and_enters_once(store, key):
    words = [
        Verdict("q1", "a", 1, rater="ann", at="2020-01-01T00:00:00+00:00"),
        Verdict("q1", "a", 3, rater="ann", at="2020-01-01T00:00:00+00:00"),
        Verdict("q1", "a", 2, rater="ann", at="2019-01-01T00:00:00+00:00"),
    ]
    store.give(key, words)
    store.give(key, words)
    assert store.history(key) == tuple(words)
    assert store.latest(key) == (words[2],)


def test_all_or_none_enter(store, key):
    with pytest.raises(BadInput, match="the query set has no query 'q9'; add the query before its verdicts"):
        store.give(key, [Verdict("q1", "a", 1), Verdict("q9", "a", 1)])
    with pytest.raises(BadInput, match="the query set has no query 'q9'"):
        store.give(key, [Verdict("q9", "a", 1)], [Query("q3", "new")])
    assert store.history(key) == ()
    assert [query.id for query in QuerySets(store.home).queries(key)] == ["q1", "q2"]


def test_queries_enter_with_their_verdicts(store, key):
    store.give(key, [Verdict("q3", "a", 1)], [Query("q3", "new"), Query("q1", "other text", "c")])
    assert [(query.id, query.text) for query in QuerySets(store.home).queries(key)] == [
        ("q1", "other text"),
        ("q2", "survives wash-down"),
        ("q3", "new"),
    ]
    assert said(store.history(key)) == [Verdict("q3", "a", 1)]


def test_many_queries_at_once_are_many(store):
    queries = [Query(f"q{at}", "x") for at in range(700)]
    key = QuerySets(store.home).create("shop", "Long", queries).key
    words = [Verdict(query.id, "d", at % 4) for at, query in enumerate(queries)]
    store.give(key, words)
    store.give(key, words)
    assert said(store.history(key)) == words


def test_sets_are_kept_apart(store, key):
    other = QuerySets(store.home).create("shop", "Tail", QUERIES).key
    store.give(key, [Verdict("q1", "a", 1)])
    store.give(other, [Verdict("q1", "a", 2)])
    assert [word.grade for word in store.history(key)] == [1]
    assert [word.grade for word in store.history(other)] == [2]
    with pytest.raises(BadInput, match="there is no query set 'gone'"):
        store.give("gone", [Verdict("q1", "a", 1)])
    for read in (store.history, store.latest, store.judgments, store.stats, store.version):
        with pytest.raises(BadInput, match="there is no query set 'gone'"):
            read("gone")


def test_a_store_opened_again_knows_what_was_given(store, key):
    store.give(key, [Verdict("q1", "a", 1, note="n")])
    assert JudgmentStore(store.home).history(key) == store.history(key)


@pytest.mark.parametrize(
    ("verdict", "message"),
    [
        (Verdict("q1", "", 1), "the verdict on '' for the query 'q1' names no document; give its id"),
        (Verdict("q1", "d\0", 1), r"the document of the verdict on 'd\\x00' .* holds the character U\+0000"),
        (Verdict("q1", "d", 1, rater="\udfff"), r"the rater of the verdict on 'd' .* holds the character U\+DFFF"),
        (Verdict("q1", "d", 1, note="x" * 100_001), "the note of the verdict on 'd' .* has 100,001 characters"),
        (Verdict("q1", "d" * 10_001, 1), "the document of .* has 10,001 characters, at most 10,000"),
        (Verdict("\ud800", "d", 1), r"the query of the verdict on 'd' for the query '\\ud800' holds the character U\+D800"),
    ],
)
def test_a_verdict_that_cannot_be_stored_is_refused_with_all_others(home, verdict, message):
    store = JudgmentStore(home)
    key = QuerySets(home).create("shop", "Head", QUERIES).key
    with pytest.raises(BadInput, match=message):
        store.give(key, [Verdict("q1", "a", 1), verdict])
    assert store.history(key) == ()


def test_any_text_names_a_document_and_a_rater(store, key):
    ids = ["a\tb", 'say "x"', "🧪", "two\nlines", "'; DROP TABLE verdicts; --", "漢" * 10_000]
    words = [Verdict("q1", id, 2, rater=id[:100], note=id) for id in ids]
    store.give(key, words)
    assert said(store.history(key)) == words


def test_undo_goes_back_word_by_word(store, key):
    store.give(key, [Verdict("q1", "a", 1, rater="ann")])
    store.give(key, [Verdict("q1", "b", 3, rater="ann")])
    store.give(key, [Verdict("q1", "a", 2, rater="ann", note="better")])
    states = []
    for _ in range(4):
        undone = store.undo(key, "ann")
        states.append((said(undone), [(word.document_id, word.grade) for word in store.latest(key)]))
    assert states == [
        ([Verdict("q1", "a", 1, rater="ann")], [("a", 1), ("b", 3)]),
        ([Verdict("q1", "b", None, rater="ann")], [("a", 1)]),
        ([Verdict("q1", "a", None, rater="ann")], []),
        ([], []),
    ]
    assert len(store.history(key)) == 6


def test_undo_takes_back_what_was_given_at_once(store, key):
    store.give(key, [Verdict("q1", "a", 1, rater="ann")])
    store.give(key, [Verdict(query, document, 0, rater="ann") for query in ("q1", "q2") for document in "abc"])
    assert len(store.undo(key, "ann")) == 6
    assert [(word.query_id, word.document_id, word.grade) for word in store.latest(key)] == [("q1", "a", 1)]


def test_undo_leaves_the_words_of_others(store, key):
    store.give(key, [Verdict("q1", "a", 1, rater="ann")])
    store.give(key, [Verdict("q1", "a", 3, rater="bob")])
    assert said(store.undo(key, "ann")) == [Verdict("q1", "a", None, rater="ann")]
    assert said(store.latest(key)) == [Verdict("q1", "a", 3, rater="bob")]
    assert store.undo(key, "nobody") == ()


def test_undo_after_new_words_reaches_these_first(store, key):
    for grade in (1, 2, 1):
        store.give(key, [Verdict("q1", "a", grade, rater="ann")])
    store.undo(key, "ann")
    store.give(key, [Verdict("q1", "a", 3, rater="ann")])
    found = []
    while store.undo(key, "ann"):
        found.append([word.grade for word in store.latest(key)])
    assert found == [[2], [1], []]


def test_undo_of_a_word_taken_back_gives_it_again(store, key):
    store.give(key, [Verdict("q1", "a", 3, rater="ann")])
    store.give(key, [Verdict("q1", "a", None, rater="ann")])
    assert store.latest(key) == ()
    store.undo(key, "ann")
    assert said(store.latest(key)) == [Verdict("q1", "a", 3, rater="ann")]


def test_a_word_that_is_restored_has_its_old_place_among_the_others(store, key):
    store.give(key, [Verdict("q1", "a", 1, rater="ann")])
    store.give(key, [Verdict("q1", "a", 2, rater="bob")])
    store.give(key, [Verdict("q1", "a", 3, rater="ann")])
    assert store.judgments(key) == (Judgment("q1", "a", 3),)
    store.undo(key, "ann")
    assert store.judgments(key) == (Judgment("q1", "a", 2),)


def test_a_history_carried_elsewhere_is_undone_alike(store, key):
    for grade in (1, 2, 3):
        store.give(key, [Verdict("q1", "a", grade, rater="ann")])
    store.undo(key, "ann")
    other = QuerySets(store.home).create("shop", "Copy", QUERIES).key
    store.give(other, store.history(key))
    assert store.history(other) == store.history(key)
    store.undo(other, "ann")
    assert [word.grade for word in store.latest(other)] == [1]


def test_the_rule_of_the_set_or_another_one_counts(store, key):
    store.give(key, [Verdict("q1", "a", 0, rater="ann"), Verdict("q2", "b", None, True, rater="ann")])
    store.give(key, [Verdict("q1", "a", 2, rater="bob"), Verdict("q1", "a", 1, False, 0, 9, "bob")])
    store.give(key, [Verdict("q1", "a", 3, rater="cem")])
    span = Judgment("q1", "a", 1, 0, 9)
    assert store.judgments(key) == (Judgment("q1", "a", 3), span)
    QuerySets(store.home).decide(key, "median")
    assert store.judgments(key) == (Judgment("q1", "a", 2), span)
    assert store.judgments(key, "adjudicator:ann") == (Judgment("q1", "a", 0), span)
    assert store.judgments(key, query_id="q2") == ()
    with pytest.raises(BadInput, match="'mean' is no rule"):
        store.judgments(key, "mean")


def test_stats_count_what_they_say(store, key):
    assert store.stats(key) == Stats(2, 0, 0, {}, {}, 0, 0)
    store.give(key, [Verdict("q1", "a", 0, rater="ann"), Verdict("q1", "b", 2, rater="ann"), Verdict("q2", "a", 1, rater="ann")])
    store.give(key, [Verdict("q1", "a", 3, rater="bob"), Verdict("q1", "b", 2, rater="bob")])
    store.give(key, [Verdict("q2", "a", None, rater="ann"), Verdict("q2", "c", None, True, rater="bob")])
    # six words stand, one of them can't tell; a: 0 against 3, b: 2 and 2
    assert store.stats(key) == Stats(2, 1, 7, {"ann": 2, "bob": 3}, {2: 1, 3: 1}, 1, 1)


def test_the_version_is_another_after_every_change(store, key):
    seen = [store.version(key)]
    for change in (
        lambda: store.give(key, [Verdict("q1", "a", 1)]),
        lambda: store.give(key, [Verdict("q2", "a", 1)]),
        lambda: store.undo(key, ""),
        lambda: QuerySets(store.home).decide(key, "median"),
        lambda: QuerySets(store.home).remove(key, ["q2"]),
        lambda: store.give(key, [Verdict("q1", "b", 1), Verdict("q1", "c", 1)]),
    ):
        change()
        assert store.version(key) == store.version(key)
        seen.append(store.version(key))
    assert len(set(seen)) == len(seen)


def test_threads_that_share_a_store_lose_nothing(store, key):
    failures = []

    def give(rater):
        try:
            for at in range(25):
                store.give(key, [Verdict("q1", f"d{at}", at % 4, rater=rater)])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=give, args=(rater,)) for rater in ("ann", "bob")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []
    assert len(store.history(key)) == len(store.latest(key)) == 50


def test_a_failure_halfway_leaves_nothing(home):
    store = JudgmentStore(home)
    key = QuerySets(home).create("shop", "Head", QUERIES).key

    def fail(*_):
        raise RuntimeError("power cut")

    event.listen(store._engine, "commit", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        store.give(key, [Verdict("q1", "a", 1)])
    assert JudgmentStore(home).history(key) == ()


def test_what_is_no_database_is_told(home):
    home.mkdir()
    (home / "playground.db").write_text("not a database, but long enough to have a header" * 10)
    with pytest.raises(DatabaseUnavailable, match=r"playground\.db is damaged and was left as it is"):
        JudgmentStore(home)
