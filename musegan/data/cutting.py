"""Notes in ticks to phrases on the grid, for many songs at once.

The stretches of all songs are laid end to end on one line of bars, so that a few numpy calls serve
them all. Notes are sorted as 64-bit words that hold all of a note, its place first: numpy sorts
plain words several times faster than rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musegan.data.bars import Stretch
from musegan.data.events import Events
from musegan.errors import MuseganError
from musegan.pianoroll import Grid, Phrases
from musegan.song import IntArray

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
    per_bar, ticks = 2 * grid.steps_per_bar, (2 * line.ticks).take(stretch)
    begin = events.start * per_bar + (line.ticks - line.start * per_bar).take(stretch)
    start = np.floor(begin / ticks).astype(np.int64)  # exact: the numbers are far below 2**53
    stop = ((begin + events.duration * per_bar) / ticks).astype(np.int64)
    room = (line.bars * grid.steps_per_bar).take(stretch)
    length = np.minimum(np.maximum(np.minimum(stop, room) - start, 1), MOST_STEPS)
    if events.drum.any():
        length[events.drum] = 1
    words = ((events.track << 1 | events.drum) << 7 | events.pitch) << 29
    words += start + (line.first * grid.steps_per_bar).take(stretch)
    words = (words << 12 | length) << 7 | events.velocity
    inside = (start >= 0) & (start < room)
    words = np.sort(words if inside.all() else words[inside])
    spot = words >> 19
    longest, velocity = words, words & 127
    again = spot[1:] == spot[:-1]
    if again.any():
        heads = np.flatnonzero(np.append(True, ~again))
        spot, longest = spot[heads], words[np.append(heads[1:], len(words)) - 1]
        velocity = np.maximum.reduceat(velocity, heads)
    key, start, duration = spot >> 29, spot & 0x1FFFFFFF, longest >> 7 & 0xFFF
    gap = np.where(key[1:] == key[:-1], start[1:] - start[:-1], MOST_STEPS)
    duration[:-1] = np.minimum(duration[:-1], gap)
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
    latest = np.concatenate((np.full(cut.bars, -1), np.cumsum(begins) - 1))
    held = np.where(events.drum, 0, np.maximum(events.duration - grid.steps_per_beat, 0))
    lowest = latest.take(bar) + 1
    copies = latest.take((events.start + held) // per_bar + cut.bars) + 1 - lowest
    note = np.repeat(np.arange(len(bar)), copies)
    phrase = np.arange(len(note)) + (lowest + copies - np.cumsum(copies)).take(note)
    first = np.flatnonzero(begins)
    begin = events.start.take(note) - (first * per_bar).take(phrase)
    inside = np.maximum(begin, 0)
    length = np.minimum(begin + events.duration.take(note), steps) - inside
    body = (events.track << 19 | events.pitch) << 19 | events.velocity
    words = np.sort(phrase << 44 | inside << 26 | length << 7 | body.take(note))
    return Phrases(
        grid,
        cut.bars,
        np.searchsorted(words, np.arange(len(first) + 1) << 44),
        (words >> 38 & 63).astype(np.uint8),
        (words >> 26 & 0xFFF).astype(np.uint16),
        (words >> 7 & 0xFFF).astype(np.uint16),
        (words >> 19 & 127).astype(np.uint8),
        (words & 127).astype(np.uint8),
    ), first


def rich_enough(phrases: Phrases, cut: Cut) -> NDArray[np.bool_]:
    """(P,) whether a phrase has the tracks and the notes `cut` asks for."""
    track = phrases.phrase << 6 | phrases.track
    new = np.append(True, track[1:] != track[:-1])[: len(track)]
    tracks = np.bincount(track[new] >> 6, minlength=len(phrases))
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
