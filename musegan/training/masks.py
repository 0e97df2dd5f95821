"""What a musician might have, and play: one network learns to complete all of it, for anyone."""

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


def heard_alone(
    plays: NDArray[np.float32], rows: range, of: int, share: float, random: np.random.Generator
) -> NDArray[np.bool_]:
    """Which tracks are heard, (rows, tracks) bool: all, but in a share of phrases one or two.

    Songs of bands hardly tell what a piano does alone, and that is what many musicians ask for. All
    is drawn for the whole batch, so that its rows do not depend on who makes them.

    Args:
        plays: (rows, tracks, bars), where the own rows sound.
        rows: the own rows of the batch.
        of: rows of the whole batch.
        share: of the phrases that lose tracks.
        random: source of randomness.
    """
    tracks = plays.shape[1]
    some = random.random(of) < share
    most = random.integers(1, 3, size=(of, 1))
    order = random.permuted(np.tile(np.arange(tracks), (of, 1)), axis=1)
    own = slice(rows.start, rows.stop)
    playing = np.take_along_axis(plays.any(2), order[own], 1)
    kept = playing & (playing.cumsum(1) <= most[own])
    heard = np.zeros(kept.shape, bool)
    np.put_along_axis(heard, order[own], kept, 1)
    return heard | ~some[own, None]


def _some(of: int, random: np.random.Generator) -> NDArray[np.int64]:
    """A random non-empty proper subset of range(of); empty if there is none."""
    count = random.integers(1, of) if of > 1 else 0
    return random.permutation(of)[:count]
