"""Data to plotly figures. No Streamlit here; colours are never the only carrier of a meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import plotly.graph_objects as go

from retrieval import STAGES, Ranking, Trace

STAGE_COLOURS = {"embed": "#7aa5f0", "dense": "#3b76e1", "sparse": "#e0812b", "fused": "#8a63d2", "reranked": "#1f9d76"}
STAGE_LABELS = {"embed": "embed query", "dense": "dense", "sparse": "sparse", "fused": "fuse", "reranked": "rerank"}
OVER_BUDGET = "#d64545"
GRADE_COLOURS = {None: "#9aa0ab", 0: "#8f949e", 1: "#9db8f2", 2: "#4f7fe8", 3: "#1c3fa8"}
FOUND_COLOURS = {"both": "#8a63d2", "dense only": "#3b76e1", "sparse only": "#e0812b"}
LATE = {"shape": "/", "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.35)", "size": 6}
GREY = "rgba(128,134,148,0.25)"
QUIET = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False}


def segments(trace: Trace) -> list[tuple[str, str, float, float]]:
    """(step, lane, start, milliseconds) of each step; dense and sparse legs start together."""
    ms = {step: seconds * 1000.0 for step, seconds in trace.seconds.items()}
    legs = max(ms["embed"] + ms["dense"], ms["sparse"])
    return [
        ("embed", "dense leg", 0.0, ms["embed"]),
        ("dense", "dense leg", ms["embed"], ms["dense"]),
        ("sparse", "sparse leg", 0.0, ms["sparse"]),
        ("fused", "dense leg", legs, ms["fused"]),
        ("reranked", "dense leg", legs + ms["fused"], ms["reranked"]),
    ]


def timing(trace: Trace, budget_ms: float) -> go.Figure:
    """A bar with a segment for each step, parallel legs above one another; what ends after the budget is red and hatched."""
    figure = go.Figure()
    for step, lane, start, length in segments(trace):
        late = start + length > budget_ms
        ends = f"ends at {start + length:.2f} ms{', over budget' if late else ''}"
        named = length > 0.09 * max(trace.total * 1000, budget_ms)
        figure.add_bar(
            y=[lane],
            x=[length],
            base=[start],
            orientation="h",
            marker={
                "color": OVER_BUDGET if late else STAGE_COLOURS[step],
                "pattern": LATE if late else {},
                "line": {"width": 0},
            },
            text=[f"{STAGE_LABELS[step]} {length:.1f}" if named else ""],
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"color": "white"},
            hovertemplate=f"{STAGE_LABELS[step]}: {length:.2f} ms, {ends}<extra></extra>",
        )
    longest = max(trace.total * 1000, budget_ms) * 1.06
    figure.add_vline(x=budget_ms, line={"color": OVER_BUDGET, "width": 2, "dash": "dot"})
    figure.update_layout(**QUIET, barmode="overlay", height=104, margin={"l": 0, "r": 8, "t": 4, "b": 22}, bargap=0.25)
    figure.update_xaxes(range=[0, longest], ticksuffix=" ms", gridcolor=GREY, zeroline=False)
    figure.update_yaxes(categoryorder="array", categoryarray=["sparse leg", "dense leg"], title=None)
    return figure


def rank_flow(
    rankings: Mapping[str, Ranking], shown: int, colours: Mapping[str, str], labels: Mapping[str, str], kinds: Mapping[str, str]
) -> go.Figure:
    """Lines of the top results across the four stages, rank 1 on top; a line skips a stage where it is deeper than twice that.

    `colours`, `labels` and `kinds` (a word for the colour) are by id.
    """
    depth = 2 * shown
    figure = go.Figure()
    for id in sorted({id for ranking in rankings.values() for id in ranking.ids[:shown]}):
        ranks = [rankings[stage].ranks.get(id) for stage in STAGES]
        ends_high = ranks[-1] is not None and ranks[-1] <= shown
        figure.add_scatter(
            x=list(STAGES),
            y=[rank if rank is not None and rank <= depth else None for rank in ranks],
            connectgaps=True,
            mode="lines+markers",
            cliponaxis=False,
            line={"color": colours[id], "width": 2.5 if ends_high else 1.2},
            marker={"size": 8 if ends_high else 5},
            opacity=1.0 if ends_high else 0.5,
            hovertemplate=f"{labels[id]}<br>{kinds[id]}<br>%{{x}}: rank %{{y}}<extra></extra>",
        )
        if ends_high:
            text = f"{ranks[-1]}  {labels[id]}"
            figure.add_annotation(x=3, y=ranks[-1], text=text, showarrow=False, xanchor="left", xshift=12, font={"size": 12})
    figure.update_layout(**QUIET, height=max(380, 21 * depth), margin={"l": 0, "r": 8, "t": 28, "b": 8})
    figure.update_xaxes(range=[-0.15, 4.6], tickvals=list(STAGES), side="top", showgrid=True, gridcolor=GREY, zeroline=False)
    ticks = [1, *range(5, depth + 1, 5)]
    figure.update_yaxes(range=[depth + 0.6, 0.4], tickvals=ticks, showgrid=False, zeroline=False)
    return figure


def contributions(names: Sequence[str], values: Sequence[float], colour: str, unit: str) -> go.Figure:
    """Horizontal bars, the first on top, with their numbers."""
    figure = go.Figure(
        go.Bar(
            y=list(names),
            x=list(values),
            orientation="h",
            marker_color=colour,
            text=[f"{value:.3f}" for value in values],
            textposition="auto",
            hovertemplate="%{y}: %{x:.4f} " + unit + "<extra></extra>",
        )
    )
    figure.update_layout(**QUIET, height=40 + 26 * len(names), margin={"l": 0, "r": 8, "t": 4, "b": 24})
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_xaxes(gridcolor=GREY, title=None, zeroline=False)
    return figure


def literal(text: str) -> str:
    """A text that plotly writes as it is: no tags, and no place for data in it."""
    return escape(text, quote=False).replace("%{", "%\u2060{")
