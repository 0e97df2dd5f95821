"""Clicks and clipping: what is wrong with a sound whatever it is of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musegan.audio.reading import Wave
from musegan.audio.shaping import find_onset

MOMENT = 0.002  # seconds over which sharpness is told
AROUND = 0.04  # seconds to either side that a click stands out from
SHARPER = 10 ** (26 / 20)
AUDIBLE = 10 ** (-50 / 20)  # of the peak: smaller jumps are not told
BEGINNING = 0.03  # seconds from the onset in which a sound may be sharp
CLIPPED = 4  # samples in a row at the peak; a round wave of 30 Hz and more has fewer
STEP = 1.5 / 32767


def clicks(wave: Wave, rate: int) -> int:
    """How many moments are far sharper than all around them, after a sound has begun.

    Sharpness is the largest second difference: what a broken wave has and a smooth one has not. A
    sharp wave that is so period after period, as a saw's, has no clicks; one cut off has one.

    Args:
        wave: (samples,), not silent.
        rate: samples a second, up to 25 periods of a note in `AROUND`.
    """
    size, around = round(MOMENT * rate), round(AROUND / MOMENT)
    begun = find_onset(wave, rate)
    silence = np.zeros(size * (around + 2), np.float32)
    bends = np.abs(np.diff(np.concatenate([silence, wave, silence]), 2))
    sharp = bends[: len(bends) // size * size].reshape(-1, size).max(axis=1)
    other = np.stack([_largest_before(sharp, around), _largest_before(sharp[::-1], around)[::-1]])
    least = AUDIBLE * np.abs(wave).max()
    found = (sharp > SHARPER * other.max(axis=0)) & (sharp > least)
    first = (begun + len(silence)) // size
    found[max(0, first - 1) : first + round(BEGINNING / MOMENT)] = False
    return int(found.sum())


def clipping(wave: Wave) -> bool:
    """Whether a wave stays at a peak, as one does that was too loud for what it went through.

    Silence does not.
    """
    if not wave.any():
        return False
    return any(_longest_run(half >= half.max() - STEP) >= CLIPPED for half in (wave, -wave))


def _largest_before(sharp: NDArray[np.float32], around: int) -> NDArray[np.float32]:
    """The largest of `around` values that end two before each."""
    padded = np.concatenate([np.zeros(around + 1, sharp.dtype), sharp])
    windows = np.lib.stride_tricks.sliding_window_view(padded, around)
    largest: NDArray[np.float32] = windows.max(axis=1)[: len(sharp)]
    return largest


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
