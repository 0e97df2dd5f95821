"""What a song's meter map and key signatures say, before its notes are asked."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from musegan.errors import MuseganError
from musegan.pianoroll import Grid
from musegan.song import IntArray, Multitrack


class Region(NamedTuple):
    """A part of the meter map that may hold bars of the grid's meter.

    Attributes:
        start: tick of a bar line, its first.
        stop: tick it ends before.
        unit: length of the map's bars, in ticks; shorter than the grid's when they only count
            beats, and the bar lines are to be found.
        bar: length of the grid's bars, in ticks.
        ends: whether the song ends with it.
    """

    start: int
    stop: int
    unit: int
    bar: int
    ends: bool

    @property
    def begun(self) -> int:
        """Bars of the grid's that begin in it, the first at its start."""
        return max(-((self.start - self.stop) // self.bar), 1)


def bar_ticks(song: Multitrack, grid: Grid) -> int:
    """Ticks in one bar of the grid's meter, at least 1."""
    return max(round(grid.quarters_per_bar * song.ticks_per_quarter), 1)


def stated_meters(song: Multitrack) -> dict[int, tuple[int, int]]:
    """The meters of a song, as (numerator, denominator), by the tick that each holds from."""
    stated = {0: (4, 4)} | {max(m.time, 0): (m.numerator, m.denominator) for m in song.meters}
    return dict(sorted(stated.items()))


def map_regions(song: Multitrack, grid: Grid, end: int) -> tuple[list[Region], Counter[str]]:
    """The regions of a meter map for the grid's meter up to tick `end`, and the bars in others.

    A meter holds from its tick on; none at all means 4/4.
    """
    length = bar_ticks(song, grid)
    stated = {time: meter for time, meter in stated_meters(song).items() if time < end}
    times, meters = [*stated], [*stated.values()]
    regions: list[Region] = []
    unused: Counter[str] = Counter()
    pickup: int | None = None
    for (start, stop), meter, following in zip(
        pairwise([*times, end]), meters, [*meters[1:], None], strict=True
    ):
        unit = song.ticks_per_quarter * 4 * meter[0] // meter[1]
        if not counts_in(meter, grid):
            unused[f"{meter[0]}/{meter[1]}"] += max(round((stop - start) / max(unit, 1)), 1)
            pickup = None
            continue
        if unit < length and following is not None and counts_in(following, grid):
            pickup = start if pickup is None else pickup
            continue
        if pickup is not None:
            start -= (start - pickup) // length * length
            pickup = None
        before = regions[-1] if regions else None
        if (
            before is not None
            and (before.stop, before.unit) == (start, unit)
            and not (start - before.start) % length
        ):
            start = regions.pop().start
        regions.append(Region(start, stop, unit, length, stop == end))
    return regions, unused


def parse_meter(text: str) -> tuple[int, int]:
    """A meter such as `6/8` as (numerator, denominator).

    Raises:
        MuseganError: it is none.
    """
    match = re.fullmatch(r"([1-9]\d?)/(1|2|4|8|16|32)", text.strip())
    if match is None:
        raise MuseganError(f"'{text}' is not a meter such as 4/4 or 6/8")
    return int(match[1]), int(match[2])


def meter_of(grid: Grid) -> str:
    """The grid's meter in words, such as 4/4."""
    return f"{grid.beats_per_bar}/{grid.beat_unit}"


def dotted(beats: int) -> bool:
    """Whether bars of so many notes have dotted beats, of three notes each."""
    return beats > 3 and beats % 3 == 0


def counts_in(meter: tuple[int, int], grid: Grid) -> bool:
    """Whether bars of `meter` make up bars of the grid's, with the same kind of beat.

    6/8 are two beats of three eighths each: neither 3/4 nor three bars of 1/4.
    """
    bar, whole = meter[0] * grid.beat_unit, grid.beats_per_bar * meter[1]
    if bar == whole:
        return meter[0] == grid.beats_per_bar or grid.beats_per_bar % 3 > 0
    group = 3 * meter[1] if dotted(grid.beats_per_bar) else whole
    return 0 < bar < whole and group % bar == 0 and meter[0] <= 2


def keys_at(song: Multitrack, ticks: IntArray) -> list[str | None]:
    """Name of the key the file states at each tick, such as `F# minor`; None where it has none."""
    names = [None, *(_key_name(key.fifths, key.minor) for key in song.keys)]
    if len(names) == 1:
        return names * len(ticks)
    at = np.searchsorted([key.time for key in song.keys], ticks, side="right")
    return [names[index] for index in at.tolist()]


def _key_name(fifths: int, minor: bool) -> str:
    place = fifths + (3 if minor else 0) + 1
    accidentals = "#" * (place // 7) if place >= 0 else "b" * (-(place // 7))
    return f"{'FCGDAEB'[place % 7]}{accidentals} {'minor' if minor else 'major'}"
