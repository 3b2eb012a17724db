"""Data of the page Judge to plotly figures. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.common.charts import GRADE_COLOURS, QUIET, literal
from retrieval import GRADES

HUE = [[0.0, "rgba(79,70,229,0.04)"], [1e-9, "rgba(79,70,229,0.16)"], [1.0, "rgba(79,70,229,1)"]]
EDGE = "rgba(128,134,148,0.9)"


def confusion(counts: NDArray[np.int64], one: str, other: str) -> go.Figure:
    """How often the grades of one rater met those of another, (grades, grades); where they agree, a cell has a frame.

    One hue, the darker the more; every cell that is not empty has its number.
    """
    names = [f"{grade} {label}" for grade, label in GRADES.items()]
    one, other = literal(one), literal(other)
    most = max(int(counts.max(initial=0)), 1)
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            x=names,
            y=names,
            zmin=0,
            zmax=most,
            colorscale=HUE,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate=f"{one}: %{{y}}<br>{other}: %{{x}}<br>%{{z}} places<extra></extra>",
        )
    )
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = {"color": "white"} if count > 0.45 * most else {}
            figure.add_annotation(x=column, y=row, text=f"<b>{count:,}</b>", showarrow=False, font={"size": 14, **colour})
    for grade in range(len(names)):
        box = {"x0": grade - 0.5, "x1": grade + 0.5, "y0": grade - 0.5, "y1": grade + 0.5}
        figure.add_shape(type="rect", **box, line={"color": EDGE, "width": 1.5})
    figure.update_layout(**QUIET, height=300, margin={"l": 0, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(title=other, showgrid=False, zeroline=False)
    figure.update_yaxes(title=one, showgrid=False, zeroline=False)
    return figure


def grades(counts: Mapping[int, int]) -> go.Figure:
    """How many judgments have each grade, all four in their order, with their numbers."""
    figure = go.Figure(
        go.Bar(
            x=[f"{grade} {name}" for grade, name in GRADES.items()],
            y=[counts.get(grade, 0) for grade in GRADES],
            marker_color=[GRADE_COLOURS[grade] for grade in GRADES],
            text=[f"{counts.get(grade, 0):,}" for grade in GRADES],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{x}: %{y:,}<extra></extra>",
        )
    )
    figure.update_layout(**QUIET, height=240, margin={"l": 0, "r": 8, "t": 24, "b": 8}, bargap=0.25)
    figure.update_xaxes(type="category", zeroline=False)
    figure.update_yaxes(visible=False, rangemode="tozero")
    return figure
