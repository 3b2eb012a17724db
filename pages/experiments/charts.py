"""Data of the page Experiments to plotly figures. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from pages.common.charts import GREY, QUIET, literal
from retrieval import Difference

POINT = "#4f7fe8"
NOISE = "#9aa0ab"
GAIN, LOSS = "#3b76e1", "#e0812b"
ZERO = {"color": "rgba(128,134,148,0.9)", "width": 1.5}
SHOWN = 400


def forest(found: Mapping[str, Difference], verdicts: Mapping[str, str]) -> go.Figure:
    """The difference by each metric, a dot with its 95 % interval and a word beside it; hollow where it may be noise."""
    figure = go.Figure()
    names = [literal(metric) for metric in found]
    for name, (metric, one) in zip(names, found.items(), strict=True):
        arms = {} if one.low is None or one.high is None else {"array": [one.high - one.mean], "arrayminus": [one.mean - one.low]}
        noise = one.within_noise
        colour = NOISE if noise else POINT
        figure.add_scatter(
            x=[one.mean],
            y=[name],
            error_x={"type": "data", "color": colour, "thickness": 2, "width": 5, **arms} if arms else None,
            mode="markers",
            marker={
                "size": 11,
                "color": colour,
                "symbol": "circle-open" if noise else "circle",
                "line": {"width": 2, "color": colour},
            },
            hovertemplate=f"{name}: %{{x:+.4f}}, {verdicts[metric]}<extra></extra>",
        )
        word = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 10, "y": name, "font": {"size": 12}}
        figure.add_annotation(**word, text=verdicts[metric], showarrow=False)
    figure.add_vline(x=0, line=ZERO)
    figure.update_layout(**QUIET, height=60 + 36 * len(names), margin={"l": 0, "r": 120, "t": 8, "b": 36})
    figure.update_xaxes(title="B minus A", tickformat="+.2f", gridcolor=GREY, zeroline=False)
    figure.update_yaxes(autorange="reversed", type="category", showgrid=False)
    return figure


def moves(deltas: Sequence[float], names: Sequence[str], metric: str) -> go.Figure:
    """A bar for each query that moved, the largest gain first; above zero B is better. Of many the middle is left out."""
    pairs = sorted(zip(deltas, names, strict=True), key=lambda pair: -pair[0])
    pairs = pairs if len(pairs) <= SHOWN else [*pairs[: SHOWN // 2], *pairs[-SHOWN // 2 :]]
    figure = go.Figure(
        go.Bar(
            x=list(range(1, len(pairs) + 1)),
            y=[delta for delta, _ in pairs],
            marker={"color": [GAIN if delta > 0 else LOSS for delta, _ in pairs], "line": {"width": 0}},
            customdata=[literal(name[:120]) for _, name in pairs],
            hovertemplate="%{customdata}: %{y:+.3f}<extra></extra>",
        )
    )
    figure.add_hline(y=0, line=ZERO)
    figure.update_layout(**QUIET, height=230, margin={"l": 0, "r": 8, "t": 8, "b": 8}, bargap=0.15)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(title=f"{literal(metric)}, B minus A", tickformat="+.2f", gridcolor=GREY, zeroline=False)
    return figure
