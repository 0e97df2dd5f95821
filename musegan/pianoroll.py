"""Phrases and their planes on a grid: pure numpy.

What a model sees is `Phrases`: many phrases of equal length whose notes lie on a `Grid`, kept as
flat columns with offsets (one row a note). Planes are the dense form of phrases:

    planes[phrase, track, plane, step, pitch]    uint8

- plane `ONSET`: 1 at the step a note begins;
- plane `SUSTAIN`: 1 at every step a note sounds, its first step included;
- plane `VELOCITY`: the note's MIDI velocity, 1..127, at its onset, 0 elsewhere.

Onset and sustain together tell a repeated note from a held one, so notes and planes carry the same
music: `from_planes(to_planes(p)) == p.canonical()` for any phrases on the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from musegan.song import IntArray

ONSET, SUSTAIN, VELOCITY = 0, 1, 2
PLANES, PITCHES = 3, 128
MOST_STEPS = 0xFFFF  # what columns of steps can count
COLUMNS = ("track", "start", "duration", "pitch", "velocity")


@dataclass(frozen=True)
class Grid:
    """The time lattice of a phrase.

    Attributes:
        beats_per_bar: the meter's numerator, 1..32.
        steps_per_beat: steps a beat is divided in, 1..96; 12 holds sixteenths and triplets exactly.
        beat_unit: the meter's denominator, the note value of one beat (4 = a quarter).
    """

    beats_per_bar: int = 4
    steps_per_beat: int = 12
    beat_unit: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.beats_per_bar <= 32:
            raise ValueError(f"beats_per_bar must lie in 1..32, not {self.beats_per_bar}")
        if not 1 <= self.steps_per_beat <= 96:
            raise ValueError(f"steps_per_beat must lie in 1..96, not {self.steps_per_beat}")
        if self.beat_unit not in (1, 2, 4, 8, 16, 32):
            raise ValueError(f"beat_unit must be a power of two up to 32, not {self.beat_unit}")

    @property
    def steps_per_bar(self) -> int:
        """Steps in one bar."""
        return self.beats_per_bar * self.steps_per_beat

    @property
    def quarters_per_bar(self) -> float:
        """Length of a bar in quarter notes."""
        return self.beats_per_bar * 4 / self.beat_unit


@dataclass(frozen=True)
class Phrases:
    """Phrases of equal length on one grid, as flat note columns: every row is a note.

    The notes of phrase i lie in rows `offsets[i]:offsets[i + 1]`.

    Attributes:
        grid: the lattice the steps are on.
        bars: bars a phrase.
        offsets: (phrases + 1,) int64, non-decreasing from 0.
        track: (notes,) uint8, index of the ensemble track.
        start: (notes,) uint16, step of the onset, 0..steps - 1.
        duration: (notes,) uint16, steps, >= 1.
        pitch: (notes,) uint8, 0..127.
        velocity: (notes,) uint8, 1..127.
    """

    grid: Grid
    bars: int
    offsets: IntArray
    track: NDArray[np.uint8]
    start: NDArray[np.uint16]
    duration: NDArray[np.uint16]
    pitch: NDArray[np.uint8]
    velocity: NDArray[np.uint8]

    @classmethod
    def of(
        cls, rows: Sequence[Sequence[tuple[int, int, int, int, int]]], grid: Grid, bars: int
    ) -> Phrases:
        """Phrases from a list a phrase of (track, start, duration, pitch, velocity) rows."""
        flat = [(i, *row) for i, phrase in enumerate(rows) for row in phrase]
        phrase, track, start, duration, pitch, velocity = np.array(flat, np.int64).reshape(-1, 6).T
        return cls.from_columns(
            phrase, track, start, duration, pitch, velocity, len(rows), grid, bars
        )

    @classmethod
    def from_columns(
        cls,
        phrase: ArrayLike,
        track: ArrayLike,
        start: ArrayLike,
        duration: ArrayLike,
        pitch: ArrayLike,
        velocity: ArrayLike,
        count: int,
        grid: Grid,
        bars: int,
    ) -> Phrases:
        """`count` phrases from note columns, the first telling each note's phrase (ascending)."""
        offsets = np.searchsorted(np.asarray(phrase), np.arange(count + 1)).astype(np.int64)
        return cls(
            grid,
            bars,
            offsets,
            np.asarray(track, np.uint8),
            np.asarray(start, np.uint16),
            np.asarray(duration, np.uint16),
            np.asarray(pitch, np.uint8),
            np.asarray(velocity, np.uint8),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def steps(self) -> int:
        """Steps in a phrase."""
        return self.bars * self.grid.steps_per_bar

    @property
    def phrase(self) -> IntArray:
        """(notes,) int64: the phrase each note belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def rows(self) -> list[list[tuple[int, int, int, int, int]]]:
        """A list a phrase of (track, start, duration, pitch, velocity) tuples."""
        columns = (self.track, self.start, self.duration, self.pitch, self.velocity)
        flat = list(zip(*(column.tolist() for column in columns), strict=True))
        return [flat[a:b] for a, b in zip(self.offsets[:-1], self.offsets[1:], strict=True)]

    def select(self, index: ArrayLike) -> Phrases:
        """The phrases at `index` (integers or booleans), in that order."""
        chosen = np.arange(len(self))[np.asarray(index) if np.size(index) else []]
        counts = np.diff(self.offsets)[chosen]
        offsets = np.concatenate(([0], np.cumsum(counts)))
        notes = np.arange(offsets[-1]) + np.repeat(self.offsets[chosen] - offsets[:-1], counts)
        columns = {name: getattr(self, name)[notes] for name in COLUMNS}
        return replace(self, offsets=offsets, **columns)

    def keep(self, notes: NDArray[np.bool_]) -> Phrases:
        """The same phrases with only the notes marked true, (notes,) bool."""
        kept = np.concatenate(([0], np.cumsum(notes)))
        columns = {name: getattr(self, name)[notes] for name in COLUMNS}
        return replace(self, offsets=kept[self.offsets], **columns)

    def canonical(self) -> Phrases:
        """The one form planes can hold: notes by (track, start, pitch), cut at the phrase's end.

        A pitch struck again while it sounds ends the earlier note; two notes of one pitch struck
        together become one, as long as the longer and as loud as the louder. Notes that start
        after the phrase's end are dropped.
        """
        inside = self.keep(self.start < self.steps)
        line = (inside.phrase * 256 + inside.track) * PITCHES + inside.pitch
        by_line = np.lexsort((inside.start, line))
        line, start = line[by_line], inside.start[by_line].astype(np.int64)
        struck = np.ones(len(line), bool)  # false where a note begins together with the one before
        struck[1:] = (line[1:] != line[:-1]) | (start[1:] != start[:-1])
        heads = np.flatnonzero(struck)
        if len(heads) == 0:
            return inside
        duration = np.maximum.reduceat(inside.duration[by_line].astype(np.int64), heads)
        velocity = np.maximum.reduceat(inside.velocity[by_line], heads)
        line, start = line[heads], start[heads]
        until = np.full(len(line), self.steps, np.int64)
        again = line[1:] == line[:-1]
        until[:-1][again] = start[1:][again]
        duration = np.minimum(duration, until - start)
        cell, pitch = np.divmod(line, PITCHES)
        phrase, track = np.divmod(cell, 256)
        order = np.lexsort((pitch, start, cell))
        return Phrases.from_columns(
            phrase[order],
            track[order],
            start[order],
            duration[order],
            pitch[order],
            velocity[order],
            len(self),
            self.grid,
            self.bars,
        )


def concatenate(parts: Sequence[Phrases]) -> Phrases:
    """All phrases of `parts`, in order; the parts share grid and bars and are at least one."""
    shifts = np.cumsum([0] + [int(part.offsets[-1]) for part in parts])
    offsets = [part.offsets[:-1] + shift for part, shift in zip(parts, shifts, strict=False)]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS
    }
    return replace(parts[0], offsets=np.concatenate([*offsets, shifts[-1:]]), **columns)


def to_planes(phrases: Phrases, tracks: int) -> NDArray[np.uint8]:
    """Dense planes of phrases, (phrases, tracks, 3, steps, 128) uint8; see the module docstring."""
    notes = phrases.canonical()
    planes = np.zeros((len(notes), tracks, PLANES, notes.steps, PITCHES), np.uint8)
    phrase = notes.phrase
    planes[phrase, notes.track, ONSET, notes.start, notes.pitch] = 1
    planes[phrase, notes.track, VELOCITY, notes.start, notes.pitch] = notes.velocity
    length = notes.duration.astype(np.int64)
    step = np.arange(length.sum()) + np.repeat(notes.start - np.cumsum(length) + length, length)
    cell = (np.repeat(a, length) for a in (phrase, notes.track, notes.pitch))
    phrase_of, track_of, pitch_of = cell
    planes[phrase_of, track_of, SUSTAIN, step, pitch_of] = 1
    return planes


def from_planes(planes: NDArray[np.uint8], grid: Grid, bars: int) -> Phrases:
    """The notes in planes (phrases, tracks, 3, steps, pitches), canonical.

    A note begins at each onset and lasts while sustain holds and no new onset comes; sustain that
    no onset opened makes no sound. A velocity of 0 at an onset is read as 1.
    """
    steps = planes.shape[3]
    if steps != bars * grid.steps_per_bar:
        raise ValueError(
            f"planes have {steps} steps, but {bars} bars need {bars * grid.steps_per_bar}"
        )
    onset = planes[:, :, ONSET].astype(bool)
    phrase, track, start, pitch = np.nonzero(onset)
    # one line of time per (phrase, track, pitch), each closed by a column where everything stops
    stop = np.ones((*onset.shape[:2], onset.shape[3], steps + 1), bool)
    stop[..., :steps] = (onset | (planes[:, :, SUSTAIN] == 0)).swapaxes(2, 3)
    line = (phrase * onset.shape[1] + track) * onset.shape[3] + pitch
    here = line * (steps + 1) + start
    stops = np.flatnonzero(stop)
    ends = stops[np.searchsorted(stops, here, side="right")]
    velocity = np.clip(planes[phrase, track, VELOCITY, start, pitch], 1, 127)
    return Phrases.from_columns(
        phrase, track, start, ends - here, pitch, velocity, len(planes), grid, bars
    )
