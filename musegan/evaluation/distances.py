"""How far measured phrases are from reference phrases, in units of the reference's own spread.

All of it works on what `musegan.evaluation.metrics.measure` gives: a value a phrase for each
column, NaN where a metric does not apply. Every phrase weighs the same, whatever its song. Print
each figure beside its floor: real phrases of other songs against the same reference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musegan.evaluation.events import FloatArray
from musegan.evaluation.metrics import Measured

LEAST_PHRASES = 10  # fewer in the reference say nothing of a mean and a spread
LEAST_SPREAD = 0.01  # of the mean, or of 1: below, a spread is taken for this
ABSENT = 2.0  # the difference of a column that applies to no measured phrase: a track never plays


@dataclass(frozen=True)
class Column:
    """One metric of one track (or pair), measured and reference.

    Attributes:
        name: the column, `metric/track`.
        measured: mean over the measured phrases it applies to; NaN when it applies to none.
        reference: mean over the reference phrases it applies to.
        spread: standard deviation over those.
        difference: |measured - reference| in units of the spread, >= 0.
    """

    name: str
    measured: float
    reference: float
    spread: float
    difference: float

    @property
    def metric(self) -> str:
        """The column's metric, without the track."""
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class Comparison:
    """A table of columns, and what it comes to.

    Attributes:
        columns: what was compared.
        left_out: columns that too few reference phrases have anything to say of.
    """

    columns: tuple[Column, ...]
    left_out: tuple[str, ...]

    @property
    def mean(self) -> float:
        """The mean difference over all columns; NaN when there are none."""
        return _mean([column.difference for column in self.columns])

    def by_metric(self) -> dict[str, float]:
        """The mean difference over the columns of each metric."""
        names = dict.fromkeys(column.metric for column in self.columns)
        return {
            name: _mean([column.difference for column in self.columns if column.metric == name])
            for name in names
        }


def standardised_difference(measured: Measured, reference: Measured) -> Comparison:
    """|mean(measured) - mean(reference)| / std(reference), for every column.

    Means and standard deviations are over the phrases a column applies to. A column that fewer
    than `LEAST_PHRASES` reference phrases have is left out. One that no measured phrase has (a
    track that never plays) counts `ABSENT`, so falling silent never pays. A spread below
    `LEAST_SPREAD` times the mean's size (or times 1, for smaller means) is taken for that much:
    the reference is all but constant there, and any difference would be without bounds.

    Raises:
        ValueError: the two have different columns.
    """
    if measured.keys() != reference.keys():
        raise ValueError("measured and reference were measured with different ensembles")
    columns, left_out = [], []
    for name, real in reference.items():
        known = real[~np.isnan(real)]
        if len(known) < LEAST_PHRASES:
            left_out.append(name)
            continue
        columns.append(_compare(name, measured[name][~np.isnan(measured[name])], known))
    return Comparison(tuple(columns), tuple(left_out))


def _compare(name: str, made: FloatArray, real: FloatArray) -> Column:
    mean, spread = float(real.mean()), float(real.std())
    if len(made) == 0:
        return Column(name, float("nan"), mean, spread, ABSENT)
    unit = max(spread, LEAST_SPREAD * max(abs(mean), 1.0))
    found = float(made.mean())
    return Column(name, found, mean, spread, abs(found - mean) / unit)


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
