"""How far measured phrases are from reference phrases, in units of the reference's own spread.

All of it works on what `musegan.evaluation.metrics.measure` gives: a value a phrase for each
column, NaN where a metric does not apply. Every phrase weighs the same, whatever its song. Print
each figure beside its floor: real phrases of other songs against the same reference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musegan.evaluation.metrics import Measured
from musegan.song import FloatArray

LEAST_PHRASES = 10  # fewer in the reference say nothing of a mean and a spread
LEAST_SPREAD = 0.01  # of the mean, or of 1: below, a spread is taken for this
FARTHEST = 10.0  # spreads from the mean: an odd phrase shall not outweigh all the others
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
    kept = comparable(measured, reference)
    columns = tuple(_compare(name, measured[name], reference[name]) for name in kept)
    return Comparison(columns, tuple(name for name in reference if name not in kept))


def comparable(measured: Measured, reference: Measured) -> list[str]:
    """The columns that at least `LEAST_PHRASES` reference phrases have.

    Raises:
        ValueError: the two have different columns.
    """
    if measured.keys() != reference.keys():
        raise ValueError("measured and reference were measured with different ensembles")
    return [name for name, real in reference.items() if _known(real).size >= LEAST_PHRASES]


def features(measured: Measured, reference: Measured) -> FloatArray:
    """Phrases as points: columns less the reference's mean, in units of its spread.

    Where a metric does not apply the point lies at the mean, 0: that a track is silent stands in
    `empty_bars`. The rules for rare columns and small spreads are `standardised_difference`'s.

    Returns:
        (phrases, columns that can be compared), within ± `FARTHEST`.
    """
    points = []
    for name in comparable(measured, reference):
        mean, spread = mean_and_unit(_known(reference[name]))
        points.append(np.nan_to_num((measured[name] - mean) / spread, nan=0.0))
    if not points:
        return np.empty((len(next(iter(measured.values()))), 0))
    return np.clip(np.stack(points, axis=1), -FARTHEST, FARTHEST)


def frechet_distance(one: FloatArray, other: FloatArray) -> float:
    """Fréchet distance of the normal distributions fitted to two sets of points, >= 0.

    |m1 - m2|² + tr(S1 + S2 - 2 (S1^½ S2 S1^½)^½), as the FID of Heusel et al., NIPS 2017, on
    `features`. The form with one symmetric root holds for covariances of any rank. Small sets
    come out further apart than they are: compare figures of sets of equal sizes only.

    Args:
        one: (points, columns), two or more points.
        other: the same for the other set.
    """
    shift = one.mean(axis=0) - other.mean(axis=0)
    first, second = (np.atleast_2d(np.cov(points, rowvar=False)) for points in (one, other))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ second @ root), 0)).sum()
    distance = shift @ shift + np.trace(first) + np.trace(second) - 2 * shared
    return max(float(distance), 0.0)


def _compare(name: str, measured: FloatArray, reference: FloatArray) -> Column:
    made, real = _known(measured), _known(reference)
    mean, unit = mean_and_unit(real)
    if len(made) == 0:
        return Column(name, float("nan"), mean, float(real.std()), ABSENT)
    found = float(made.mean())
    return Column(name, found, mean, float(real.std()), abs(found - mean) / unit)


def mean_and_unit(real: FloatArray) -> tuple[float, float]:
    """Mean of known values, and their standard deviation or the least that is taken for one."""
    mean = float(real.mean())
    return mean, max(float(real.std()), LEAST_SPREAD * max(abs(mean), 1.0))


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
