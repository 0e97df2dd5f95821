"""What the notes of a song say of its beats and downbeats, where the meter map cannot be trusted.

Weights and thresholds were fitted on POP909 (Wang et al., ISMIR 2020), whose annotated beats lie at
a constant distance from the beats of its meter maps, and checked on game music with right maps.
"""

from __future__ import annotations

import cmath
import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_BINS = 96
_ANGLE = 2j * np.pi * np.arange(_BINS) / _BINS
_SIXTEENTHS, _TWELFTHS = np.exp(4 * _ANGLE), np.exp(12 * _ANGLE)

OFFSET_GAIN = 0.25  # how much better the notes must fit a moved grid, of 2 for a perfect fit
LATE_LEAST = 0.02  # beats; less is not worth a move
PLAYED_LATE = 0.06  # beats a player may be late or early throughout
SEQUENCED = 0.9  # how closely notes keep to sixteenths, of 1, when no hand played them
STRONGER = 2.5  # times heavier another sixteenth must be than a map's beat to be the beat itself

LONG = 4  # beats; longer notes weigh no more
EARLY = 0.125  # beats before a beat that are on it
BASS_SHARE = 0.2  # the lowest fifth of the notes tells of the bass
BASS_WEIGHT, HARMONY_WEIGHT = 2.0, 1.8
MOVE_COST = 5.0  # evidence that makes the bar lines move within a song, as after a bar of 2/4


class Offset(NamedTuple):
    """Where the music's beats lie against the map's.

    Attributes:
        beats: how far after the map's, -0.5..1.
        overrules: whether the map's bar lines are then worth nothing.
    """

    beats: float
    overrules: bool


def beat_offset(start: FloatArray, weight: FloatArray, counts_bars: bool = True) -> Offset:
    """How far the music's beats lie from where the meter map has them.

    The notes tell it twice: by the sixteenths they lie on, and by the sixteenth of the beat that
    long notes begin on. Notes played by hand may be late on a map's beats; sequenced ones are not.

    Args:
        start: (notes,) onsets in beats of the map, from its first bar line on.
        weight: (notes,) lengths in beats, long ones as `LONG`.
        counts_bars: whether the map has bars, which speaks for its beats; some only count beats.
    """
    if not len(start):
        return Offset(0.0, False)
    at = (start * _BINS + (0.5 + _BINS)).astype(np.int64) % _BINS
    onsets = np.bincount(at, minlength=_BINS) / len(at)
    sixteenths, twelfths = complex(onsets @ _SIXTEENTHS), complex(onsets @ _TWELFTHS)
    late = cmath.phase(sixteenths) / (8 * math.pi)
    moved = sixteenths * cmath.rect(1, -8 * math.pi * late)
    moved += twelfths * cmath.rect(1, -24 * math.pi * late)
    if abs(late) < LATE_LEAST or moved.real < (sixteenths + twelfths).real + OFFSET_GAIN:
        late = 0.0
    turned = (np.arange(_BINS) - _BINS // 8 + round(late * _BINS)) % _BINS
    quarters = np.bincount(at, weight, minlength=_BINS)[turned].reshape(4, -1).sum(1).tolist()
    strongest = quarters.index(max(quarters))
    sequenced = late != 0 and abs(sixteenths) > SEQUENCED
    if not sequenced and abs(late) < PLAYED_LATE:
        least = quarters[0] * STRONGER if counts_bars else quarters[0]
        if quarters[strongest] <= least:
            return Offset(late, False)
    return Offset(late + strongest / 4, True)


def downbeats(
    start: FloatArray, weight: FloatArray, pitch: NDArray[np.int64], beats: int, unit: int = 1
) -> list[tuple[int, int]]:
    """Runs of bars as the bass and the changes of harmony place them: (first beat, bars) each.

    Args:
        start: (notes,) onsets of one or more pitched notes in beats.
        weight: (notes,) lengths in beats, long ones as `LONG`.
        pitch: (notes,) MIDI pitches.
        beats: beats a bar.
        unit: beats that belong together: bars begin on multiples of it only.
    """
    first = math.floor(start.min() / unit + EARLY) * unit
    evidence = _evidence(start - (first - EARLY), weight, pitch, beats)[::unit]
    total = np.zeros((evidence.shape[0], evidence.shape[1] + 1))
    np.cumsum(evidence, 1, out=total[:, 1:])
    lines = [first + bar * beats + phase * unit for bar, phase in _split(total)]
    last = math.floor(start.max() + EARLY) + 1
    bars = [(b - a) // beats for a, b in pairwise(lines)]
    return list(zip(lines, [*bars, -((lines[-1] - last) // beats)], strict=True))


def _evidence(
    place: FloatArray, weight: FloatArray, pitch: NDArray[np.int64], beats: int
) -> FloatArray:
    """(beats, bars) how much each beat sounds like a bar's first; notes are on time or late."""
    beat = place.astype(np.int64)
    bars = int(beat.max()) // beats + 1
    heard = np.cumsum(np.bincount(pitch, minlength=128))
    low = (pitch <= np.searchsorted(heard, BASS_SHARE * heard[-1])) & (place - beat < 2 * EARLY)
    bass = np.bincount(beat, weight * low, minlength=bars * beats)
    chroma = np.bincount(beat * 12 + pitch % 12, weight, minlength=bars * beats * 12)
    pairs = np.zeros((bars * beats + 3, 12))  # of neighbouring beats
    pairs[2:-1] = chroma.reshape(-1, 12)
    pairs[3:] += chroma.reshape(-1, 12)
    before, after = pairs[1:-2], pairs[3:]
    size = np.einsum("bp,bp->b", pairs, pairs)
    alike = np.einsum("bp,bp->b", before, after)
    alike /= np.sqrt(np.maximum(size[1:-2] * size[3:], 1e-12))
    evidence: FloatArray = BASS_WEIGHT * np.log1p(bass) - HARMONY_WEIGHT * alike
    return evidence.reshape(bars, beats).T


def _split(total: FloatArray) -> list[tuple[int, int]]:
    """The (bar, phase) each run begins with, from the evidence of each phase up to each bar."""
    first, last = total[:, :1], total[:, -1:]
    gain = (total - first).max(0) + (last - total).max(0)
    at = int(gain.argmax())
    if gain[at] - gain[0] <= MOVE_COST:
        return [(0, int((last - first).argmax()))]
    after = [(at + bar, phase) for bar, phase in _split(total[:, at:])]
    return _split(total[:, : at + 1]) + after
