"""What is beneath the curve to plotly figures. No Streamlit here; colours are never the only carrier of a meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from pages.common.charts import FOUND_COLOURS, QUIET, STAGE_COLOURS, literal
from pages.tune.sweep_chart import AXIS, INK, QUIETER, TESTED, Floats
from retrieval import tuning

GAIN, LOSE = STAGE_COLOURS["reranked"], "#d64545"
NEITHER = "#8f949e"
DEEP = 0.3  # of the scale
HUE = [[0.0, "rgba(79,70,229,0.05)"], [1.0, "rgba(79,70,229,1)"]]


def moves(rows: Mapping[str, tuple[int, int]]) -> go.Figure:
    """How many queries of each class gain, to the right, and lose, to the left; `rows` {class: (gain, lose)}."""
    names = [literal(name) for name in rows]
    figure = go.Figure()
    for at, (word, sign, colour) in enumerate((("gain", 1, GAIN), ("lose", -1, LOSE))):
        counts = [own[at] for own in rows.values()]
        figure.add_bar(
            y=names,
            x=[sign * count for count in counts],
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            text=[f"{count:,} {word}" if count else "" for count in counts],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    most = max((count for own in rows.values() for count in own), default=0)
    figure.update_layout(
        **QUIET, barmode="overlay", bargap=0.35, height=48 + 30 * len(rows), margin={"l": 8, "r": 8, "t": 4, "b": 8}
    )
    figure.update_xaxes(visible=False, range=[-1.5 * most - 1, 1.5 * most + 1])
    figure.add_vline(x=0, line={"color": QUIETER, "width": 1})
    figure.update_yaxes(autorange="reversed", type="category")
    return figure


def multiples(
    weights: Floats, found: Mapping[str, tuning.Overview], metric: str, reference: float, current: tuple[str, int]
) -> go.Figure:
    """The curve of each method, all on one scale; the best weight is a diamond, and where the page is now a dot."""
    columns = 3
    rows = -(-len(found) // columns)
    titles = [f"<b>{literal(name)}</b>" for name in found]
    figure = make_subplots(
        rows, columns, shared_xaxes=True, shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.03, vertical_spacing=0.14
    )
    for at, (name, own) in enumerate(found.items()):
        place = {"row": 1 + at // columns, "col": 1 + at % columns}
        means, best = own.quality.means, own.best
        hover = f"{literal(name)}, weight %{{x:.2f}}: %{{y:.3f}}<extra></extra>"
        figure.add_scatter(
            x=weights, y=means.round(5), mode="lines", line={"color": INK, "width": 2}, hovertemplate=hover, **place
        )
        marker = {"color": INK, "size": 11, "symbol": "diamond-open", "line": {"width": 2}}
        text = f"{weights[best]:.2f}: <b>{means[best]:.3f}</b>"
        spot = {"x": [weights[best]], "y": [means[best]], "cliponaxis": False, "hoverinfo": "skip"}
        figure.add_scatter(**spot, mode="markers+text", marker=marker, text=[text], textposition="top center", **place)
        if name == current[0]:
            dot = {"color": INK, "size": 12, "line": {"color": "white", "width": 2}}
            here = {"x": [weights[current[1]]], "y": [means[current[1]]], "hoverinfo": "skip"}
            figure.add_scatter(**here, mode="markers", marker=dot, **place)
    figure.add_hline(y=reference, line={"color": QUIETER, "width": 1.2, "dash": "dot"})
    every = np.array([own.quality.means for own in found.values()])
    room = 0.16 * max(float(np.ptp(every)), 0.01)
    figure.update_yaxes(range=[every.min() - room, every.max() + 2 * room])
    figure.update_layout(**QUIET, height=90 + 190 * rows, margin={"l": 8, "r": 8, "t": 34, "b": 40})
    figure.update_xaxes(**AXIS, range=[-0.02, 1.02])
    figure.update_yaxes(**AXIS, tickformat=".2f")
    figure.update_yaxes(title=literal(metric), col=1)
    figure.update_xaxes(title="weight", row=rows)
    return figure


def coverage(rows: Mapping[str, NDArray[np.int64]]) -> go.Figure:
    """Who found the relevant ones of each class, as shares of all of them; `rows` {class: counts by `FOUND_BY`}."""
    figure = go.Figure()
    names = [f"{literal(name)} (n {sum(counts):,})" for name, counts in rows.items()]
    totals = [max(sum(counts), 1) for counts in rows.values()]
    for word in ("both", "dense only", "sparse only", "neither"):
        counts = [int(own[tuning.FOUND_BY.index(word)]) for own in rows.values()]
        shares = [count / total for count, total in zip(counts, totals, strict=True)]
        figure.add_bar(
            y=names,
            x=shares,
            name=word,
            orientation="h",
            marker={"color": FOUND_COLOURS.get(word, NEITHER), "line": {"width": 0}},
            text=[
                f"{word} {count:,}" if share > 0.11 else f"{count:,}" if share > 0.03 else ""
                for count, share in zip(counts, shares, strict=True)
            ],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            insidetextfont={"color": "white"},
            customdata=counts,
            hovertemplate=f"{word}: %{{customdata:,}}, %{{x:.0%}}<extra></extra>",
        )
    below = {"orientation": "h", "traceorder": "normal", "y": 1.0, "yanchor": "bottom", "x": 0}
    figure.update_layout(**{**QUIET, "showlegend": True}, barmode="stack", bargap=0.3, height=90 + 34 * len(rows), legend=below)
    figure.update_layout(margin={"l": 8, "r": 24, "t": 36, "b": 24})
    figure.update_xaxes(**AXIS, range=[0, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", type="category")
    return figure


def grid(
    k1s: Sequence[float],
    bs: Sequence[float],
    means: Mapping[str, Floats],
    best: Mapping[str, tuple[int, int]],
    current: tuple[int, int] | None,
    metric: str,
) -> go.Figure:
    """A heat map (k1, b) for each of `means`, each on its own scale, more colour the better; a cell that is not there is empty.

    `best` are framed, `current` is framed with dots.
    """
    titles = [f"<b>{literal(name)}</b>" for name in means]
    figure = make_subplots(1, len(means), shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.03)
    x, y = [f"{b:g}" for b in bs], [f"{k1:g}" for k1 in k1s]
    for at, (name, values) in enumerate(means.items(), start=1):
        hover = f"k1 %{{y}}, b %{{x}}<br>{literal(metric)} %{{z:.4f}}<extra></extra>"
        gaps = {"xgap": 1, "ygap": 1, "hoverongaps": False}
        figure.add_heatmap(z=values, x=x, y=y, colorscale=HUE, showscale=False, hovertemplate=hover, **gaps, row=1, col=at)
        for numbers in _cell_numbers(values, x, y):
            figure.add_scatter(**numbers, row=1, col=at)
        frames = [(best.get(name), {"color": TESTED, "width": 3}), (current, {"color": QUIETER, "width": 2, "dash": "dot"})]
        for cell, line in frames:
            if cell is not None:
                row, column = cell
                box = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
                figure.add_shape(type="rect", **box, line=line, row=1, col=at)
    figure.update_layout(**QUIET, height=420, margin={"l": 8, "r": 8, "t": 34, "b": 48})
    figure.update_xaxes(type="category", showgrid=False, title="b: 0 = length is ignored · 1 = long texts pay in full")
    figure.update_yaxes(type="category", showgrid=False)
    figure.update_yaxes(title="k1: 0 = a word counts once", col=1)
    return figure


def _cell_numbers(values: Floats, x: Sequence[str], y: Sequence[str]) -> Iterator[dict[str, object]]:
    """The numbers of the cells: those on much colour white, the others in the colour of all text, light or dark."""
    known = ~np.isnan(values)
    if not known.any():
        return
    low, high = values[known].min(), values[known].max()
    deep = values > low + DEEP * (high - low)
    for cells, colour in ((known & deep, {"color": "white"}), (known & ~deep, {})):
        rows, columns = (places.tolist() for places in np.nonzero(cells))
        yield {
            "x": [x[column] for column in columns],
            "y": [y[row] for row in rows],
            "text": [f"{value:.3f}".removeprefix("0") for value in values[cells]],
            "mode": "text",
            "textfont": {"size": 11, **colour},
            "hoverinfo": "skip",
        }
