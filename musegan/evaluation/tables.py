"""The tables of a report, once, for every form it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from musegan.evaluation.judging import Evaluation, high, summary
from musegan.evaluation.originality import Originality
from musegan.evaluation.paper import AAAI18, COLUMNS


@dataclass(frozen=True)
class Table:
    """A titled table.

    Attributes:
        title: its heading.
        note: what it shows, in a sentence or two.
        header: names of the columns; the first is left-aligned, the rest are figures.
        rows: cells as text.
    """

    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figure(value: float) -> str:
    """Three significant digits, or a dash where there is nothing to say."""
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def tables(evaluation: Evaluation, paper: dict[str, float] | None) -> list[Table]:
    """All tables: `paper` is a row of `paper_compat`, left out when None."""
    found = [
        summary_table(evaluation),
        metric_table(evaluation),
        column_table(evaluation),
        originality_table(evaluation),
        style_table(evaluation),
    ]
    return [*found, paper_table(evaluation.target, paper)] if paper is not None else found


def summary_table(evaluation: Evaluation) -> Table:
    """The figures that matter most."""
    splits = " + ".join(evaluation.yardstick.splits)
    return Table(
        "Summary",
        f"{evaluation.made.count} phrases of {evaluation.target} beside {splits} songs of "
        f"{evaluation.yardstick.name}. The floor: {evaluation.real.count} real phrases of its "
        "other songs judged alike.",
        ("figure", "made", "floor", "aim"),
        tuple(
            (line.title, figure(line.made), figure(line.real), line.aim)
            for line in summary(evaluation)
        ),
    )


def metric_table(evaluation: Evaluation) -> Table:
    """The standardised difference by metric, worst first."""
    made, real = evaluation.made.comparison.by_metric(), evaluation.real.comparison.by_metric()
    return Table(
        "Difference by metric",
        "Mean over the tracks, in standard deviations of the reference.",
        ("metric", "made", "floor"),
        tuple(
            (metric.replace("_", " "), figure(made[metric]), figure(real[metric]))
            for metric in sorted(made, key=lambda metric: -made[metric])
        ),
    )


def column_table(evaluation: Evaluation) -> Table:
    """Every metric of every track, worst first."""
    floor = {column.name: column.difference for column in evaluation.real.comparison.columns}
    overlap = evaluation.made.overlap
    rows = [
        (
            column.name.replace("_", " "),
            figure(column.measured),
            figure(column.reference),
            figure(column.spread),
            figure(column.difference),
            figure(floor[column.name]),
            figure(overlap[column.name].area) if column.name in overlap else "–",
        )
        for column in sorted(
            evaluation.made.comparison.columns, key=lambda column: -column.difference
        )
    ]
    left_out = ", ".join(evaluation.made.comparison.left_out)
    return Table(
        "Every metric of every track",
        "Means, the reference's standard deviation, the difference in units of it, its floor, and "
        "the overlap of the distributions."
        + (f" Too rare in the reference to compare: {left_out}." if left_out else ""),
        ("metric/track", "made", "real", "spread", "difference", "floor", "overlap"),
        tuple(rows),
    )


def originality_table(evaluation: Evaluation) -> Table:
    """What the training songs have of each track."""
    rows = []
    for number, name in enumerate(evaluation.yardstick.ensemble.names):
        cells = [
            cell
            for each in (evaluation.copied, evaluation.quoted)
            for cell in _originality_cells(each, number)
        ]
        rows.append((name, *cells))
    kinds = ("likeness", "95 %", "run", "95 %", "longest")
    return Table(
        "Originality",
        "Likeness of each track to the most alike one in training, and notes of the longest run "
        "that stands there too, both up to transposition: mean and 95th percentile; made phrases "
        "first, then real songs that no model has seen.",
        ("track", *(f"{whose} {kind}" for whose in ("made", "real") for kind in kinds)),
        tuple(rows),
    )


def _originality_cells(found: Originality, track: int) -> list[str]:
    likeness = found.likeness[:, track]
    likeness = likeness[~np.isnan(likeness)]
    if not len(likeness):
        return ["–"] * 5
    runs = found.runs[:, track]
    runs = runs[runs > 0]
    values = (likeness.mean(), high(likeness), runs.mean(), high(runs), runs.max())
    return [figure(float(value)) for value in values]


def style_table(evaluation: Evaluation) -> Table:
    """Coverage of the reference's styles."""
    style = evaluation.styles
    rows = [
        (
            name,
            str(int((style == name).sum())),
            figure(float(evaluation.made.coverage[style == name].mean())),
            figure(float(evaluation.real.coverage[style == name].mean())),
        )
        for name in np.unique(style).tolist()
    ]
    return Table(
        "Styles",
        "Share of each style's real phrases that have a made one in their neighbourhood.",
        ("style", "phrases", "made", "floor"),
        tuple(rows),
    )


def paper_table(target: str, row: dict[str, float]) -> Table:
    """The AAAI-18 table with a row more."""
    rows = {**AAAI18, target: row}
    return Table(
        "Beside the AAAI-18 table",
        "MuseGAN's table 1 (rock songs of the Lakh corpus) and its code's own arithmetic, which "
        "strays from the definitions; the tables above do not use it. On a grid of 48 steps a bar "
        "no note is short enough to be unqualified (QN). EB, QN and DP in percent.",
        ("", *rows),
        tuple((column, *(figure(rows[name][column]) for name in rows)) for column in COLUMNS),
    )
