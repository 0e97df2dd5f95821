"""Where a song's bars lie: what its meter map says, and what its notes say of the map."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from musegan.data.beats import LONG, beat_offset, downbeats
from musegan.data.events import Events
from musegan.pianoroll import Grid
from musegan.song import IntArray, Multitrack


@dataclass(frozen=True)
class Stretch:
    """A run of whole bars in the grid's meter.

    Attributes:
        start: tick of its first bar line; below 0 where notes come late on their beats.
        bars: whole bars it holds.
        heard: whether the notes placed its bar lines, not the meter map.
    """

    start: int
    bars: int
    heard: bool = False


@dataclass(frozen=True)
class Region:
    """A part of the meter map that may hold bars of the grid's meter.

    Attributes:
        start: tick of a bar line, its first.
        stop: tick it ends before.
        unit: length of the map's bars, in ticks; shorter than the grid's when they only count
            beats, and the bar lines are to be found.
    """

    start: int
    stop: int
    unit: int


def bar_ticks(song: Multitrack, grid: Grid) -> int:
    """Ticks in one bar of the grid's meter, at least 1."""
    return max(round(grid.quarters_per_bar * song.ticks_per_quarter), 1)


def find_stretches(song: Multitrack, events: Events, grid: Grid) -> tuple[list[Stretch], list[str]]:
    """The stretches of a song in the grid's meter, and in words the parts in other meters.

    Bars that divide the grid's (1/4 and 2/4 against 4/4) are its pick-up before a stretch; alone,
    they make bars of the grid's meter whose first beats the notes tell. The notes also overrule a
    map whose beats they do not lie on, as in files whose recording began between two beats.
    """
    length, end = bar_ticks(song, grid), int(events.start.max()) + 1
    regions, unused = map_regions(song, grid, end)
    stretches: list[Stretch] = []
    for region in regions:
        inside = events.between(region.start, region.stop)
        if len(inside):
            last = region.stop if region.stop < end else int(inside.start.max()) + 1
            stretches += _stretches_of(region, inside, last, length, grid)
    return stretches, unused


def _stretches_of(
    region: Region, events: Events, last: int, length: int, grid: Grid
) -> list[Stretch]:
    beat = length / grid.beats_per_bar
    start, weight = (events.start - region.start) / beat, events.duration / beat
    weight = np.minimum(weight, LONG)
    offset = beat_offset(start, weight, region.unit > beat)
    origin = region.start + offset.beats * beat
    pitch, start = events.pitch, start - offset.beats
    if events.drum.any():
        pitched = ~events.drum
        start, weight, pitch = start[pitched], weight[pitched], pitch[pitched]
    if not len(pitch) or (region.unit == length and not offset.overrules):
        return [Stretch(round(origin), -((region.start - last) // length))]
    unit = 1 if offset.overrules else max(round(region.unit / beat), 1)
    return [
        Stretch(round(origin + first * beat), bars, heard=True)
        for first, bars in downbeats(start, weight, pitch, grid.beats_per_bar, unit)
    ]


def map_regions(song: Multitrack, grid: Grid, end: int) -> tuple[list[Region], list[str]]:
    """The regions of a meter map for the grid's meter up to tick `end`, and the rest in words.

    A meter holds from its tick on; none at all means 4/4.
    """
    length = bar_ticks(song, grid)
    changes = {0: (4, 4)} | {max(m.time, 0): (m.numerator, m.denominator) for m in song.meters}
    times = [time for time in sorted(changes) if time < end]
    meters = [changes[time] for time in times]
    regions: list[Region] = []
    unused: list[str] = []
    pickup: int | None = None
    for (start, stop), meter, following in zip(
        pairwise([*times, end]), meters, [*meters[1:], None], strict=True
    ):
        unit = song.ticks_per_quarter * 4 * meter[0] // meter[1]
        if not _counts_in(meter, grid):
            bars = max(round((stop - start) / max(unit, 1)), 1)
            unused.append(count_bars(bars, f"{meter[0]}/{meter[1]}"))
            pickup = None
            continue
        if unit < length and following is not None and _counts_in(following, grid):
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
        regions.append(Region(start, stop, unit))
    return regions, unused


def count_bars(bars: int, meter: str) -> str:
    """A number of bars in words."""
    return f"{bars} bar{'s' if bars != 1 else ''} of {meter}"


def _counts_in(meter: tuple[int, int], grid: Grid) -> bool:
    """Whether bars of `meter` make up bars of the grid's, with the same kind of beat."""
    bar, whole = meter[0] * grid.beat_unit, grid.beats_per_bar * meter[1]
    if bar == whole:
        return (meter[0] % 3 == 0) == (grid.beats_per_bar % 3 == 0)
    return 0 < bar < whole and whole % bar == 0 and meter[0] <= 2


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
