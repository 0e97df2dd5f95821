"""Small plots of how trainings went, as SVG text: one for each recipe, on the same axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 230, 110  # of the drawing, in pixels
FOOT = 14  # for the numbers under it

Curve = Sequence[tuple[int, float, float]]


def curve_plots(curves: Mapping[str, Sequence[Curve]]) -> str:
    """HTML: each recipe's curves over seconds, the others' behind them.

    Args:
        curves: for each recipe those of its seeds: (step, seconds, distance); distances are drawn
            on a logarithmic scale, and those that are no positive number are left out.
    """
    lines = {
        name: [[(x, math.log(y)) for _, x, y in curve if 0 < y < math.inf] for curve in some]
        for name, some in curves.items()
    }
    points = [point for some in lines.values() for line in some for point in line]
    if not points:
        return ""
    right = max(x for x, _ in points) or 1.0
    low, high = min(y for _, y in points), max(y for _, y in points)
    high = max(high, low + 0.1)

    def drawn(line: Sequence[tuple[float, float]], style: str) -> str:
        places = " ".join(
            f"{WIDTH * x / right:.1f},{HEIGHT * (high - y) / (high - low):.1f}" for x, y in line
        )
        return f'<polyline fill="none" {style} points="{places}"/>'

    figures = []
    for name, own in lines.items():
        others = [line for other, some in lines.items() if other != name for line in some]
        body = [drawn(line, 'stroke="var(--line)"') for line in others]
        body += [drawn(line, 'stroke="var(--made)" stroke-width="2"') for line in own]
        figures.append(
            f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT + FOOT}" width="{WIDTH}" '
            f'height="{HEIGHT + FOOT}" role="img" aria-label="{escape(name)}">{"".join(body)}'
            f'<text x="0" y="{HEIGHT + FOOT - 2}">{math.exp(low):.2g}–{math.exp(high):.2g}</text>'
            f'<text x="{WIDTH}" y="{HEIGHT + FOOT - 2}" text-anchor="end">{right:.0f} s</text>'
            f"</svg><figcaption>{escape(name)}</figcaption></figure>"
        )
    return f'<div class="plots">{"".join(figures)}</div>'
