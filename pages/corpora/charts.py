"""Data to plotly figures of the Corpora page. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.common.charts import GREY, OVER_BUDGET, QUIET
from retrieval import Cost

SIDES: dict[str, tuple[str, dict[str, object]]] = {
    "A": ("#3b76e1", {}),
    "B": ("#8a63d2", {"shape": "/", "size": 6, "solidity": 0.35}),
}
BINS = 48
PART_COLOURS = ("#7aa5f0", "#e0812b", "#3b76e1", "#1f9d76", "#8a63d2")


def sizes(parts: Sequence[Cost]) -> go.Figure:
    """One bar of bytes on disk, a segment for each part, named where there is room."""
    total = max(sum(part.disk for part in parts), 1)
    figure = go.Figure()
    for part, colour in zip(parts, PART_COLOURS, strict=False):
        share = part.disk / total
        figure.add_bar(
            y=["disk"],
            x=[part.disk / 1e6],
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            text=[part.part if share > 0.12 else ""],
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"color": "white"},
            hovertemplate=f"{part.part}: %{{x:.2f}} MB, {share:.0%}<extra></extra>",
        )
    figure.update_layout(**QUIET, barmode="stack", height=84, margin={"l": 0, "r": 8, "t": 4, "b": 22})
    figure.update_xaxes(ticksuffix=" MB", gridcolor=GREY, zeroline=False)
    figure.update_yaxes(visible=False)
    return figure


def lengths(words: NDArray[np.int64]) -> go.Figure:
    """How many documents have how many words, in bins of equal ratio: lengths spread over powers of ten."""
    most = max(int(words.max(initial=1)), 10)
    edges = np.unique(np.round(np.geomspace(1, most + 1, 25)).astype(int))
    counts, _ = np.histogram(np.maximum(words, 1), edges)
    names = [f"{low:,}" if high - low <= 1 else f"{low:,} to {high - 1:,}" for low, high in pairwise(edges.tolist())]
    figure = go.Figure(go.Bar(x=names, y=counts, marker_color=PART_COLOURS[2], hovertemplate="%{x} words: %{y}<extra></extra>"))
    figure.update_layout(**QUIET, height=220, margin={"l": 0, "r": 8, "t": 8, "b": 8}, bargap=0.06)
    figure.update_xaxes(type="category", nticks=8, tickangle=0, zeroline=False)
    figure.update_yaxes(gridcolor=GREY, zeroline=False)
    return figure


def languages(counts: Mapping[str, int]) -> go.Figure:
    """How many documents are in which language, the most frequent on top; all but the first seven together."""
    shown = dict(list(counts.items())[:7])
    rest = sum(counts.values()) - sum(shown.values())
    shown |= {"others": rest} if rest else {}
    figure = go.Figure(
        go.Bar(
            y=list(shown),
            x=list(shown.values()),
            orientation="h",
            marker_color=PART_COLOURS[4],
            text=[f"{count:,}" for count in shown.values()],
            textposition="auto",
            hovertemplate="%{y}: %{x}<extra></extra>",
        )
    )
    figure.update_layout(**QUIET, height=40 + 24 * len(shown), margin={"l": 0, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(autorange="reversed", type="category")
    return figure


def chunk_lengths(lengths: Mapping[str, NDArray[np.int64]], limit: int | None) -> go.Figure:
    """Shares of chunks by their tokens, one set of bars over the other, and a line where the model stops reading.

    The last bar holds all that is longer than four times the limit, so that one huge chunk does not hide the others.
    """
    longest = max((int(each.max()) for each in lengths.values() if len(each)), default=1)
    top = min(longest, 4 * (limit or 256))
    width = max(1, -(-(top + 1) // BINS))
    edges = np.arange(0, top + width + 1, width)
    figure = go.Figure([_bars(name, np.minimum(each, top), edges) for name, each in lengths.items()])
    if limit is not None:
        label = f" the model reads {limit:,}"
        figure.add_vline(x=limit + 0.5, line={"color": OVER_BUDGET, "width": 2, "dash": "dot"}, annotation_text=label)
    title = "tokens of a chunk" if longest == top else f"tokens of a chunk, {top:,} and more in the last bar"
    figure.update_layout(**QUIET | {"showlegend": True}, barmode="overlay", height=220, margin={"l": 0, "r": 8, "t": 20, "b": 40})
    figure.update_layout(legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.2}, bargap=0)
    figure.update_xaxes(title=title, gridcolor=GREY, zeroline=False)
    figure.update_yaxes(title="share of chunks", tickformat=".0%", gridcolor=GREY, zeroline=False)
    return figure


def _bars(name: str, lengths: NDArray[np.int64], edges: NDArray[np.int64]) -> go.Bar:
    colour, pattern = SIDES[name]
    counts, width = np.histogram(lengths, edges)[0], int(edges[1] - edges[0])
    said = zip(counts.tolist(), edges[:-1].tolist(), strict=True)
    return go.Bar(
        name=name,
        x=edges[:-1] + (width - 1) / 2,
        y=counts / max(len(lengths), 1),
        width=width,
        marker={"color": colour, "opacity": 0.6, "pattern": pattern, "line": {"width": 1, "color": colour}},
        customdata=[f"{count:,} chunks of {low:,} to {low + width - 1:,}" for count, low in said],
        hovertemplate=f"{name}: %{{customdata}} tokens, %{{y:.1%}}<extra></extra>",
    )
