"""The charts of the page Evaluate: what they draw, and that text of users stays text."""

import numpy as np
import pytest

from pages.evaluate import charts
from pages.evaluate.quality import standing
from retrieval import Difference, Estimate, comparing

HOSTILE = "<b>%{x}</b>"


def difference(mean, low, high, p=0.01, improved=3, worse=1):
    return Difference(mean, low, high, p, p, improved, 0, worse, 0.1)


def row(name, gap=None, estimate=None):
    return charts.Row(name, "#123456", estimate or Estimate(0.5, 0.4, 0.7, 9), gap, standing(gap))


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def test_a_dot_stands_on_its_mean_with_its_interval():
    figure = charts.forest([row("a"), row("b", difference(0.2, 0.1, 0.4))], "RR", "a")
    one, other, gap = figure.data
    assert one.x == (0.5,)
    assert [pytest.approx(bar) for bar in (one.error_x.array, one.error_x.arrayminus)] == [(0.2,), (0.1,)]
    assert (other.y, gap.y, gap.x, gap.text) == ((1,), (1,), (0.2,), ("+0.200",))
    assert texts(figure) == ["baseline", "better"]


def test_one_query_is_a_dot_alone():
    figure = charts.forest([row("a", estimate=Estimate(0.5, None, None, 1))], "RR", "a")
    assert figure.data[0].error_x.array is None
    assert "no interval" in figure.data[0].hovertemplate


def test_text_of_users_stays_text():
    figure = charts.forest([row(HOSTILE), row("b", difference(0.2, 0.1, 0.4))], HOSTILE, HOSTILE)
    assert HOSTILE not in str(figure.to_dict())
    assert "&lt;b&gt;" in figure.layout.yaxis.ticktext[0]


def table(counts, means):
    return comparing.ClassTable(("a", "b"), tuple(f"class {at}" for at in range(len(counts))), np.array(counts), np.array(means))


def test_a_class_with_too_few_queries_has_its_number_and_no_colour():
    figure = charts.classes(table([12, 2], [[0.52, 0.9], [0.78, 0.1]]))
    coloured, grey = (np.array(layer.z, dtype=float) for layer in figure.data)
    assert np.isnan(coloured).tolist() == [[False, True], [False, True]]
    assert np.isnan(grey).tolist() == [[True, False], [True, False]]
    assert (figure.data[0].zmin, figure.data[0].zmax) == pytest.approx((0.5, 0.8))
    assert [text.split("<br>")[0] for text in texts(figure)] == ["<b>0.520</b>", "<b>0.900</b>", "<b>0.780</b>", "<b>0.100</b>"]
    assert ["too few" in text for text in texts(figure)] == [False, True, False, True]


def test_classes_that_are_all_small_are_all_grey():
    figure = charts.classes(table([1, 2], [[0.5, 0.9], [0.7, 0.1]]))
    assert np.isnan(np.array(figure.data[0].z, dtype=float)).all()


def test_parts_follow_one_another_and_what_is_over_the_budget_is_said():
    bars = {"slow": ({"dense": 40.0, "fused": 1.0, "reranked": 20.0}, 58.0), "quick": ({"sparse": 2.0, "fused": 0.5}, 2.5)}
    figure = charts.times(bars, 50)
    assert [(bar.x, bar.orientation) for bar in figure.data] == [
        ((40.0, 0.0), "h"),
        ((0.0, 2.0), "h"),
        ((1.0, 0.5), "h"),
        ((20.0, 0.0), "h"),
    ]
    assert texts(figure) == ["<b>58.0 ms</b>, over budget", "<b>2.5 ms</b>"]
    assert figure.layout.shapes[0].x0 == 50
