"""The page Evaluate, run without a browser: times, and searches that take a job."""

from dataclasses import replace

import pytest

from pages.common import state
from pages.evaluate import searching
from retrieval import Engine, Pipeline
from tests.app.driving import ended, press, ran, table, words
from tests.app.evaluate_page import LSA_PIPELINE, STAGES, cells, put, shown


@pytest.fixture
def slowed(monkeypatch):
    """Let every part of a search take so many milliseconds."""
    search = Engine.search

    def slow(milliseconds):
        def timed(*given, **named):
            found = search(*given, **named)
            return replace(found, seconds=dict.fromkeys(found.seconds, milliseconds / 1000))

        monkeypatch.setattr(Engine, "search", timed)

    return slow


def test_what_is_over_the_budget_is_marked(slowed):
    slowed(0.4)
    app = shown(budget="1")
    # a query is embedded and searched, in the meantime found by keywords, fused, reranked
    assert cells(app, "p95") == pytest.approx({"dense": 0.8, "sparse": 0.4, "fused": 1.2, "reranked": 1.6})
    assert cells(app, "budget", "p95") == {
        "dense": "within",
        "sparse": "within",
        "fused": "over by 0.2 ms",
        "reranked": "over by 0.6 ms",
    }


def test_times_say_on_what_they_rest_and_are_measured_again(slowed):
    slowed(1)
    app = shown(evaluated="Time")
    app.slider(key=state.PASSES).set_value(2)
    app = ran(app)
    assert "current pipeline**: 2 repetitions of 2 queries, one by one, after a warm-up; measured 20" in words(app)
    slowed(1000)
    assert table(ran(app), "whole query")["whole query"][0] == "4.0 / 4.0"  # what was measured is kept
    assert table(press(app, "measure again"), "whole query")["whole query"][0] == "4000.0 / 4000.0"


def test_more_than_a_few_searches_are_a_job_and_what_is_done_is_shown(monkeypatch):
    monkeypatch.setattr(searching, "AT_ONCE", 1)
    app = shown()
    assert "2 searches are still to be done: current pipeline" in words(app)
    assert len(app.dataframe) == 0
    app = ended(press(app, "evaluate"))
    assert list(cells(app, "nDCG@10")) == STAGES


def test_a_job_that_fails_says_why_and_what_others_finished_is_shown(pipelines):
    broken = LSA_PIPELINE.to_dict() | {"reranker": {"type": "cross-encoder", "model": "nobody/no-such-model"}}
    record = pipelines.save("Broken", Pipeline.from_dict(broken))
    app = put(shown(), state.COMPARED, ["sparse", record.key])
    app = ended(press(app, "evaluate"))
    assert "Broken: " in words(app)
    assert "'nobody/no-such-model' could not be loaded" in words(app)
    assert list(cells(app, "nDCG@10")) == ["sparse"]
    assert "2 searches are still to be done: Broken" in words(app)
