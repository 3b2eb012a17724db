"""A sweep over one setting to a plotly figure: the mean with its interval, and the points that matter on it.

The figure is made of plain values in one go, since a slider waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.common.charts import GREY, QUIET, STAGE_COLOURS, literal
from retrieval import tuning

Floats = NDArray[np.float64]

INK, TESTED = STAGE_COLOURS["fused"], STAGE_COLOURS["reranked"]
BAND, FOLDS = "rgba(138,99,210,0.16)", "rgba(31,157,118,0.16)"
QUIETER = "rgba(128,134,148,0.95)"
CLASS_COLOURS = ("#3b76e1", "#e0812b", "#1f9d76", "#d64545", "#b0892f", "#5b78a8", "#a8745b", "#7a8a3a")
DASHES = ("solid", "dash", "dot", "dashdot")
AXIS = {"gridcolor": GREY, "zeroline": False}
FEW = 20
FAR = 0.8


@dataclass(frozen=True)
class Sweep:
    """What a chart of a sweep shows: `x` (v,) are the settings, `current` and `reference` a setting and a score, or None.

    `names` (v,) are what the settings are called; where they are few, they are the ticks. `line` is what the curve is called,
    `other` a second line under its name. `classes` {name: (queries, means (v,))}, of which those in `lit` have a line.
    """

    x: Floats
    found: tuning.Overview
    metric: str
    axis: str
    names: Sequence[str]
    current: int | None = None
    reference: float | None = None
    classes: Mapping[str, tuple[int, Floats]] = field(default_factory=dict)
    lit: Collection[str] = ()
    other: tuple[str, Floats] | None = None
    line: str = "all queries"

    @property
    def few(self) -> bool:
        """Whether every setting has its own tick."""
        return len(self.x) <= FEW

    @property
    def legend(self) -> bool:
        """Whether there is more than one line."""
        return bool(self.lit or self.other)

    @property
    def means(self) -> Floats:
        """The curve, (v,)."""
        return self.found.quality.means

    def along(self, place: int) -> float:
        """Where on the axis a setting is, 0 at its left end to 1."""
        return float((self.x[place] - self.x[0]) / max(self.x[-1] - self.x[0], 1e-9))


def sweep(shown: Sweep, height: int = 420) -> go.Figure:
    """The curve; where it is now, where it is best, and what the folds chose. The last trace is where it is now, or is best."""
    chosen = sorted(shown.found.validated.chosen)
    notes = [*_fold_note(shown, chosen), *_reference_note(shown), *_best_note(shown), *_current_note(shown)]
    shapes = [*_folds(shown, chosen), *_reference(shown)]
    layout = {"annotations": notes, "shapes": shapes, "height": height, "hovermode": "closest"}
    return go.Figure([*_band(shown), *_lines(shown), *_marks(shown)], QUIET | _axes(shown) | layout)


def _band(shown: Sweep) -> list[dict[str, Any]]:
    band = shown.found.quality
    if band.queries < 2:
        return []
    around = np.concatenate([band.highs, band.lows[::-1]]).round(4)
    look = {"fill": "toself", "fillcolor": BAND, "mode": "lines", "line": {"width": 0}}
    there_and_back = np.concatenate([shown.x, shown.x[::-1]])
    return [{"x": there_and_back, "y": around, "hoverinfo": "skip", "showlegend": False, **look}]


def _lines(shown: Sweep) -> list[dict[str, Any]]:
    """The classes, then the second line, then the curve."""
    found = []
    for at, (name, (count, means)) in enumerate(shown.classes.items()):
        line = {"color": CLASS_COLOURS[at % len(CLASS_COLOURS)], "width": 1.3, "dash": DASHES[at % len(DASHES)]}
        if name in shown.lit:
            found.append(_line(shown, means, f"{literal(name) or 'no class'} (n {count:,})", line))
    if shown.other is not None:
        found.append(_line(shown, shown.other[1], shown.other[0], {"color": QUIETER, "width": 1.5, "dash": "dash"}))
    curve = _line(shown, shown.means, literal(shown.line), {"color": INK, "width": 2.5})
    return [*found, {**curve, "showlegend": shown.legend}]


def _line(shown: Sweep, means: Floats, name: str, line: dict[str, Any]) -> dict[str, Any]:
    look = {"mode": "lines+markers", "text": list(shown.names)} if shown.few else {"mode": "lines"}
    hover = f"{'%{text}' if shown.few else '%{x:.2f}'}<br>{name}: %{{y:.3f}}<extra></extra>"
    return {"x": shown.x, "y": means.round(4), "name": name, "line": line, "hovertemplate": hover, **look}


def _marks(shown: Sweep) -> list[dict[str, Any]]:
    """The best setting as a diamond, the current one as a big dot."""
    best, at = shown.found.best, shown.current
    diamond = {"color": INK, "size": 13, "symbol": "diamond-open", "line": {"width": 2}}
    dot = {"color": INK, "size": 17, "line": {"color": "white", "width": 2}}
    return [_mark(shown, best, diamond, "best"), *([_mark(shown, at, dot, "now")] if at is not None else [])]


def _mark(shown: Sweep, at: int, marker: dict[str, Any], words: str) -> dict[str, Any]:
    hover = f"{words}: {shown.names[at]}, %{{y:.3f}}<extra></extra>"
    place = {"x": [float(shown.x[at])], "y": [float(shown.means[at])], "mode": "markers", "cliponaxis": False}
    return {**place, "marker": marker, "showlegend": False, "hovertemplate": hover}


def _best_note(shown: Sweep) -> list[dict[str, Any]]:
    """Above the chart over the diamond, unless the dot is there."""
    best = shown.found.best
    if shown.current == best:
        return []
    along = shown.along(best)
    side = "right" if along > FAR else "left" if along < 1 - FAR else "center"
    text = f"best {shown.names[best]}: {shown.means[best]:.3f}"
    return [_note(shown.x[best], 1.0, text, 12, INK, yref="y domain", yanchor="bottom", xanchor=side)]


def _current_note(shown: Sweep) -> list[dict[str, Any]]:
    if shown.current is None:
        return []
    value = shown.means[shown.current]
    text = f"<b>{value:.3f}</b>{' best' if shown.current == shown.found.best else ''}"
    return [_note(shown.x[shown.current], value, text, 17, yanchor="bottom", yshift=12)]


def _folds(shown: Sweep, chosen: Sequence[int]) -> list[dict[str, Any]]:
    """From the smallest to the largest setting that was chosen where others tested."""
    if not chosen:
        return []
    ends = {"x0": float(shown.x[chosen[0]]), "x1": float(shown.x[chosen[-1]]), "y0": 0, "y1": 1, "yref": "y domain"}
    return [{"type": "rect", **ends, "fillcolor": FOLDS, "line": {"color": TESTED, "width": 1}, "layer": "below"}]


def _fold_note(shown: Sweep, chosen: Sequence[int]) -> list[dict[str, Any]]:
    """The ends in words, on the side where there is room."""
    if not chosen:
        return []
    low, high = chosen[0], chosen[-1]
    left = shown.along(high) > FAR
    side = {"xanchor": "right", "xshift": -4} if left else {"xanchor": "left", "xshift": 4}
    ends = shown.names[low] if low == high else f"{shown.names[low]} to {shown.names[high]}"
    place = {"yref": "y domain", "yanchor": "bottom", **side}
    return [_note(shown.x[low if left else high], 0.0, f"chosen by folds: {ends}", 12, TESTED, **place)]


def _reference(shown: Sweep) -> list[dict[str, Any]]:
    if shown.reference is None:
        return []
    line = {"color": QUIETER, "width": 1.2, "dash": "dot"}
    return [{"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "y0": shown.reference, "y1": shown.reference, "line": line}]


def _reference_note(shown: Sweep) -> list[dict[str, Any]]:
    if shown.reference is None:
        return []
    text = f"equal-weight<br>RRF {shown.reference:.3f}"
    return [_note(1.0, shown.reference, text, 12, xref="x domain", xanchor="left", xshift=6, align="left")]


def _note(x: float, y: float, text: str, size: int, colour: str | None = None, **more: Any) -> dict[str, Any]:
    font = {"size": size} if colour is None else {"size": size, "color": colour}
    return {"x": float(x), "y": float(y), "text": text, "showarrow": False, "font": font, **more}


def _axes(shown: Sweep) -> dict[str, Any]:
    legend = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "font": {"size": 12}}
    beneath, aside = 76 if shown.legend else 48, 8 if shown.reference is None else 88
    ticks = {"tickvals": shown.x, "ticktext": list(shown.names)} if shown.few else {}
    return {
        "showlegend": shown.legend,
        "legend": legend,
        "margin": {"l": 64, "r": aside, "t": 28, "b": beneath},
        "xaxis": {**AXIS, **ticks, "title": {"text": shown.axis, "standoff": 6}},
        "yaxis": {**AXIS, "tickformat": ".2f", "title": {"text": f"{literal(shown.metric)}, mean", "standoff": 10}},
    }
