"""Whether a note has the pitch that it is said to have, told in a fraction of a millisecond.

The estimator in `pitch` is right to a few cents and takes a fifth of a second. Here the spectrum is
only asked which of the pitches around it has the most in its harmonics (after the harmonic sum of
Noll, "Pitch determination of human speech by the harmonic product spectrum, the harmonic sum
spectrum and a maximum likelihood estimate", 1969), and believed where that is beyond doubt.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musegan.audio.reading import Wave

REACH = 12  # semitones to either side
HARMONICS = 12
WIDTH = 0.4  # semitones to either side of a harmonic
SECONDS = 0.5  # that are listened to; in less it errs
PERIODS = 40  # that must fit in, for semitones to be told apart
CLEARER = 3.0  # times what the named pitch has in its harmonics
PURE = 0.8  # of all energy: bells and noise have less in any pitch's harmonics


def other_pitch(wave: Wave, rate: int, named: int) -> int | None:
    """The MIDI pitch that a note clearly has; None if it may be the named one.

    Octaves are not told apart: the pitch is the one nearest to that named, and one that is octaves
    off is none. Of short sounds and the lowest pitches nothing can be told.

    Args:
        wave: (samples,) from the note's onset.
        rate: samples a second.
        named: the MIDI pitch it should have.
    """
    heard = wave[: round(SECONDS * rate)]
    if len(heard) < round(SECONDS * rate) or SECONDS * _hertz(named) < PERIODS:
        return None
    size = 1 << (len(heard) - 1).bit_length()  # the fastest to transform
    spectrum = np.fft.rfft(heard * _window(len(heard)), size)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    below = np.zeros(len(power) + 1)
    np.cumsum(power, out=below[1:])
    low, high = _harmonics(named, rate, size)
    parts = below[high] - below[low]
    strength = np.sqrt(parts).sum(1)
    best = int(np.argmax(strength))
    off = (best - REACH + 6) % 12 - 6
    clear = strength[best] >= CLEARER * strength[REACH] and parts[best].sum() > PURE * below[-1]
    return named + off if off and clear else None


@lru_cache(256)
def _harmonics(named: int, rate: int, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(pitches, harmonics) the first bins of harmonics of the pitches around, and those after."""
    pitches = named + np.arange(-REACH, REACH + 1)
    hertz = _hertz(pitches)[:, None] * np.arange(1, HARMONICS + 1)
    ends = [hertz * 2 ** (way * WIDTH / 12) * size / rate for way in (-1, 1)]
    inside = ends[1] < size // 2
    low, high = (np.where(inside, np.rint(end), 0).astype(np.int64) for end in ends)
    return low, high + inside


@lru_cache(4)
def _window(size: int) -> Wave:
    return np.hanning(size).astype(np.float32)


def _hertz(pitch: Any) -> Any:
    """Of a MIDI pitch, or an array of them."""
    return 440 * 2 ** ((pitch - 69) / 12)
