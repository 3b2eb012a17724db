"""The page Experiments, run without a browser: two experiments held against each other."""

import sqlite3

import pytest

from pages.common import state
from retrieval.experiments import Mean, Run
from tests.app.driving import clicked, table, words
from tests.app.evaluate_page import LSA_PIPELINE
from tests.app.experiments_page import OF_B, against


def test_the_two_newest_evaluations_are_held_against_each_other(keep):
    keep("Before")
    keep("After", OF_B, LSA_PIPELINE.with_(weight=0.8))
    keep("Weights", kind="sweep")
    app = against()
    assert app.selectbox(key=f"{state.COMPARED_EXPERIMENT} A").value.startswith("before-")
    assert app.selectbox(key=f"{state.COMPARED_EXPERIMENT} B").value.startswith("after-")
    found = table(app, "B minus A", "in words").iloc[0]
    assert (found["metric"], found["A"][:5], found["B"][:5]) == ("RR@10", "0.583", "0.667")
    assert found["B minus A"].startswith("+0.083 [")
    assert found["in words"] == "Within noise"
    assert "Within noise: RR@10 +0.083" in words(app)
    assert "1 improved, 1 equal, 1 worse. Randomisation test: p = " in words(app)
    assert table(app, "setting").to_dict("records") == [{"setting": "weight", "A": "0.5", "B": "0.8"}]


def test_one_experiment_is_held_against_its_own_baseline(keep):
    keep(runs=[Run("sparse", "stage", {"RR@10": Mean(0.2)}, {"RR@10": OF_B})], settings={"baseline": "sparse"})
    app = against()
    runs = [app.selectbox(key=f"{state.COMPARED_RUN} {letter}").value for letter in "AB"]
    assert runs == ["sparse", "reranked"]
    assert "The settings of sparse (in A) are not known: its rankings were imported." in words(app)
    assert "No setting differs, as far as the settings are known." in words(app)


def test_queries_that_moved_come_by_how_far_they_did(keep):
    keep("Before")
    keep("After", OF_B)
    found = table(against(), "query", "B minus A")
    assert found.to_dict("records") == [
        {"query": "what survives *wash-down*", "class": "paraphrase", "A": 0.25, "B": 1.0, "B minus A": 0.75},
        {"query": "24 V relay", "class": "numeric", "A": 1.0, "B": 0.5, "B minus A": -0.5},
    ]


def test_a_click_opens_the_query_in_search_with_the_pipeline_of_b(keep):
    keep("Before")
    keep("After", OF_B, LSA_PIPELINE.with_(weight=0.8))
    app = clicked(against(), 1, "query", "B minus A")
    assert app.text_input(key=state.QUERY).value == "24 V relay"
    assert app.selectbox(key=state.CORPUS).value == "shop"
    assert app.slider(key=state.WEIGHT).value == 0.8
    assert app.selectbox(key=state.EMBEDDER).value == "LSA"


def test_a_query_that_is_gone_is_named_by_its_id_and_not_opened(keep, sets, mine):
    keep("Before")
    keep("After", OF_B)
    sets.remove(mine.key, ["q2"])
    app = against()
    assert table(app, "query", "B minus A")["query"].tolist() == ["q2", "24 V relay"]
    assert "is gone; so it cannot be opened" in words(clicked(app, 0, "query", "B minus A"))


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"judgments_version": "w"}, "The judgments changed in between, so equal rankings may have other scores; run A again"),
        ({"corpus_fingerprint": "d"}, "The documents of the corpus changed in between; run A again to compare on the same ones."),
        ({"scores": {"q1": 0.5}}, "2 queries are only in A and left out."),
    ],
)
def test_what_changed_in_between_is_warned_of(keep, changes, warning):
    keep("Before")
    keep("After", **changes)
    app = against()
    assert warning in words(app)


def test_one_common_query_has_no_interval(keep):
    keep("Before")
    keep("After", {"q1": 0.5})
    app = against()
    assert table(app, "in words")["in words"].tolist() == ["One query only"]
    assert "With one query there is no interval: whatever it says may be chance." in words(app)


def test_equal_runs_differ_in_nothing(keep):
    keep("Before")
    keep("After")
    app = against()
    assert "No query differs: RR@10 +0.000" in words(app)
    assert "No query has another score." in words(app)


def test_runs_without_scores_of_queries_cannot_be_compared(keep):
    keep("Before")
    keep("Sweep", runs=[Run("weight 1", "variant", {"RR@10": Mean(0.9)})])
    app = against()
    assert app.selectbox(key=f"{state.COMPARED_RUN} B").value == "weight 1"
    assert "No metric is known for every query of both: reranked has RR@10; weight 1 has means only." in words(app)


def test_runs_on_other_queries_cannot_be_compared(keep):
    keep("Before")
    keep("After", {"z1": 1.0})
    assert "'reranked' and 'reranked' have no query in common; compare runs on one query set." in words(against())


def test_scores_that_are_damaged_are_told(keep, home):
    keep("Before")
    bad = keep("After")
    with sqlite3.connect(home / "playground.db") as connection:
        connection.execute("UPDATE experiments SET scores = '[' WHERE key = ?", (bad.key,))
    connection.close()
    assert "The experiment 'After' cannot be read (" in words(against())


def test_only_damaged_ones_cannot_be_compared(keep, home):
    keep()
    with sqlite3.connect(home / "playground.db") as connection:
        connection.execute("UPDATE experiments SET content = '[]'")
    connection.close()
    assert "None of these experiments can be read, so none can be compared." in words(against())
