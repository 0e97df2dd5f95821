"""Small distribution plots as SVG text: real phrases as a filled area, made ones as a line."""

from __future__ import annotations

from html import escape

import numpy as np

from musegan.evaluation.metrics import Measured
from musegan.song import FloatArray

WIDTH, HEIGHT = 190, 70  # of the drawing, in pixels
FOOT = 14  # for the numbers under it
BINS = 24
TAILS = (1, 99)  # percentiles between which a plot reaches; what lies beyond joins the ends


def distribution(name: str, made: FloatArray, real: FloatArray) -> str:
    """An SVG element with the histograms of a metric's values, each of area one.

    Args:
        name: of the metric, for people who hear the page.
        made: values of the made phrases, NaN left out.
        real: values of the reference, NaN left out.
    """
    made, real = made[~np.isnan(made)], real[~np.isnan(real)]
    both = np.concatenate([made, real])
    if not len(both):
        return ""
    low, high = np.percentile(both, TAILS)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    shares = [_shares(values, float(low), float(high)) for values in (real, made)]
    top = max(float(share.max()) for share in shares)
    area, line = (_outline(share / top) for share in shares)
    base = f"{WIDTH},{HEIGHT} 0,{HEIGHT}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT + FOOT}" width="{WIDTH}" height="{HEIGHT + FOOT}" '
        f'role="img" aria-label="{escape(name)}">'
        f'<polygon class="real" points="{area} {base}"/>'
        f'<polyline class="made" points="{line}"/>'
        f'<text x="0" y="{HEIGHT + FOOT - 2}">{low:.3g}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT + FOOT - 2}" text-anchor="end">{high:.3g}</text></svg>'
    )


def distributions(made: Measured, real: Measured) -> str:
    """HTML: the plots of all columns, one row a metric."""
    rows: dict[str, list[str]] = {}
    for column in real:
        metric, _, track = column.partition("/")
        drawing = distribution(column, made[column], real[column])
        if drawing:
            figure = f"<figure>{drawing}<figcaption>{escape(track)}</figcaption></figure>"
            rows.setdefault(metric, []).append(figure)
    return "\n".join(
        f'<h3>{escape(metric.replace("_", " "))}</h3>\n<div class="plots">{"".join(figures)}</div>'
        for metric, figures in rows.items()
    )


def _shares(values: FloatArray, low: float, high: float) -> FloatArray:
    counts, _ = np.histogram(np.clip(values, low, high), BINS, (low, high))
    return counts / max(len(values), 1)


def _outline(heights: FloatArray) -> str:
    edges = np.linspace(0, WIDTH, BINS + 1)
    points = [
        f"{x:.0f},{HEIGHT * (1 - height):.1f}"
        for left, right, height in zip(edges[:-1], edges[1:], heights, strict=True)
        for x in (left, right)
    ]
    return " ".join(points)
