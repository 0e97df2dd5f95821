"""The notes of phrases in the shape every metric needs: canonical columns, one line a track.

A *line* is one track of one phrase; line `phrase * tracks + track` belongs to that pair. Every
metric is a sum over notes, bars or beats of a line, so all of them are `bincount`s over columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from musegan.pianoroll import Grid, Phrases
from musegan.song import FloatArray, IntArray

Numbers = FloatArray | IntArray


@dataclass(frozen=True)
class Events:
    """Canonical notes of phrases as int64 columns, a row a note.

    Attributes:
        grid: the lattice the steps are on.
        bars: bars a phrase.
        phrases: how many phrases there are, those without notes included.
        tracks: tracks a phrase.
        line: (notes,) the line each note belongs to.
        start: (notes,) step of the onset.
        duration: (notes,) steps, cut at the phrase's end and where the pitch is struck again.
        pitch: (notes,) MIDI pitch.
        velocity: (notes,) MIDI velocity.
    """

    grid: Grid
    bars: int
    phrases: int
    tracks: int
    line: IntArray
    start: IntArray
    duration: IntArray
    pitch: IntArray
    velocity: IntArray

    @classmethod
    def of(cls, phrases: Phrases, tracks: int) -> Events:
        """The canonical notes of `phrases`, whose track numbers lie below `tracks`.

        Raises:
            ValueError: a note is on a track that is not there.
        """
        notes = phrases.canonical()
        if len(notes.track) and int(notes.track.max()) >= tracks:
            raise ValueError(f"a note is on track {notes.track.max()}, but there are {tracks}")
        columns = (notes.start, notes.duration, notes.pitch, notes.velocity)
        line = notes.phrase * tracks + notes.track
        wide = (column.astype(np.int64) for column in columns)
        return cls(notes.grid, notes.bars, len(notes), tracks, line, *wide)

    @property
    def lines(self) -> int:
        """Lines there are, silent ones included."""
        return self.phrases * self.tracks

    @property
    def steps(self) -> int:
        """Steps in a phrase."""
        return self.bars * self.grid.steps_per_bar

    @property
    def track(self) -> IntArray:
        """(notes,) the track each note is on."""
        return self.line % self.tracks

    @property
    def bar(self) -> IntArray:
        """(notes,) the bar each note begins in."""
        return self.start // self.grid.steps_per_bar

    def keep(self, notes: NDArray[np.bool_]) -> Events:
        """The same lines with only the notes marked true, (notes,) bool."""
        columns = (self.line, self.start, self.duration, self.pitch, self.velocity)
        kept = (column[notes] for column in columns)
        return Events(self.grid, self.bars, self.phrases, self.tracks, *kept)

    def table(self, values: ArrayLike) -> FloatArray:
        """(lines,) values as (phrases, tracks) float64."""
        return np.asarray(values, np.float64).reshape(self.phrases, self.tracks)

    def total(self, weights: NDArray[np.generic] | None = None) -> FloatArray:
        """(phrases, tracks): the sum of a weight a note, or the number of notes."""
        return self.table(np.bincount(self.line, weights, self.lines))

    def pieces(self, unit: int) -> tuple[IntArray, IntArray, IntArray]:
        """Every note cut at multiples of `unit` steps (a bar, a beat).

        Returns:
            The note each piece comes from, the unit of the phrase it lies in, its steps.
        """
        end = self.start + self.duration
        first = self.start // unit
        counts = (end - 1) // unit - first + 1
        note = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(len(note)) + np.repeat(first - np.cumsum(counts) + counts, counts)
        low = np.maximum(self.start[note], place * unit)
        high = np.minimum(end[note], (place + 1) * unit)
        return note, place, high - low

    def sounding_bars(self) -> NDArray[np.bool_]:
        """(lines, bars): whether the line sounds in the bar, held notes included."""
        note, bar, _ = self.pieces(self.grid.steps_per_bar)
        sounds = np.zeros((self.lines, self.bars), bool)
        sounds[self.line[note], bar] = True
        return sounds


def ratio(part: Numbers, whole: Numbers) -> FloatArray:
    """`part / whole`, NaN where the whole is nought: the ratio does not apply there."""
    result: FloatArray = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def known_mean(values: FloatArray) -> FloatArray:
    """(columns,) mean over rows of the values that are not NaN; NaN where none is known."""
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0).sum(0), known.sum(0))
