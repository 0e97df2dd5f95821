"""Where a song's bars lie: stretches of one meter, with pick-ups set apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from musegan.pianoroll import Grid
from musegan.song import IntArray, Multitrack


@dataclass(frozen=True)
class Stretch:
    """A run of whole bars in the grid's meter.

    Attributes:
        start: tick of its first bar line.
        bars: whole bars it holds.
        bar: number of its first bar in the song, counted from 0.
    """

    start: int
    bars: int
    bar: int


def bar_ticks(song: Multitrack, grid: Grid) -> int:
    """Ticks in one bar of the grid's meter, at least 1."""
    return max(round(grid.quarters_per_bar * song.ticks_per_quarter), 1)


def find_stretches(song: Multitrack, grid: Grid) -> tuple[list[Stretch], list[str]]:
    """The stretches of a song in the grid's meter, and what is said of the rest.

    A meter holds from its tick on; none at all means 4/4. Bars shorter than the grid's that divide
    it (1/4 and 2/4 against 4/4) belong to a neighbouring stretch: before one they are its pick-up,
    alone they make bars of the grid's meter.
    """
    end = song.end
    changes = {0: (4, 4)} | {max(m.time, 0): (m.numerator, m.denominator) for m in song.meters}
    times = sorted(time for time in changes if time < end)
    length = bar_ticks(song, grid)
    stretches: list[Stretch] = []
    unused: list[str] = []
    pickup: int | None = None
    segments: list[tuple[int, int, bool]] = []
    for time, stop in pairwise([*times, end]):
        kind = _compare(changes[time], grid)
        if kind == "other":
            pickup = None
            bars = (stop - time) / (
                song.ticks_per_quarter * 4 * changes[time][0] / changes[time][1]
            )
            unused.append(f"{bars:.0f} bars of {changes[time][0]}/{changes[time][1]}")
            continue
        if kind == "part" and stop < end and _compare(changes[stop], grid) != "other":
            pickup = time if pickup is None else pickup
            continue
        if pickup is not None:
            time -= (time - pickup) // length * length
        pickup = None
        if segments and segments[-1][1] == time and (time - segments[-1][0]) % length == 0:
            time = segments.pop()[0]
        segments.append((time, stop, stop == end))
    for time, stop, last in segments:
        bars = -(-(stop - time) // length) if last else (stop - time) // length
        stretches.append(Stretch(time, bars, time // length))
    return stretches, unused


def _compare(meter: tuple[int, int], grid: Grid) -> str:
    numerator, denominator = meter
    bar = numerator * grid.beat_unit
    whole = grid.beats_per_bar * denominator
    if bar == whole and (numerator % 3 == 0) == (grid.beats_per_bar % 3 == 0):
        return "same"
    if bar < whole and whole % bar == 0 and denominator == grid.beat_unit:
        return "part"
    return "other"


def seconds_at(song: Multitrack, ticks: IntArray) -> NDArray[np.float64]:
    """Seconds from the song's start at each tick, by its tempo map."""
    times = np.array([0, *(max(t.time, 0) for t in song.tempos)], float)
    tempos = np.array([120.0, *(t.bpm for t in song.tempos)])
    pace = 60 / (tempos * song.ticks_per_quarter)
    passed = np.concatenate(([0.0], np.cumsum(np.diff(times) * pace[:-1])))
    at = np.searchsorted(times, ticks, side="right") - 1
    seconds: NDArray[np.float64] = passed[at] + (ticks - times[at]) * pace[at]
    return seconds


def keys_at(song: Multitrack, ticks: IntArray) -> list[str | None]:
    """Name of the key the file states at each tick, such as `F# minor`; None where it has none."""
    names = [None, *(_key_name(key.fifths, key.minor) for key in song.keys)]
    at = np.searchsorted([key.time for key in song.keys], ticks, side="right")
    return [names[index] for index in at.tolist()]


def _key_name(fifths: int, minor: bool) -> str:
    place = fifths + (3 if minor else 0) + 1
    accidentals = "#" * (place // 7) if place >= 0 else "b" * (-(place // 7))
    return f"{'FCGDAEB'[place % 7]}{accidentals} {'minor' if minor else 'major'}"
