"""Statistically different bins: which kinds of sounds are made too often or too rarely.

Richardson & Weiss, "On GANs and GMMs", NeurIPS 2018: real sounds are parted into bins by k-means;
two sets differ in a bin when a two-proportion z-test says that they do not fall into it alike.
Their own figure is the share of bins that differ, NDB / K.
"""

from __future__ import annotations

import math

import numpy as np
from sklearn.cluster import KMeans

from musegan.song import FloatArray

SIGNIFICANT = 1.96  # 5 % of the bins of two alike sets come out as different
SOUNDS_A_BIN = 15  # on average; with fewer the test can tell nothing
MOST_BINS = 50
STARTS = 4


class Bins:
    """Bins of real sounds.

    Args:
        points: (sounds, columns) of real sounds.
        seed: where k-means begins.
    """

    def __init__(self, points: FloatArray, seed: int = 0) -> None:
        count = max(2, min(MOST_BINS, len(points) // SOUNDS_A_BIN))
        self.means = KMeans(count, n_init=STARTS, random_state=seed).fit(points)
        self.counts = np.bincount(self.means.labels_, minlength=count)

    def __len__(self) -> int:
        return len(self.counts)

    def different(self, points: FloatArray) -> int:
        """In how many bins the share of `points` is not the share of the real sounds."""
        counts = np.bincount(self.means.predict(points), minlength=len(self))
        return sum(
            differ(int(mine), len(points), int(real), int(self.counts.sum()))
            for mine, real in zip(counts, self.counts, strict=True)
        )


def differ(one: int, of_one: int, other: int, of_other: int) -> bool:
    """Whether `one` of `of_one` and `other` of `of_other` are different shares."""
    pooled = (one + other) / (of_one + of_other)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of_one + 1 / of_other))
    return error > 0 and abs(one / of_one - other / of_other) / error > SIGNIFICANT
