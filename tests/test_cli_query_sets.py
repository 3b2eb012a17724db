"""`playground evaluate --query-set`: what people judged in the app, scored in the terminal."""

import json
from dataclasses import replace

import pytest

from retrieval import Query, judging
from tests.test_cli import fast, playground, shop  # noqa: F401 - fixtures


@pytest.fixture
def judged(tmp_path, monkeypatch, shop):  # noqa: F811
    """A set of two queries over the shop, one of them synthetic, each with one document judged and one span."""
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "home"))
    sets, store = judging.QuerySets(), judging.JudgmentStore()
    queries = [Query("a", "relay with a 24 V coil"), Query("b", "plug-in relay", source="known-item")]
    key = sets.create("shop", "Mine", queries).key
    words = [judging.Verdict("a", "d1", 3, rater="Ann"), judging.Verdict("a", "d2", 1, start=0, end=9, rater="Ann")]
    store.give(key, [*words, judging.Verdict("b", "d4", 2, rater="Ann")])
    return shop


def report(playground, *arguments):  # noqa: F811
    status, out, err = playground("evaluate", *arguments, "--json")
    assert status == 0, err
    return json.loads(out)


def test_the_judgments_that_count_are_scored(playground, judged, fast):  # noqa: F811
    found = report(playground, judged, "--query-set", "Mine", "--pipeline", fast)
    assert (found["queries"], found["level"]) == (2, "documents and passages")
    found = report(playground, judged, "--query-set", "Mine", "--level", "documents", "--pipeline", fast)
    assert (found["queries"], found["level"]) == (2, "documents")


def test_synthetic_queries_are_left_out_by_a_switch(playground, judged, fast):  # noqa: F811
    found = report(playground, judged, "--query-set", "Mine", "--no-synthetic", "--level", "documents", "--pipeline", fast)
    assert found["queries"] == 1
    assert found["stages"]["sparse"]["nDCG@10"] == pytest.approx(1.0)


def test_held_out_queries_are_left_out_or_asked_alone(playground, judged, fast):  # noqa: F811
    sets = judging.QuerySets()
    (key,) = (record.key for record in sets.records("shop") if record.name == "Mine")
    sets.edit(key, [replace(query, held_out=query.id == "b") for query in sets.queries(key)])
    options = (judged, "--query-set", "Mine", "--level", "documents", "--pipeline", fast)
    found = {portion: report(playground, *options, "--portion", portion)["queries"] for portion in judging.PORTIONS}
    assert found == {"all": 2, "without held-out": 1, "held-out only": 1}


def test_a_set_or_level_that_is_not_there_is_refused(playground, judged, fast):  # noqa: F811
    status, _, err = playground("evaluate", judged, "--query-set", "Yours", "--pipeline", fast)
    assert status == 1
    assert "has no query set 'Yours'; it has Mine, Shipped" in err
    status, _, err = playground("evaluate", judged, "--query-set", "Mine", "--level", "chunks")
    assert "the level 'chunks' is not known; choose finest or documents" in err
