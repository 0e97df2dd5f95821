"""What is typical of a style, in a table small enough to ship with a model.

The table tells the mean and the spread of each metric column (see `musegan.evaluation.metrics`)
over real phrases. A phrase near the means is no masterpiece, but one far from them is mostly a
slip: a clash of chords, a crowd of notes, a groove that stumbles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from musegan.evaluation.distances import ABSENT, FARTHEST, LEAST_PHRASES, mean_and_unit
from musegan.evaluation.metrics import measure
from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import FloatArray

ARRANGED = "empty_bars/"  # which tracks play where is asked for, so it says nothing of how well

Levels = Mapping[str, tuple[float, float]]
"""Mean and spread of each column."""


def typical_levels(phrases: Phrases, ensemble: Ensemble) -> dict[str, tuple[float, float]]:
    """Mean and spread of each column over real phrases, to five digits.

    Columns that fewer than `LEAST_PHRASES` of the phrases have are left out; spreads are at least
    those of `musegan.evaluation.distances`.
    """
    levels = {}
    for name, values in measure(phrases, ensemble).items():
        known = values[~np.isnan(values)]
        if len(known) >= LEAST_PHRASES and not name.startswith(ARRANGED):
            mean, unit = mean_and_unit(known)
            levels[name] = (float(f"{mean:.5g}"), float(f"{unit:.5g}"))
    return levels


def mix_levels(parts: Sequence[Levels], shares: Sequence[float]) -> dict[str, tuple[float, float]]:
    """Mean and spread of each column over phrases of several kinds, mixed by `shares`.

    A column counts with the kinds that have it.
    """
    mixed = {}
    for name in dict.fromkeys(name for part in parts for name in part):
        having = [(part[name], w) for part, w in zip(parts, shares, strict=True) if name in part]
        weights = np.array([share for _, share in having])
        means, spreads = np.array([level for level, _ in having]).T
        if weights.sum() > 0:
            mean = np.average(means, weights=weights)
            square = np.average(spreads**2 + (means - mean) ** 2, weights=weights)
            mixed[name] = (float(mean), float(np.sqrt(square)))
    return mixed


def strangeness(
    phrases: Phrases, ensemble: Ensemble, typical: Levels, siblings: int = 1
) -> FloatArray:
    """How far each phrase is from typical: its mean distance in spreads over all columns.

    Phrases are compared within groups of `siblings` phrases of one arrangement. A column that
    applies to none of a group counts 0; one that applies to others of the group only (a track that
    was to play and fell silent) counts `ABSENT`, so falling silent never pays.

    Args:
        phrases: groups × siblings of them, group by group.
        ensemble: their tracks.
        typical: what `typical_levels` found.
        siblings: phrases a group.

    Returns:
        (groups, siblings), >= 0; infinite for a phrase without notes.
    """
    groups = len(phrases) // siblings
    far = [
        abs(values - typical[name][0]) / typical[name][1]
        for name, values in measure(phrases, ensemble).items()
        if name in typical
    ]
    distance = np.minimum(np.array(far).reshape(len(far), groups, siblings), FARTHEST)
    unknown = np.isnan(distance)
    distance[unknown] = 0
    distance[unknown & ~unknown.all(axis=2, keepdims=True)] = ABSENT
    mean = distance.sum(axis=0) / max(len(far), 1)
    silent = (np.diff(phrases.offsets) == 0).reshape(-1, siblings)
    result: FloatArray = np.where(silent, np.inf, mean)
    return result
