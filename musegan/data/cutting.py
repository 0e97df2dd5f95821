"""Notes in ticks to phrases on the grid, for many songs at once.

The stretches of all songs are laid end to end on one line of bars, so that a few numpy calls serve
them all. Notes are sorted as 64-bit words that hold all of a note, its place first: numpy sorts
plain words several times faster than rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from musegan.data.bars import Stretch
from musegan.data.events import Events
from musegan.errors import MuseganError
from musegan.pianoroll import Grid, Phrases
from musegan.song import IntArray

Unsigned = TypeVar("Unsigned", np.uint8, np.uint16)

MOST_SONGS = 16  # at once: more gain little; a note's word has room for the steps of all
MOST_BARS = 10_000  # in a song
MOST_STEPS = (1 << 12) - 1  # in a phrase


@dataclass(frozen=True)
class Cut:
    """How songs are cut into phrases.

    Attributes:
        bars: bars a phrase, >= 1.
        hop: bars from one phrase's start to the next one's, >= 1.
        min_tracks: ensemble tracks that must play in a phrase.
        min_notes: notes a phrase must hold.
    """

    bars: int = 4
    hop: int = 1
    min_tracks: int = 1
    min_notes: int = 8

    def check(self, grid: Grid) -> None:
        """See that phrases of `grid` have lengths there is room for.

        Raises:
            MuseganError: a number is out of range; the message names it.
        """
        for name in ("bars", "hop"):
            if getattr(self, name) < 1:
                raise MuseganError(f"{name} must be 1 or more, not {getattr(self, name)}")
        if self.bars * grid.steps_per_bar > MOST_STEPS:
            raise MuseganError(
                f"{self.bars} bars of {grid.steps_per_bar} steps are too long for a phrase; "
                f"at most {MOST_STEPS} steps"
            )


@dataclass(frozen=True)
class Line:
    """Stretches end to end on one line of bars.

    Attributes:
        first: (stretches,) number of each one's first bar on the line.
        start: (stretches,) tick of its first bar line, in its song.
        bars: (stretches,) bars.
        ticks: (stretches,) ticks a bar.
    """

    first: IntArray
    start: IntArray
    bars: IntArray
    ticks: IntArray

    @classmethod
    def of(cls, stretches: list[Stretch], ticks: list[int]) -> Line:
        """The line of `stretches` whose bars have `ticks` ticks each."""
        bars = np.array([stretch.bars for stretch in stretches], np.int64)
        start = np.array([stretch.start for stretch in stretches], np.int64)
        return cls(np.cumsum(bars) - bars, start, bars, np.array(ticks, np.int64))


def quantise(events: Events, stretch: IntArray, line: Line, grid: Grid) -> Events:
    """Notes on the nearest steps of the line, canonical; those outside their stretch are dropped.

    Lengths are at least one step and end with the stretch; drums are one step long. Sorted by
    (track, pitch, start); doubled notes become one, and a note ends where its pitch is struck
    again.

    Args:
        events: notes in ticks of their songs.
        stretch: (notes,) the stretch each note may lie in.
        line: the stretches.
        grid: whose steps they are put on.
    """
    per_bar, ticks = 2.0 * grid.steps_per_bar, (2.0 * line.ticks).take(stretch)
    begin = events.start * per_bar  # numbers far below 2**53, so that floats are exact
    begin += (line.ticks - line.start * per_bar).take(stretch)
    stop = np.floor((begin + events.duration * per_bar) / ticks)
    begin = np.floor(np.divide(begin, ticks, out=begin), out=begin)
    room = (line.bars * float(grid.steps_per_bar)).take(stretch)
    length = np.clip(np.minimum(stop, room) - begin, 1, MOST_STEPS).astype(np.int64)
    words = events.track << 8
    words |= events.pitch
    if events.drum.any():
        length[events.drum] = 1
        words[events.drum] |= 128
    words <<= 29
    words += begin.astype(np.int64)
    words += (line.first * grid.steps_per_bar).take(stretch)
    words <<= 12
    words |= length
    words <<= 7
    words |= events.velocity
    inside = (begin >= 0) & (begin < room)
    words = words if inside.all() else words[inside]
    words.sort()
    spot = words >> 19
    longest, velocity = words, words & 127
    again = spot[1:] == spot[:-1]
    if again.any():
        heads = np.flatnonzero(np.append(True, ~again))
        spot, longest = spot[heads], words[np.append(heads[1:], len(words)) - 1]
        velocity = np.maximum.reduceat(velocity, heads)
    duration = longest >> 7 & 0xFFF
    # notes of another pitch or track lie farther off than any note is long
    duration[:-1] = np.minimum(duration[:-1], spot[1:] - spot[:-1])
    key, start = spot >> 29, spot & 0x1FFFFFFF
    return Events(key >> 8, (key & 128).astype(bool), start, duration, key & 127, velocity)


def cut_phrases(events: Events, line: Line, cut: Cut, grid: Grid) -> tuple[Phrases, IntArray]:
    """The phrases of a line from its notes on steps, and the bar each begins with on the line.

    In each stretch the first phrase begins with the first bar that has a note. A note held over a
    phrase's start is struck again there if a beat or more of it sounds in the phrase; drums are
    not.
    """
    per_bar, steps = grid.steps_per_bar, cut.bars * grid.steps_per_bar
    bar = events.start // per_bar
    begins = _beginnings(bar, line, cut)
    begun: IntArray = np.concatenate((np.zeros(cut.bars, np.int64), np.cumsum(begins)))
    held = np.maximum(events.duration - grid.steps_per_beat, 0)
    if events.drum.any():
        held[events.drum] = 0
    lowest = begun.take(bar)
    copies = begun.take((events.start + held) // per_bar + cut.bars) - lowest
    note = np.repeat(np.arange(len(bar)), copies)
    phrase = np.repeat(lowest + copies - np.cumsum(copies), copies) + np.arange(len(note))
    first = np.flatnonzero(begins)
    begin = events.start.take(note) - (first * per_bar).take(phrase)
    stop = np.minimum(begin + events.duration.take(note), steps)
    begin = np.maximum(begin, 0, out=begin)
    body = (events.track << 19 | events.pitch) << 19 | events.velocity
    words = phrase << 19
    words |= begin
    words <<= 19
    words |= stop - begin
    words <<= 7
    words |= body.take(note)
    words.sort()
    return Phrases(
        grid,
        cut.bars,
        np.searchsorted(words, np.arange(len(first) + 1) << 45),
        _low(words >> 38, 7, np.uint8),
        _low(words >> 26, 12, np.uint16),
        _low(words >> 7, 12, np.uint16),
        _low(words >> 19, 7, np.uint8),
        _low(words, 7, np.uint8),
    ), first


def _low(words: IntArray, bits: int, kind: type[Unsigned]) -> NDArray[Unsigned]:
    """The lowest bits of words as small numbers."""
    return words.astype(kind) & kind((1 << bits) - 1)


def rich_enough(phrases: Phrases, cut: Cut) -> NDArray[np.bool_]:
    """(P,) whether a phrase has the tracks and the notes `cut` asks for."""
    track = phrases.phrase << 7 | phrases.track
    new = np.append(True, track[1:] != track[:-1])[: len(track)]
    tracks = np.bincount(track[new] >> 7, minlength=len(phrases))
    return (tracks >= cut.min_tracks) & (np.diff(phrases.offsets) >= cut.min_notes)


def _beginnings(bar: IntArray, line: Line, cut: Cut) -> NDArray[np.bool_]:
    """(bars,) whether a phrase begins with each bar of the line, from the bars notes begin in."""
    begins = np.zeros(line.bars.sum(), bool)
    filled = np.zeros(len(begins), bool)
    filled[bar] = True
    for first, bars in zip(line.first.tolist(), line.bars.tolist(), strict=True):
        played = np.flatnonzero(filled[first : first + bars])
        if len(played):
            begin = first + min(int(played[0]), bars - cut.bars)
            last = first + max(int(played[-1]) + 1 - cut.bars, 0)
            begins[begin : max(begin, last) + 1 : cut.hop] = True
    return begins
