"""Random masks: what a musician might have, so that one network learns to complete all of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KINDS = ("nothing", "tracks", "bars", "cells")


def random_masks(
    batch: int, tracks: int, bars: int, chances: dict[str, float], random: np.random.Generator
) -> NDArray[np.float32]:
    """Masks, (batch, tracks, bars) float32, 1 = given.

    Args:
        batch: how many.
        tracks: tracks of the ensemble.
        bars: bars a phrase.
        chances: weight of each kind: `nothing` is given; some whole `tracks`; some whole `bars`;
            single `cells` of track × bar. Something is always left to be made.
        random: source of randomness.
    """
    weights = np.array([chances.get(kind, 0.0) for kind in KINDS])
    kinds = random.choice(len(KINDS), size=batch, p=weights / weights.sum())
    masks = np.zeros((batch, tracks, bars), np.float32)
    for mask, kind in zip(masks, kinds, strict=True):
        if KINDS[kind] == "tracks":
            mask[_some(tracks, random)] = 1
        elif KINDS[kind] == "bars":
            mask[:, _some(bars, random)] = 1
        elif KINDS[kind] == "cells":
            mask.reshape(-1)[_some(tracks * bars, random)] = 1
    return masks


def _some(of: int, random: np.random.Generator) -> NDArray[np.int64]:
    """A random non-empty proper subset of range(of); empty if there is none."""
    count = random.integers(1, of) if of > 1 else 0
    return random.permutation(of)[:count]
