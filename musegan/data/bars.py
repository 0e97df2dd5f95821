"""Where a song's bars lie: what its meter map says, and what its notes say of the map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from musegan.data.beats import EARLY, LONG, beat_offset, downbeats
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


def find_stretches(
    song: Multitrack, events: Events, grid: Grid, least: int
) -> tuple[list[Stretch], str]:
    """The stretches of `least` or more bars in the grid's meter, and in words what else there is.

    Bars that divide the grid's (1/4 and 2/4 against 4/4) are its pick-up before a stretch; alone,
    they make bars of the grid's meter whose first beats the notes tell. The notes also overrule a
    map whose beats they do not lie on, as in files whose recording began between two beats.
    """
    length, end = bar_ticks(song, grid), int(events.start.max()) + 1
    regions, unused = map_regions(song, grid, end)
    found: list[Stretch] = []
    for region in regions:
        begun = max(-((region.start - region.stop) // length), 1)
        inside = events.between(region.start, region.stop) if begun >= least else events[:0]
        here = _stretches_of(region, inside, end, length, grid) if len(inside) else []
        found += (stretch for stretch in here if stretch.bars >= least)
        unused[meter_of(grid)] += sum(s.bars for s in here if s.bars < least) if here else begun
    words = (f"{bars} bar{'s' if bars > 1 else ''} of {m}" for m, bars in unused.items() if bars)
    return found, ", ".join(words)


def _stretches_of(
    region: Region, events: Events, end: int, length: int, grid: Grid
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
    heard = len(pitch) > 0 and (region.unit < length or offset.overrules)
    if heard:
        unit = 1 if offset.overrules else max(round(region.unit / beat), 1)
        runs = downbeats(start, weight, pitch, grid.beats_per_bar, unit)
    else:
        runs = [(0, 1)]
    lines = [round(origin + first * beat) for first, _ in runs]
    bars = [count for _, count in runs]
    # drums play on where the pitched tracks rest; a bar does not reach over into another meter
    before = max((lines[0] - int(events.start.min())) // length, 0)
    after = -((lines[-1] - int(events.start.max()) - 1) // length)
    room = int((region.stop - lines[-1]) / length + EARLY)
    bars[-1] = max(bars[-1], after) if region.stop == end else min(after, room)
    lines[0], bars[0] = lines[0] - before * length, bars[0] + before
    return [Stretch(line, count, heard) for line, count in zip(lines, bars, strict=True)]


def map_regions(song: Multitrack, grid: Grid, end: int) -> tuple[list[Region], Counter[str]]:
    """The regions of a meter map for the grid's meter up to tick `end`, and the bars in others.

    A meter holds from its tick on; none at all means 4/4.
    """
    length = bar_ticks(song, grid)
    changes = {0: (4, 4)} | {max(m.time, 0): (m.numerator, m.denominator) for m in song.meters}
    times = [time for time in sorted(changes) if time < end]
    meters = [changes[time] for time in times]
    regions: list[Region] = []
    unused: Counter[str] = Counter()
    pickup: int | None = None
    for (start, stop), meter, following in zip(
        pairwise([*times, end]), meters, [*meters[1:], None], strict=True
    ):
        unit = song.ticks_per_quarter * 4 * meter[0] // meter[1]
        if not _counts_in(meter, grid):
            unused[f"{meter[0]}/{meter[1]}"] += max(round((stop - start) / max(unit, 1)), 1)
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


def meter_of(grid: Grid) -> str:
    """The grid's meter in words, such as 4/4."""
    return f"{grid.beats_per_bar}/{grid.beat_unit}"


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
