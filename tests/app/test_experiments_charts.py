"""The words and charts of the page Experiments."""

import numpy as np
import pytest

from pages.common.charts import literal
from pages.experiments import charts
from pages.experiments.words import standing
from retrieval import differences


def gaining(*deltas):
    scores = {"A": np.zeros(len(deltas)), "B": np.array(deltas)}
    return differences(scores, "A")["B"]


@pytest.mark.parametrize(
    ("metric", "deltas", "said"),
    [
        ("RR@10", [0.0, 0.0], "No query differs"),
        ("RR@10", [0.5], "One query only"),
        ("RR@10", [0.5, -0.5, 0.25], "Within noise"),
        ("RR@10", [0.5] * 10, "B is better"),  # 2 of 1,024 patterns of signs are as far from zero
        ("RR@10", [-0.5] * 10, "B is worse"),
        ("RR@10", [0.5] * 4, "B is perhaps better"),  # 2 of 16 patterns: p is 0.125
        ("Judged@10", [-0.5] * 10, "B is judged less"),
    ],
)
def test_a_difference_is_put_into_words(metric, deltas, said):
    assert standing(metric, gaining(*deltas)) == said


def test_the_differences_are_drawn_with_their_words():
    scores = {"A": np.array([0.1, 0.2, 0.3]), "B": np.array([0.6, 0.7, 0.8]), "C": np.array([0.6, 0.1, 0.3])}
    found = differences(scores, "A")
    figure = charts.forest({"nDCG@10": found["B"], "<b>": found["C"]}, {"nDCG@10": "B is better", "<b>": "Within noise"})
    better, noise = figure.data
    assert (better.y[0], noise.y[0]) == ("nDCG@10", literal("<b>"))
    assert better.x[0] == pytest.approx(0.5)
    assert (better.marker.symbol, noise.marker.symbol) == ("circle", "circle-open")
    assert [note.text for note in figure.layout.annotations] == ["B is better", "Within noise"]


def test_the_moves_are_drawn_from_the_largest_gain_to_the_largest_loss():
    figure = charts.moves([-0.5, 0.75, 0.25], ["one", "<i>two</i>", "%{x}"], "RR@10")
    assert figure.data[0].y == (0.75, 0.25, -0.5)
    assert figure.data[0].customdata == (literal("<i>two</i>"), literal("%{x}"), "one")
    many = charts.moves([at / 1000 for at in range(-500, 500)], ["q"] * 1000, "RR@10").data[0].y
    assert (len(many), many[0], many[-1]) == (charts.SHOWN, 0.499, -0.5)
