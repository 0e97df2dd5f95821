"""How varied sounds of one label are."""

from __future__ import annotations

import numpy as np

from musegan.data.sounds import SoundSet
from musegan.evaluation.sounds.levels import Levels
from musegan.song import FloatArray, IntArray

NEIGHBOURS = 2  # semitones: notes further apart differ for being other notes
COLLAPSED = 1.0  # dB: what differs by less is the same sound


def distances_within(sounds: SoundSet, levels: Levels) -> FloatArray:
    """(pairs,) dB between sounds of one instrument whose pitches are at most a tone apart.

    The root mean square over all bands and frames; of sounds without a pitch all pairs count.
    """
    found = [np.zeros(0)]
    for label in np.unique(sounds.instrument):
        own = np.flatnonzero(sounds.instrument == label)
        one, other = np.triu_indices(len(own), 1)
        near = np.abs(sounds.pitch[own[one]] - sounds.pitch[own[other]]) <= NEIGHBOURS
        found.append(_distances(levels, own[one[near]], own[other[near]]))
    return np.concatenate(found)


def collapsed(distances: FloatArray) -> float:
    """Share of pairs that are the same sound; NaN without pairs."""
    return float((distances < COLLAPSED).mean()) if len(distances) else float("nan")


def _distances(levels: Levels, one: IntArray, other: IntArray) -> FloatArray:
    apart = ((levels[one] - levels[other]).astype(np.float64) ** 2).mean(axis=(1, 2))
    distances: FloatArray = np.sqrt(apart)
    return distances
