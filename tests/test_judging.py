"""Judgments on disk: the latest grade counts, nothing is lost, two stores share a file."""

import sqlite3
import threading

import pytest

from retrieval.errors import BadSetting
from retrieval.judging import JudgmentStore
from retrieval.types import Judgment


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "judgments.sqlite"


def rows(path):
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT corpus, query_id, document_id, grade, rater FROM judgments ORDER BY id").fetchall()
    connection.close()
    return found


def test_the_latest_grade_counts_and_the_history_stays(path):
    store = JudgmentStore(path)
    store.add("shop", "q1", "a", 1, "ann")
    store.add("shop", "q1", "b", 3)
    store.add("shop", "q1", "a", 2, "bob")
    assert store.latest("shop") == {("q1", "a"): 2, ("q1", "b"): 3}
    assert rows(path) == [("shop", "q1", "a", 1, "ann"), ("shop", "q1", "b", 3, ""), ("shop", "q1", "a", 2, "bob")]


def test_none_takes_a_grade_back(path):
    store = JudgmentStore(path)
    store.add("shop", "q1", "a", 1)
    store.add("shop", "q1", "a", None)
    assert store.latest("shop") == {("q1", "a"): None}
    assert store.overlay("shop", (Judgment("q1", "a", 3), Judgment("q1", "b", 2))) == (Judgment("q1", "b", 2),)
    assert len(rows(path)) == 2


def test_given_grades_lie_over_the_shipped_ones(path):
    store = JudgmentStore(path)
    store.add("shop", "q1", "a", 0)
    store.add("shop", "q2", "c", 3)
    shipped = (Judgment("q1", "a", 3), Judgment("q1", "b", 2))
    assert set(store.overlay("shop", shipped)) == {Judgment("q1", "a", 0), Judgment("q1", "b", 2), Judgment("q2", "c", 3)}
    assert store.overlay("other", shipped) == shipped


def test_grades_of_spans_stay_as_they_came(path):
    store = JudgmentStore(path)
    store.add("shop", "q", "a", 0)
    shipped = (Judgment("q", "a", 3), Judgment("q", "a", 3, 0, 5), Judgment("q", "a", 1, 5, 9))
    assert set(store.overlay("shop", shipped)) == {Judgment("q", "a", 0), *shipped[1:]}


def test_corpora_are_kept_apart(path):
    store = JudgmentStore(path)
    store.add("one", "q", "d", 1)
    store.add("two", "q", "d", 2)
    assert (store.latest("one"), store.latest("two")) == ({("q", "d"): 1}, {("q", "d"): 2})
    assert store.latest("three") == {}


def test_a_store_opened_again_knows_what_was_given(path):
    JudgmentStore(path).add("shop", "q", "d", 3)
    assert JudgmentStore(path).latest("shop") == {("q", "d"): 3}


def test_two_stores_on_one_file_lose_nothing(path):
    stores = JudgmentStore(path), JudgmentStore(path)
    failures = []

    def give(store, offset):
        try:
            for at in range(25):
                store.add("shop", f"q{at}", f"d{offset}", at % 4)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=give, args=(store, offset)) for offset, store in enumerate(stores)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []
    assert stores[0].latest("shop") == stores[1].latest("shop")
    assert len(stores[0].latest("shop")) == 50


@pytest.mark.parametrize("grade", [-1, 4, 1.5, "2"])
def test_a_grade_outside_the_scale_is_refused(path, grade):
    store = JudgmentStore(path)
    with pytest.raises(BadSetting, match=f"grade {grade} must be one of 0, 1, 2, 3"):
        store.add("shop", "q", "d", grade)
    assert rows(path) == []


def test_any_text_is_an_id_and_any_folder_a_place(tmp_path):
    store = JudgmentStore(tmp_path / "a?b #1%20" / "judgments.sqlite")
    store.add("shöp", "q'; DROP TABLE judgments; --", "漢字 \t", 1)
    assert store.latest("shöp") == {("q'; DROP TABLE judgments; --", "漢字 \t"): 1}
    assert (tmp_path / "a?b #1%20" / "judgments.sqlite").stat().st_size > 0
