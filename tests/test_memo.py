"""Finished results: computed once, with their time, the least recently used let go."""

import threading
import time

import pytest

from retrieval.memo import Memo, timed


def test_a_result_is_computed_once_and_keeps_its_time():
    memo, calls = Memo(2), []
    first = memo.get("a", lambda: calls.append(1) or time.sleep(0.01) or "value")
    assert first == memo.get("a", lambda: calls.append(2) or "other")
    assert (first[0], calls) == ("value", [1])
    assert first[1] >= 0.01


def test_the_least_recently_used_is_let_go():
    memo = Memo(2)
    for key in ("a", "b", "a", "c"):  # b is the one not used for longest
        memo.get(key, lambda: "old")
    assert [memo.get(key, lambda: "new")[0] for key in ("a", "c", "b")] == ["old", "old", "new"]


def test_a_result_that_is_nothing_is_remembered_too():
    memo = Memo(1)
    memo.get("a", lambda: None)
    assert memo.get("a", lambda: "something")[0] is None


def test_a_failure_is_not_remembered():
    memo = Memo(1)
    with pytest.raises(ZeroDivisionError, match="division"):
        memo.get("a", lambda: 1 / 0)
    assert memo.get("a", lambda: "value")[0] == "value"


def test_threads_share_it():
    memo, results = Memo(8), []

    def ask():
        for at in range(200):
            results.append(memo.get(at % 16, lambda at=at: at % 16)[0] == at % 16)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results == [True] * 800


def test_timed_measures():
    value, seconds = timed(lambda: time.sleep(0.01) or 5)
    assert value == 5
    assert 0.01 <= seconds < 5
