"""Data of the page Evaluate to plotly figures. No Streamlit here; colours are never the only carrier of a meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from pages.common.charts import GREY, OVER_BUDGET, QUIET, STAGE_COLOURS, literal
from retrieval import Difference, Estimate, comparing

SAVED_COLOUR, OTHER_COLOUR = "#5b78a8", "#a8745b"
HUE = [[0.0, "#e9e7fd"], [1.0, "#3730a3"]]
ON_LIGHT, ON_DARK = "#1e1b4b", "#ffffff"
FEW, ON_FEW = "#d5d8de", "#3f4552"
ROW = 46
DARK_ABOVE = 0.45


@dataclass(frozen=True)
class Row:
    """A run in the forest plot; `verdict` says in words how it stands to the baseline."""

    name: str
    colour: str
    estimate: Estimate
    difference: Difference | None
    verdict: str


def shortened(text: str, length: int = 28) -> str:
    """A name that fits beside a chart, literally."""
    return literal(text if len(text) <= length else text[: length - 1] + "…")


def forest(rows: Sequence[Row], metric: str, baseline: str) -> go.Figure:
    """Left the mean of every run with its 95 % interval, right its difference to the baseline with zero marked."""
    compare = len(rows) > 1
    widths = {"column_widths": [0.52, 0.48]} if compare else {}
    figure = make_subplots(1, 2 if compare else 1, shared_yaxes=True, horizontal_spacing=0.05, **widths)
    for at, row in enumerate(rows):
        one = row.estimate
        _interval(figure, at, row.colour, one.mean, one.low, one.high, f"{one.mean:.3f}", 1)
        if compare and row.difference is not None:
            gap = row.difference
            _interval(figure, at, row.colour, gap.mean, gap.low, gap.high, f"{gap.mean:+.3f}", 2)
        if compare:
            verdict = {"text": row.verdict, "font": {"size": 13}, "showarrow": False, "xanchor": "left"}
            figure.add_annotation(x=1.012, xref="paper", y=at, yref="y2", **verdict)
    names = [f"<b>{shortened(row.name)}</b>" for row in rows]
    figure.update_layout(**QUIET, height=64 + ROW * len(rows), margin={"l": 0, "r": 112 if compare else 8, "t": 52, "b": 8})
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - 0.5, -0.5], showgrid=False)
    figure.update_yaxes(zeroline=False)
    figure.update_xaxes(gridcolor=GREY, zeroline=False, side="top", tickformat=".2f")
    figure.update_xaxes(title={"text": literal(metric), "standoff": 8}, col=1)
    if compare:
        figure.add_vline(x=0, line={"color": "rgba(128,134,148,0.9)", "width": 1.5}, col=2)
        figure.update_xaxes(title={"text": f"difference to {shortened(baseline)}", "standoff": 8}, tickformat="+.2f", col=2)
    return figure


def _interval(
    figure: go.Figure, at: int, colour: str, mean: float, low: float | None, high: float | None, text: str, column: int
) -> None:
    """A dot with its number above and its interval beside it, where there is one."""
    bars, said = None, f"{text}, no interval with one query"
    if low is not None and high is not None:
        bars = {"array": [high - mean], "arrayminus": [mean - low], "thickness": 2.5, "width": 0}
        said = f"{text} [{low:.3f}, {high:.3f}]"
    figure.add_scatter(
        x=[mean],
        y=[at],
        error_x=bars,
        mode="markers+text",
        marker={"color": colour, "size": 11},
        text=[text],
        textposition="top center",
        cliponaxis=False,
        hovertemplate=f"{said}<extra></extra>",
        row=1,
        col=column,
    )


def classes(table: comparing.ClassTable) -> go.Figure:
    """Means by run and class, the darker the better; a class with too few queries is grey. Every cell has number and count."""
    few, means = table.few, table.means
    low, high = colour_range(means[:, ~few])
    counts = zip(table.classes, table.counts.tolist(), strict=True)
    columns = [f"{shortened(name, 22)}<br>n = {count:,}" for name, count in counts]
    rows = [f"<b>{shortened(name)}</b>" for name in table.runs]
    grid = {"xgap": 3, "ygap": 3, "showscale": False, "hoverinfo": "skip"}
    figure = go.Figure(go.Heatmap(z=np.where(few, np.nan, means), zmin=low, zmax=high, colorscale=HUE, **grid))
    figure.add_heatmap(z=np.where(few, 0.0, np.nan) + 0 * means, colorscale=[[0, FEW], [1, FEW]], **grid)
    for (row, column), mean in np.ndenumerate(means):
        dark = mean - low > DARK_ABOVE * (high - low)
        colour = ON_FEW if few[column] else ON_DARK if dark else ON_LIGHT
        count = f"n {table.counts[column]:,}{', too few' if few[column] else ''}"
        text = f"<b>{mean:.3f}</b><br><span style='font-size:11px'>{count}</span>"
        figure.add_annotation(x=column, y=row, text=text, showarrow=False, font={"size": 14, "color": colour})
    figure.update_layout(**QUIET, height=70 + 54 * len(rows), margin={"l": 0, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=columns, side="top", showgrid=False, zeroline=False)
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=rows, autorange="reversed", showgrid=False, zeroline=False)
    return figure


def colour_range(means: NDArray[np.float64]) -> tuple[float, float]:
    """Where the colours begin and end: around the means, in tenths."""
    if not means.size:
        return 0.0, 1.0
    low, high = np.floor(10 * means.min()) / 10, np.ceil(10 * means.max()) / 10
    return float(low), float(max(high, low + 0.1))


PARTS = {
    "dense": ("dense leg", STAGE_COLOURS["dense"]),
    "sparse": ("sparse leg", STAGE_COLOURS["sparse"]),
    "fused": ("fuse", STAGE_COLOURS["fused"]),
    "reranked": ("rerank", STAGE_COLOURS["reranked"]),
}


def times(bars: Mapping[str, tuple[Mapping[str, float], float]], budget: float) -> go.Figure:
    """A bar for each name, its parts in milliseconds one after the other, the total behind it, and the budget as a line.

    `bars` {name: ({part of `PARTS`: milliseconds}, total)}.
    """
    figure = go.Figure()
    names = list(bars)
    longest = max([budget, *(total for _, total in bars.values()), *(sum(parts.values()) for parts, _ in bars.values())]) * 1.12
    for part, (label, colour) in PARTS.items():
        values = [bars[name][0].get(part, 0.0) for name in names]
        figure.add_bar(
            y=[literal(name) for name in names],
            x=values,
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            text=[f"{label} {value:.1f}" if value > 0.08 * longest else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"color": "white"},
            hovertemplate=f"{label}: %{{x:.1f}} ms<extra></extra>",
        )
    for name, (parts, total) in bars.items():
        late = total > budget
        text = f"<b>{total:.1f} ms</b>{', over budget' if late else ''}"
        font = {"color": OVER_BUDGET} if late else {}
        place = {"x": sum(parts.values()), "y": literal(name), "xanchor": "left", "xshift": 6, "showarrow": False}
        figure.add_annotation(text=text, font=font, **place)
    figure.add_vline(x=budget, line={"color": OVER_BUDGET, "width": 2, "dash": "dot"})
    figure.update_layout(
        **QUIET, barmode="stack", height=70 + 38 * len(names), bargap=0.3, margin={"l": 0, "r": 8, "t": 8, "b": 24}
    )
    figure.update_xaxes(range=[0, longest * 1.08], ticksuffix=" ms", gridcolor=GREY, zeroline=False)
    figure.update_yaxes(autorange="reversed", type="category")
    return figure
