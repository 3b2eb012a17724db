"""What came with a corpus in query sets of its own: once, kept up with the corpus, and never over what people said."""

import pytest
from sqlalchemy import update

from retrieval.corpora import read_collection
from retrieval.judging import JudgmentStore, QuerySets, Verdict, with_sets
from retrieval.judging.tables import QUERIES
from retrieval.metrics import grades_by_query
from retrieval.readers import Collection
from retrieval.types import Document, Judgment, Query

CAME = (Query("q1", "24 V relay", "numeric"), Query("q2", "wash-down"), Query("q3", "nobody judged me"))
FIRST = {"test": (Judgment("q1", "d1", 3), Judgment("q2", "d2", 2), Judgment("q2", "d2", 1, 4, 9))}


@pytest.fixture
def sets(database_home):
    return QuerySets(database_home)


@pytest.fixture
def store(database_home):
    return JudgmentStore(database_home)


def words(store, key):
    return [(word.document_id, word.start, word.grade, word.rater) for word in store.latest(key)]


def test_one_split_is_one_set(sets, store):
    (record,) = sets.ship("shop", CAME, FIRST)
    assert (record.name, record.corpus, record.split) == ("Shipped", "shop", "test")
    assert [(query.id, query.text, query.category, query.source) for query in sets.queries(record.key)] == [
        ("q1", "24 V relay", "numeric", "shipped"),
        ("q2", "wash-down", "", "shipped"),
        ("q3", "nobody judged me", "", "shipped"),
    ]
    assert store.judgments(record.key) == FIRST["test"]
    assert {word.rater for word in store.history(record.key)} == {"shipped"}


def test_the_same_again_changes_nothing(sets, store):
    (record,) = sets.ship("shop", CAME, FIRST)
    history = store.history(record.key)
    assert sets.ship("shop", iter(CAME), {"test": reversed(FIRST["test"])}) == (record,)
    assert store.history(record.key) == history
    assert len(sets.records()) == 1


def test_a_changed_collection_is_history_and_people_keep_their_words(sets, store):
    (record,) = sets.ship("shop", CAME, FIRST)
    store.give(record.key, [Verdict("q1", "d1", 0, rater="ann"), Verdict("q1", "d9", 2, rater="ann")])
    sets.edit(record.key, [Query("q1", "24 V relay", "mine", "a note", held_out=True)])
    later = {"test": (Judgment("q1", "d1", 2), Judgment("q2", "d2", 2), Judgment("q4", "d4", 1))}
    (again,) = sets.ship("shop", (*CAME[:2], Query("q4", "new")), later)
    assert again.key == record.key
    assert again.shipped != record.shipped
    assert len(store.history(record.key)) == 3 + 2 + 3
    assert words(store, record.key) == [
        ("d2", None, 2, "shipped"),
        ("d1", None, 0, "ann"),
        ("d9", None, 2, "ann"),
        ("d1", None, 2, "shipped"),
        ("d4", None, 1, "shipped"),
    ]
    assert Judgment("q1", "d1", 0) in store.judgments(record.key)
    kept = sets.queries(record.key)
    assert [query.id for query in kept] == ["q1", "q2", "q3", "q4"]
    assert (kept[0].category, kept[0].note, kept[0].held_out) == ("mine", "a note", True)


def test_several_splits_are_several_sets(sets, store):
    splits = {"dev": (Judgment("q1", "d1", 3),), "test": (Judgment("q2", "d2", 2), Judgment("q1", "d2", 1))}
    dev, test = sets.ship("shop", CAME, splits)
    assert [(record.name, record.split) for record in (dev, test)] == [("Shipped dev", "dev"), ("Shipped test", "test")]
    assert [[query.id for query in sets.queries(record.key)] for record in (dev, test)] == [["q1", "q3"], ["q1", "q2"]]
    assert store.judgments(test.key) == splits["test"]
    sets.rename(dev.key, "Ours")
    assert sets.ship("shop", CAME, splits)[0].name == "Ours"


def test_queries_without_judgments_become_a_set_that_judgments_join(sets, store):
    assert sets.ship("bare", (), {}) == ()
    (record,) = sets.ship("shop", CAME, {})
    assert (record.split, len(sets.queries(record.key))) == ("", 3)
    store.give(record.key, [Verdict("q1", "d1", 1, rater="ann")])
    (later,) = sets.ship("shop", CAME, FIRST)
    assert (later.key, later.split) == (record.key, "test")
    assert len(store.history(record.key)) == 1 + 3


def test_a_name_that_people_took_is_left_to_them(sets):
    sets.create("shop", "Shipped")
    (record,) = sets.ship("shop", CAME, FIRST)
    assert record.name == "Shipped 2"


def test_grades_that_are_older_than_query_sets_are_joined(sets, store):
    old = sets.create("shop", "Judgments", [Query("q1", "x"), Query("q2", "x")]).key
    store.give(old, [Verdict("q1", "d1", 1)])
    with sets._engine.begin() as connection:
        connection.execute(update(QUERIES).values(text=""))
    (record,) = sets.ship("shop", CAME, FIRST)
    assert (record.key, record.name) == (old, "Judgments")
    assert [query.text for query in sets.queries(old)] == [query.text for query in CAME]
    assert Judgment("q1", "d1", 1) in store.judgments(old)


def test_a_deleted_set_comes_back_with_what_came(sets, store):
    (record,) = sets.ship("shop", CAME, FIRST)
    sets.delete(record.key)
    (again,) = sets.ship("shop", CAME, FIRST)
    assert again.key != record.key
    assert store.judgments(again.key) == FIRST["test"]


def test_judgments_of_unknown_queries_are_left_out(sets, store):
    (record,) = sets.ship("shop", CAME[:1], {"test": (Judgment("q1", "d1", 3), Judgment("q9", "d1", 3))})
    assert store.judgments(record.key) == (Judgment("q1", "d1", 3),)


@pytest.mark.parametrize("name", ["parts-catalogue", "company-policies", "marlstream-docs"])
def test_a_sample_counts_as_it_came(home, name):
    came = read_collection(name)
    (record,) = QuerySets(home).ship(name, came.queries, came.judgments)
    counted = grades_by_query(JudgmentStore(home).judgments(record.key))
    assert counted == grades_by_query(came.judgments["test"])
    assert [query.id for query in QuerySets(home).queries(record.key)] == [query.id for query in came.queries]


def test_sets_as_a_collection(home):
    sets, store = QuerySets(home), JudgmentStore(home)
    sets.ship("shop", CAME, FIRST)
    mine = sets.create("shop", "Mine: ½?", [Query("q1", "another text"), Query("q2", "wash-down")])
    store.give(mine.key, [Verdict("q1", "d1", 1), Verdict("q2", "d2", 0), Verdict("q2", "gone", 3)])
    documents = (Document("d1", "relay"), Document("d2", "it survives"))
    found = with_sets(
        Collection(documents, (), {}, ()),
        [(record, sets.queries(record.key), store.judgments(record.key)) for record in sets.records("shop")],
    )
    other = f"{mine.key}/q1"
    assert [(query.id, query.text) for query in found.queries] == [
        *((query.id, query.text) for query in CAME),
        (other, "another text"),
    ]
    assert found.judgments == {"test": FIRST["test"], "Mine_ ½_": (Judgment(other, "d1", 1), Judgment("q2", "d2", 0))}
