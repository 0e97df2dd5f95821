"""What the notes of a song say of its beats and bars, where the meter map cannot be trusted.

Weights and thresholds were fitted on POP909 (Wang et al., ISMIR 2020), whose annotated beats lie at
a constant distance from the beats of its meter maps, and checked on game music with right maps.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from musegan.data.runs import Runs
from musegan.song import FloatArray

_BINS = 96
_ANGLE = 2j * np.pi * np.arange(_BINS) / _BINS
_SIXTEENTHS, _TWELFTHS = np.exp(4 * _ANGLE), np.exp(12 * _ANGLE)
_PITCH_CLASS = np.arange(128) % 12
_SILENCE = 3  # beats between runs

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
USUAL = (4, 3)  # beats a bar
COMMON_LEAD = 0.2  # a beat's evidence that speaks for bars of 4, before any note is heard


class Bars(NamedTuple):
    """The bars that notes tell of.

    Attributes:
        beats: beats of each.
        rows: rows of them, (first beat, bars) each; none where they are not the bars asked for.
    """

    beats: int
    rows: list[tuple[int, int]]


class Offset(NamedTuple):
    """Where the music's beats lie against the map's.

    Attributes:
        beats: how far after the map's, -0.5..1.
        overrules: whether the map's bar lines are then worth nothing.
    """

    beats: float
    overrules: bool


def beat_offsets(
    start: FloatArray, weight: FloatArray, runs: Runs, counts_bars: Sequence[bool]
) -> list[Offset]:
    """How far the music's beats lie from where the meter map has them, in each run of notes.

    The notes tell it twice: by the sixteenths they lie on, and by the sixteenth of the beat that
    long notes begin on. Notes played by hand may be late on a map's beats; sequenced ones are not.

    Args:
        start: (notes,) onsets in beats of the map, from its first bar line on.
        weight: (notes,) lengths in beats, long ones as `LONG`.
        runs: which notes belong together.
        counts_bars: for each run whether its map has bars, which speaks for its beats; some only
            count beats.
    """
    at = (start * _BINS + (0.5 + _BINS)).astype(np.int64)
    at = runs.cells(at - at // _BINS * _BINS, _BINS)  # the remainder itself takes much longer
    onsets = runs.count(at, _BINS) / runs.sizes[:, None]
    late, sequenced = zip(*map(_lateness, onsets), strict=True)
    turns = np.array([round(beats * _BINS) for beats in late])
    turned = (np.arange(_BINS) - _BINS // 8 + turns[:, None]) % _BINS
    heavy = np.take_along_axis(runs.count(at, _BINS, weight), turned, 1)
    quarters = heavy.reshape(-1, 4, _BINS // 4).sum(2).tolist()
    return list(map(_offset, late, sequenced, quarters, counts_bars))


def _lateness(onsets: FloatArray) -> tuple[float, bool]:
    """How far notes lie from a map's sixteenths, in beats, and whether they are sequenced.

    Args:
        onsets: (_BINS,) the share of notes at each point of a beat.
    """
    sixteenths, twelfths = complex(onsets @ _SIXTEENTHS), complex(onsets @ _TWELFTHS)
    late = cmath.phase(sixteenths) / (8 * math.pi)
    moved = sixteenths * cmath.rect(1, -8 * math.pi * late)
    moved += twelfths * cmath.rect(1, -24 * math.pi * late)
    if abs(late) < LATE_LEAST or moved.real < (sixteenths + twelfths).real + OFFSET_GAIN:
        return 0.0, False
    return late, abs(sixteenths) > SEQUENCED


def _offset(late: float, sequenced: bool, quarters: list[float], counts_bars: bool) -> Offset:
    """The offset of notes that are so late, by what those at each quarter of a beat weigh."""
    strongest = quarters.index(max(quarters))
    if not sequenced and abs(late) < PLAYED_LATE:
        least = quarters[0] * STRONGER if counts_bars else quarters[0]
        if quarters[strongest] <= least:
            return Offset(late, False)
    return Offset(late + strongest / 4, True)


def downbeats(
    start: FloatArray,
    weight: FloatArray,
    pitch: NDArray[np.int64],
    runs: Runs,
    beats: int,
    units: Sequence[int],
    stated: Sequence[bool],
) -> list[Bars]:
    """The bars of `beats` beats as the bass and the changes of harmony place them.

    Where nothing states them, bars of 4/4 or 3/4 that fit the notes better are told instead.

    Args:
        start: (notes,) onsets of pitched notes in beats.
        weight: (notes,) lengths in beats, long ones as `LONG`.
        pitch: (notes,) MIDI pitches.
        runs: which notes belong together.
        beats: beats a bar.
        units: for each run the beats that belong together: bars begin on multiples of it only.
        stated: for each run whether its map says that bars have so many beats.

    Returns:
        For each run its bars.
    """
    if not len(runs):
        return []
    first = [
        math.floor(least / unit + EARLY) * unit
        for least, unit in zip(runs.least(start).tolist(), units, strict=True)
    ]
    last = [math.floor(most + EARLY) + 1 for most in runs.most(start).tolist()]
    place = start - runs.spread(np.array(first) - EARLY)
    evidence = _evidence(place, weight, pitch, runs, beats)
    found = []
    for mine, begin, end, unit, sure, fit in zip(
        evidence, first, last, units, stated, _fitting(evidence, beats), strict=True
    ):
        if not sure and fit != beats:
            found.append(Bars(fit, []))
            continue
        phases = mine.reshape(-1, beats).T[::unit]
        total = np.zeros((len(phases), phases.shape[1] + 1))
        np.cumsum(phases, 1, out=total[:, 1:])
        lines = [begin + bar * beats + phase * unit for bar, phase in _split(total)]
        bars = [(b - a) // beats for a, b in pairwise(lines)]
        rows = zip(lines, [*bars, -((lines[-1] - end) // beats)], strict=True)
        found.append(Bars(beats, list(rows)))
    return found


def _fitting(evidence: Sequence[FloatArray], beats: int) -> list[int]:
    """The beats of the bars that fit best, `beats` or usual ones, by what each run's beats tell.

    Bars of 2 or 8 beats fit where those of 4 do, which they halve or double.
    """
    like = next((usual for usual in USUAL if not (beats % usual and usual % beats)), beats)
    lengths = [*USUAL, *({like} - {*USUAL})]
    runs = Runs.of(evidence)
    told = np.concatenate(evidence)
    place = np.arange(len(told)) - runs.spread(runs.first)
    fits = np.zeros((len(lengths), len(runs)))
    fits[0] = COMMON_LEAD
    for fit, length in zip(fits, lengths, strict=True):
        phase = runs.cells(place - place // length * length, length)
        fit += (runs.count(phase, length, told) / np.maximum(runs.count(phase, length), 1)).max(1)
    best = [lengths[row] for row in fits.argmax(0).tolist()]
    return [beats if length == like else length for length in best]


def _evidence(
    place: FloatArray, weight: FloatArray, pitch: NDArray[np.int64], runs: Runs, beats: int
) -> list[FloatArray]:
    """For each run, how much each beat of its bars of `beats` sounds like a bar's first.

    Notes are on time or late. The beats of all runs lie on one line, with silence between them.
    """
    beat = place.astype(np.int64)
    bars = runs.most(beat) // beats + 1
    room = bars * beats + _SILENCE
    origin = np.cumsum(room) - room + _SILENCE - 1
    heard = np.cumsum(runs.count(runs.cells(pitch, 128), 128), 1)
    deep = (heard < BASS_SHARE * heard[:, -1:]).sum(1)
    low = (pitch <= runs.spread(deep)) & (place - beat < 2 * EARLY)
    beat += runs.spread(origin)
    bass = np.bincount(beat, weight * low, room.sum())
    chroma = np.bincount(beat * 12 + _PITCH_CLASS.take(pitch), weight, room.sum() * 12)
    pairs = chroma.reshape(-1, 12)  # of neighbouring beats
    pairs[1:] += pairs[:-1].copy()
    size = np.einsum("bp,bp->b", pairs, pairs)
    alike = np.einsum("bp,bp->b", pairs[:-2], pairs[2:])
    alike /= np.sqrt(np.maximum(size[:-2] * size[2:], 1e-12))
    evidence = BASS_WEIGHT * np.log1p(bass[1:-1]) - HARMONY_WEIGHT * alike
    return [
        evidence[begin - 1 : begin - 1 + count * beats]
        for begin, count in zip(origin.tolist(), bars.tolist(), strict=True)
    ]


def _split(total: FloatArray) -> list[tuple[int, int]]:
    """The (bar, phase) each run begins with, from the evidence of each phase up to each bar."""
    passed, left = total - total[:, :1], total[:, -1:] - total
    gain = passed.max(0) + left.max(0)
    at = int(gain.argmax())
    if gain[at] - gain[0] <= MOVE_COST:
        return [(0, int(left[:, 0].argmax()))]
    after = [(at + bar, phase) for bar, phase in _split(total[:, at:])]
    return _split(total[:, : at + 1]) + after
