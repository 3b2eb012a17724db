"""Query sets on disk: names, queries, what is held out, copies, and what came with a corpus."""

import random
import threading
from dataclasses import replace

import pytest

from retrieval.errors import BadInput, BadSetting
from retrieval.judging import JudgmentStore, QuerySets, Verdict
from retrieval.judging.guidelines import GUIDELINES
from retrieval.judging.holding import apportioned
from retrieval.types import Query

SAID = [Query("q1", "24 V relay", "numeric"), Query("q2", "survives wash-down", "paraphrase")]
GHOST = "\ud800"


@pytest.fixture
def sets(database_home):
    return QuerySets(database_home)


def ids(queries):
    return [query.id for query in queries]


def test_a_set_is_found_by_its_corpus_and_by_its_key(sets):
    one, two = sets.create("shop", "Head"), sets.create("shop", "Tail")
    other = sets.create("depot", "Head")
    assert [record.name for record in sets.records("shop")] == ["Head", "Tail"]
    assert sets.records() == (one, two, other)
    assert sets.record(two.key) == two
    assert (one.guidelines, one.rule, one.shipped, one.split) == (GUIDELINES, "latest", "", None)


def test_a_key_is_readable_and_stays(sets):
    record = sets.create("shop", "Größte Mühe, 2. Teil")
    assert record.key.startswith("grote-muhe-2-teil-")
    assert sets.rename(record.key, "Other") == replace(record, name="Other")
    assert sets.create("shop", "質問").key.startswith("queries-")


def test_a_name_is_one_sets(sets):
    sets.create("shop", "Head")
    tail = sets.create("shop", "Tail")
    with pytest.raises(BadInput, match="has a query set with the name 'Head' already; choose another"):
        sets.create("shop", " Head ")
    with pytest.raises(BadInput, match="has a query set with the name 'Head' already"):
        sets.rename(tail.key, "Head")
    with pytest.raises(BadInput, match="has a query set with the name 'Tail' already"):
        sets.copy(tail.key, "Tail")
    assert [record.name for record in sets.records("shop")] == ["Head", "Tail"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "1 to 100 characters, this has 0"), ("x" * 101, "this has 101"), ("a\tb", "control character")],
)
def test_a_name_that_cannot_be_shown_is_refused(home, name, message):
    sets = QuerySets(home)
    with pytest.raises(BadInput, match=message):
        sets.create("shop", name)
    assert sets.records() == ()


def test_those_who_create_at_once_do_not_share_a_name(database_home):
    done, refused = [], []

    def create():
        try:
            done.append(QuerySets(database_home).create("shop", "Head").key)
        except BadInput as error:
            refused.append(str(error))

    QuerySets(database_home)
    threads = [threading.Thread(target=create) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (len(done), len(refused)) == (1, 5)
    assert [record.key for record in QuerySets(database_home).records()] == done


def test_guidelines_and_rule_are_replaced(sets):
    key = sets.create("shop", "Head").key
    assert sets.guide(key, "# Ours").guidelines == "# Ours"
    assert sets.decide(key, "adjudicator:ann").rule == "adjudicator:ann"
    assert sets.record(key).guidelines == "# Ours"
    with pytest.raises(BadInput, match="'mean' is no rule"):
        sets.decide(key, "mean")
    with pytest.raises(BadInput, match="the text of the guidelines has 100,001 characters, at most 100,000"):
        sets.guide(key, "x" * 100_001)


def test_every_call_with_an_unknown_key_says_so(sets):
    calls = [
        lambda: sets.record("gone"),
        lambda: sets.queries("gone"),
        lambda: sets.rename("gone", "x"),
        lambda: sets.guide("gone", "x"),
        lambda: sets.decide("gone", "median"),
        lambda: sets.copy("gone", "x"),
        lambda: sets.delete("gone"),
        lambda: sets.add("gone", SAID),
        lambda: sets.edit("gone", SAID),
        lambda: sets.remove("gone", ["q1"]),
        lambda: sets.hold_out("gone", 0.5),
    ]
    for call in calls:
        with pytest.raises(BadInput, match="there is no query set 'gone'; it may have been deleted"):
            call()


def test_queries_come_back_as_they_were_added(sets):
    queries = [Query("b", "later first", "c", "note\nof two lines", "log", "2026-01-02T03:04:05+00:00", True), Query("a", "x")]
    key = sets.create("shop", "Head", queries).key
    found = sets.queries(key)
    assert found[0] == queries[0]
    assert found[1] == replace(queries[1], added=found[1].added)
    assert found[1].added > "2026-01-02"


def test_any_text_is_an_id(sets):
    odd = ["a\tb", 'say "x"', "🧪 emoji", "two\nlines", " edge ", "edge", "EDGE", "'; DROP TABLE queries; --", "漢字"]
    key = sets.create("shop", "Head", [Query(id, id) for id in odd]).key
    assert ids(sets.queries(key)) == odd
    assert [sets.remove(key, [id]) for id in odd] == [1] * len(odd)


def test_ids_may_be_long_and_alike(sets):
    chance = random.Random(3)
    long = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz漢字🧪", k=9_999))
    key = sets.create("shop", "Head", [Query(long + "1", "x"), Query(long + "2", "y")]).key
    assert ids(sets.queries(key)) == [long + "1", long + "2"]
    with pytest.raises(BadInput, match="has 10,001 characters, at most 10,000 are kept; shorten it"):
        sets.add(key, [Query(long + "12", "x")])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (Query("", "x"), "the query '' has no id; give it one"),
        (Query("q", " \n"), "the query 'q' has no text; give it one"),
        (Query("q\0", "x"), r"the id of the query 'q\\x00' holds the character U\+0000, which is no text; remove it"),
        (Query("q", f"a{GHOST}"), r"the text of the query 'q' holds the character U\+D800"),
        (Query("q", "x", note=GHOST), r"the note of the query 'q' holds the character U\+D800"),
        (Query("q", "x" * 100_001), "the text of the query 'q' has 100,001 characters"),
        (Query("q1", "again"), "two queries have the id 'q1'; give each its own"),
    ],
)
def test_a_query_that_cannot_be_stored_is_refused_with_all_others(home, query, message):
    sets = QuerySets(home)
    key = sets.create("shop", "Head").key
    with pytest.raises(BadInput, match=message):
        sets.add(key, [*SAID, query])
    assert sets.queries(key) == ()


def test_adding_refuses_what_is_there_unless_it_may_replace(sets, database_home):
    key = sets.create("shop", "Head", SAID).key
    JudgmentStore(database_home).give(key, [Verdict("q1", "d", 2)])
    with pytest.raises(BadInput, match="the query 'q1' is in the set already; replace it or give another id"):
        sets.add(key, [Query("q3", "x"), Query("q1", "other")])
    assert ids(sets.queries(key)) == ["q1", "q2"]
    before = sets.queries(key)[0]
    assert sets.add(key, [Query("q3", "x"), Query("q1", "other", "new", "n", "imported")], replacing=True) == 1
    assert ids(sets.queries(key)) == ["q1", "q2", "q3"]
    assert sets.queries(key)[0] == Query("q1", "other", "new", "n", "imported", before.added)
    assert len(JudgmentStore(database_home).history(key)) == 1


def test_many_are_edited_at_once_or_none(sets):
    key = sets.create("shop", "Head", SAID).key
    first, second = sets.queries(key)
    edited = [replace(first, text="A", category="B", note="C", held_out=True), replace(second, text="D")]
    sets.edit(key, [replace(query, source="x", added="y") for query in edited])
    assert sets.queries(key) == tuple(edited)
    with pytest.raises(BadInput, match="the query set has no query 'q9'"):
        sets.edit(key, [replace(first, text="never"), Query("q9", "x")])
    assert sets.queries(key) == tuple(edited)


def test_removed_queries_take_their_verdicts_with_them(sets, database_home):
    store, key = JudgmentStore(database_home), sets.create("shop", "Head", SAID).key
    store.give(key, [Verdict("q1", "d", 2), Verdict("q2", "d", 3)])
    assert sets.remove(key, ["q1", "never there"]) == 1
    assert [verdict.query_id for verdict in store.history(key)] == ["q2"]
    assert sets.remove(key, []) == 0
    assert ids(sets.queries(key)) == ["q2"]


def test_a_copy_has_the_whole_history_and_is_apart(sets, database_home):
    store, key = JudgmentStore(database_home), sets.create("shop", "Head", SAID).key
    store.give(key, [Verdict("q1", "d", 2, rater="ann")])
    store.give(key, [Verdict("q1", "d", 3, rater="ann"), Verdict("q2", "e", None, True, 0, 4, "bob", "note")])
    sets.decide(key, "median")
    copy, bare = sets.copy(key, "Copy"), sets.copy(key, "Bare", verdicts=False)
    assert (copy.rule, copy.corpus, copy.shipped) == ("median", "shop", "")
    assert sets.queries(copy.key) == sets.queries(bare.key) == sets.queries(key)
    assert store.history(copy.key) == store.history(key)
    assert store.history(bare.key) == ()
    store.give(copy.key, [Verdict("q2", "d", 0)])
    sets.remove(copy.key, ["q1"])
    assert (len(store.history(key)), len(sets.queries(key))) == (3, 2)


def test_a_deleted_set_is_gone_with_everything_and_its_name_free(sets, database_home):
    store, key = JudgmentStore(database_home), sets.create("shop", "Head", SAID).key
    kept = sets.create("shop", "Tail", SAID).key
    store.give(key, [Verdict("q1", "d", 2)])
    store.give(kept, [Verdict("q1", "d", 1)])
    sets.delete(key)
    assert [record.key for record in sets.records()] == [kept]
    assert len(store.history(kept)) == 1
    again = sets.create("shop", "Head", SAID).key
    assert store.history(again) == ()


def of_classes(**sizes):
    return [Query(f"{name}{at}", "x", name) for name, size in sizes.items() for at in range(size)]


def test_every_class_gives_its_share(sets):
    key = sets.create("shop", "Head", of_classes(a=20, b=10, c=5)).key
    held = sets.hold_out(key, 0.2, seed=1)
    assert [sum(id.startswith(name) for id in held) for name in "abc"] == [4, 2, 1]
    assert held == tuple(query.id for query in sets.queries(key) if query.held_out)


def test_shares_of_small_classes_go_by_largest_remainders():
    sizes = {("a", False): 7, ("b", False): 6, ("c", False): 2}
    # a quarter of 15 is 3.75, so 4 in all: 1.75, 1.5 and 0.5 give 1, 1, 0; the two that are left go to .75 and one of the .5
    counts = apportioned(sizes, 0.25, seed=0)
    assert (counts["a", False], sum(counts.values())) == (2, 4)


def test_synthetic_queries_are_held_out_apart(sets):
    asked, made = of_classes(a=10), [Query(f"k{at}", "x", "a", source="known-item") for at in range(30)]
    key = sets.create("shop", "Head", [*asked, *made]).key
    held = sets.hold_out(key, 0.3)
    assert [sum(id.startswith(letter) for id in held) for letter in "ak"] == [3, 9]


def test_what_is_held_out_stays_so_when_others_come(sets):
    key = sets.create("shop", "Head", of_classes(a=20)).key
    before = set(sets.hold_out(key, 0.2, seed=1))
    sets.add(key, [Query(f"new{at}", "x", "a") for at in range(20)])
    assert {query.id for query in sets.queries(key) if query.held_out} == before
    sets.add(key, [replace(query, held_out=False) for query in sets.queries(key)], replacing=True)
    after = set(sets.hold_out(key, 0.2, seed=5))
    assert before < after
    assert len(after) == 8
    assert set(sets.hold_out(key, 0.1, seed=1)) == after


def test_equal_seeds_draw_equally(sets):
    one, two = (sets.create("shop", name, of_classes(a=40)).key for name in ("One", "Two"))
    assert sets.hold_out(one, 0.5, seed=3) == sets.hold_out(two, 0.5, seed=3)
    three = sets.create("shop", "Three", of_classes(a=40)).key
    assert sets.hold_out(three, 0.5, seed=4) != sets.hold_out(one, 0.5, seed=3)


@pytest.mark.parametrize("share", [0, 1, -0.1, float("nan")])
def test_a_share_outside_of_0_to_1_is_refused(home, share):
    sets = QuerySets(home)
    key = sets.create("shop", "Head", SAID).key
    with pytest.raises(BadSetting, match=r"the share held out is .*, it must be above 0 and below 1"):
        sets.hold_out(key, share)
