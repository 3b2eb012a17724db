"""Results of the guided steps to plotly figures. No Streamlit here; colours are never the only carrier of a meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.common.charts import GREY, QUIET, STAGE_COLOURS, literal
from retrieval import Difference, Estimate, tuning

Floats = NDArray[np.float64]
Result = tuning.steps.StepResult

INK, TESTED = STAGE_COLOURS["fused"], STAGE_COLOURS["reranked"]
BAND, MUTED = "rgba(138,99,210,0.16)", "rgba(128,134,148,0.95)"
LINES = ("#8a63d2", "#3b76e1", "#e0812b", "#1f9d76", "#b0892f", "#a8745b", "#5b78a8")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")
AXIS = {"gridcolor": GREY, "zeroline": False}
PIN = 14  # characters of a line above a pin
DIAMOND = {"symbol": "diamond", "size": 12, "color": TESTED, "line": {"width": 1, "color": "white"}}


def scores(result: Result, in_use: int | None) -> go.Figure:
    """The mean of every variant with its interval, one below the other."""
    choice, listed = result.choice, list(result.verdicts)
    found = [choice.estimate(at) for at in listed]
    rows = list(range(len(listed)))
    figure = go.Figure()
    figure.add_scatter(
        x=[one.mean for one in found],
        y=rows,
        error_x=_arms(found),
        mode="markers+text",
        marker={"size": 11, "color": INK},
        text=[f"<b>{one.mean:.3f}</b>" for one in found],
        textposition="top center",
        hovertemplate="%{x:.3f}<extra></extra>",
        cliponaxis=False,
    )
    _tested(figure, choice.held_out, x=None, y=listed.index(choice.recommended) + 0.28)
    figure.update_layout(**QUIET, height=110 + 64 * len(listed), margin={"l": 8, "r": 16, "t": 8, "b": 48})
    figure.update_xaxes(**AXIS, title=f"{literal(result.metric)}, mean with 95 % interval", tickformat=".2f")
    labels = [_label(result, at, in_use) for at in listed]
    figure.update_yaxes(
        tickvals=rows, ticktext=labels, range=[len(rows) - 0.4, -0.6], showgrid=False, zeroline=False, automargin=True
    )
    return figure


def lift(result: Result, in_use: int | None) -> go.Figure:
    """What each reranker adds to fusion alone against its time, with the front that nothing beats on both sides."""
    choice = result.choice
    places = list(result.verdicts)
    gains = [choice.against(at, 0) for at in places]
    cost = np.array([result.costs[at].p95_ms for at in places], np.float64)
    quality = np.array([gain.mean for gain in gains])
    front, longest = tuning.pareto(cost, quality), max(float(cost.max()), 1.0)
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": MUTED, "width": 1.2, "dash": "dot"})
    order = np.flatnonzero(front)[np.argsort(cost[front])]
    figure.add_scatter(
        x=cost[order],
        y=quality[order],
        mode="lines",
        name="Pareto front: nothing is both better and quicker",
        line={"color": TESTED, "width": 2, "dash": "dash", "shape": "hv"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=cost,
        y=quality,
        error_y=_arms(gains),
        mode="markers+text",
        marker={"size": 12, "color": INK, "symbol": ["circle" if own else "circle-open" for own in front], "line": {"width": 2}},
        text=[_label(result, at, in_use) for at in places],
        textposition=["top right" if at < cost.max() * 0.6 else "top left" for at in cost],
        hovertemplate="%{x:.1f} ms, %{y:+.3f}<extra></extra>",
        cliponaxis=False,
        showlegend=False,
    )
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}
    figure.update_layout(**{**QUIET, "showlegend": True}, legend=legend, height=360, margin={"l": 8, "r": 16, "t": 32, "b": 48})
    figure.update_xaxes(**AXIS, title="milliseconds of the reranker, p95", range=[-0.03 * longest, 1.1 * longest])
    figure.update_yaxes(**AXIS, title=f"{literal(result.metric)} over fusion alone", tickformat="+.3f")
    return figure


def counts(result: Result, in_use: int | None) -> go.Figure:
    """The mean over the number of candidates with its band; under each number its milliseconds; knee and choice marked."""
    choice = result.choice
    x = np.array([float(name) for name in choice.names])
    band = tuning.Band.of(choice.scores[:, choice.choosing])
    figure = go.Figure()
    _band(figure, x, band)
    hover = [
        f"{name} candidates, {cost.p95_ms or 0:.1f} ms at p95" for name, cost in zip(choice.names, result.costs, strict=True)
    ]
    _line(figure, x, band.means, {"color": INK, "width": 2.5}, "", "lines+markers", hover)
    _pins(figure, x, choice.names, {"recommended": choice.recommended, "in use": in_use, "best": choice.best, **result.marks})
    _tested(figure, choice.held_out, x=float(x[choice.recommended]), y=None)
    figure.update_layout(**QUIET, height=400, margin={"l": 8, "r": 16, "t": 84, "b": 64})
    times = [f"{name}<br>{cost.p95_ms or 0:.1f}" for name, cost in zip(choice.names, result.costs, strict=True)]
    title = "candidates reranked: 10 = quick · 200 = rescues deep ones; below, ms of the whole query at p95"
    figure.update_xaxes(**AXIS, tickvals=x, ticktext=times, title=title)
    figure.update_yaxes(**AXIS, title=f"{literal(result.metric)}, mean", tickformat=".2f", range=_around(band, choice.held_out))
    return figure


def weights(result: Result, in_use: int | None) -> go.Figure:
    """A line for each method over the weight, the band of the recommended one, and what is recommended, best and in use."""
    choice = result.choice
    methods: dict[str, list[int]] = {}
    for at, variant in enumerate(result.variants):
        methods.setdefault(tuning.steps.name_of("fusion", variant.pipeline.fusion), []).append(at)
    at_weight = np.array([variant.pipeline.weight for variant in result.variants])
    figure = go.Figure()
    for number, (name, places) in enumerate(methods.items()):
        own = choice.scores[places][:, choice.choosing]
        if choice.recommended in places:
            _band(figure, at_weight[places], tuning.Band.of(own))
        width = 3.0 if choice.recommended in places else 1.5
        line = {"color": LINES[number % len(LINES)], "dash": DASHES[number % len(DASHES)], "width": width}
        _line(figure, at_weight[places], own.mean(axis=1), line, literal(name), "lines")
    marks = {"recommended": choice.recommended, "in use": in_use, "best": choice.best, **result.marks}
    for place in {place for place in marks.values() if place is not None}:
        spot = {"x": [at_weight[place]], "y": [choice.estimate(place).mean], "cliponaxis": False, "hoverinfo": "skip"}
        figure.add_scatter(**spot, mode="markers", marker={"size": 11, "color": INK}, showlegend=False)
    _pins(figure, at_weight, choice.names, marks)
    _tested(figure, choice.held_out, x=float(at_weight[choice.recommended]), y=None)
    legend = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
    figure.update_layout(**{**QUIET, "showlegend": True}, legend=legend, height=470, margin={"l": 8, "r": 16, "t": 100, "b": 84})
    figure.update_xaxes(**AXIS, title="weight: 0 = keywords only · 1 = meaning only", range=[-0.02, 1.02])
    figure.update_yaxes(**AXIS, title=f"{literal(result.metric)} of the fused ranking, mean", tickformat=".2f")
    return figure


CHARTS: Mapping[str, Callable[[Result, int | None], go.Figure]] = {
    "Chunker": scores,
    "Embedder": scores,
    "Reranker": lift,
    "Candidates": counts,
    "Fusion": weights,
}


def _label(result: Result, at: int, in_use: int | None) -> str:
    """A variant's name, and in a second line what it is."""
    words = [word for word, place in (("recommended", result.choice.recommended), ("in use", in_use)) if place == at]
    name = literal(result.variants[at].name)
    return f"<b>{name}</b><br>{', '.join(words)}" if words else name


def _arms(found: Sequence[Estimate | Difference]) -> dict[str, object]:
    """The intervals as error bars; one query has none."""
    up = [0.0 if one.high is None else one.high - one.mean for one in found]
    down = [0.0 if one.low is None else one.mean - one.low for one in found]
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "color": INK, "thickness": 1.5, "width": 5}


def _tested(figure: go.Figure, held_out: Estimate | None, x: float | None, y: float | None) -> None:
    """The recommendation on queries that did not choose it, along the axis that is None."""
    if held_out is None:
        return
    arms = {**_arms([held_out]), "color": TESTED}
    along, place = ("x", {"y": [y]}) if x is None else ("y", {"x": [x]})
    figure.add_scatter(
        **{along: [held_out.mean], **place, f"error_{along}": arms},
        mode="markers",
        marker=DIAMOND,
        hovertemplate=f"on queries that did not choose: %{{{along}:.3f}}<extra></extra>",
        showlegend=False,
        cliponaxis=False,
    )
    text = f"<b>{held_out.mean:.3f}</b> on other queries"
    end = held_out.mean if x is None or held_out.low is None else held_out.low
    spot = {"x": held_out.mean, "y": y, "yshift": -8} if x is None else {"x": x, "y": end, "xshift": 6, "xanchor": "left"}
    figure.add_annotation(**spot, text=text, yanchor="top", showarrow=False, font={"color": TESTED})


def _band(figure: go.Figure, x: Floats, band: tuning.Band) -> None:
    if band.queries > 1:
        figure.add_scatter(
            x=np.concatenate([x, x[::-1]]),
            y=np.concatenate([band.highs, band.lows[::-1]]),
            fill="toself",
            fillcolor=BAND,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
        )


def _line(
    figure: go.Figure, x: Floats, means: Floats, line: dict[str, object], name: str, mode: str, hover: Sequence[str] = ()
) -> None:
    """A curve; `hover` are words for each point, else it is the name and the weight."""
    words = "%{text}: %{y:.3f}<extra></extra>" if hover else f"{name} at %{{x:.2f}}: %{{y:.3f}}<extra></extra>"
    figure.add_scatter(
        x=x, y=means, mode=mode, line=line, name=name, text=list(hover), hovertemplate=words, showlegend=bool(name)
    )


def _pins(figure: go.Figure, x: Floats, names: Sequence[str], marks: Mapping[str, int | None]) -> None:
    """A line up to the words for each marked place."""
    for place, words in sorted(_gathered(marks).items(), key=lambda item: float(x[item[0]])):
        figure.add_vline(x=x[place], line={"color": MUTED, "width": 1.2, "dash": "dot"})
        text = "<br>".join([f"<b>{literal(names[place])}</b>", *(line for word in words for line in wrap(word, PIN))])
        left = x[place] > x.min() + 0.8 * (x.max() - x.min())
        side = {"xanchor": "right", "xshift": -4, "align": "right"} if left else {"xanchor": "left", "xshift": 4, "align": "left"}
        figure.add_annotation(x=x[place], y=1.0, yref="y domain", yanchor="bottom", text=text, showarrow=False, **side)


def _gathered(marks: Mapping[str, int | None]) -> dict[int, list[str]]:
    """The words for each marked place, so that a place with two of them is marked once."""
    found: dict[int, list[str]] = {}
    for word, place in marks.items():
        if place is not None:
            found.setdefault(place, []).append(word)
    return found


def _around(band: tuning.Band, held_out: Estimate | None) -> list[float]:
    """The range of the axis of quality: band and held-out interval with some air."""
    ends = band.means if band.queries < 2 else np.concatenate([band.lows, band.highs])
    if held_out is not None and held_out.low is not None and held_out.high is not None:
        ends = np.append(ends, [held_out.low, held_out.high])
    air = 0.08 * max(float(np.ptp(ends)), 0.02)
    return [float(ends.min()) - air, float(ends.max()) + air]
