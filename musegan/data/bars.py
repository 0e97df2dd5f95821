"""Where a song's bars lie: what its meter map says, and what its notes say of the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from musegan.data.beats import EARLY, LONG, beat_offsets, downbeats
from musegan.data.events import Events, concatenate_events
from musegan.data.runs import Runs
from musegan.pianoroll import Grid
from musegan.song import IntArray, Multitrack


class Stretch(NamedTuple):
    """A run of whole bars in the grid's meter.

    Attributes:
        start: tick of its first bar line; below 0 where notes come late on their beats.
        bars: whole bars it holds.
        heard: whether the notes placed its bar lines, not the meter map.
    """

    start: int
    bars: int
    heard: bool = False


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


def find_stretches(
    songs: Sequence[Multitrack], events: Events, runs: Runs, grid: Grid, least: int
) -> list[tuple[list[Stretch], str]]:
    """Each song's stretches of `least` or more bars in the grid's meter, and in words the rest.

    Bars that divide the grid's (1/4 and 2/4 against 4/4) are its pick-up before a stretch; alone,
    they make bars of the grid's meter whose first beats the notes tell. The notes also overrule a
    map whose beats they do not lie on, as in files whose recording began between two beats.

    Args:
        songs: as they were read.
        events: their notes, one song after the other.
        runs: the notes of each song.
        grid: whose meter is wanted.
        least: bars a stretch must have.
    """
    ends = (runs.most(events.start) + 1).tolist()
    maps = [map_regions(song, grid, end) for song, end in zip(songs, ends, strict=True)]
    played = {
        (number, region): notes
        for number, ((regions, _), rows) in enumerate(zip(maps, runs.slices, strict=True))
        for region in regions
        if region.begun >= least and len(notes := events[rows].between(region.start, region.stop))
    }
    regions = [region for _, region in played]
    laid = dict(zip(played, _stretches_of(regions, list(played.values()), grid), strict=True))
    told = []
    for number, (regions, unused) in enumerate(maps):
        found = []
        for region in regions:
            here = laid.get((number, region), [])
            long = [stretch for stretch in here if stretch.bars >= least]
            short = sum(stretch.bars for stretch in here) - sum(stretch.bars for stretch in long)
            unused[meter_of(grid)] += short if here else region.begun
            found += long
        words = (f"{n} bar{'s' if n > 1 else ''} of {meter}" for meter, n in unused.items() if n)
        told.append((found, ", ".join(words)))
    return told


def _stretches_of(
    regions: Sequence[Region], parts: Sequence[Events], grid: Grid
) -> list[list[Stretch]]:
    """The stretches of regions, from the notes that begin in each."""
    if not regions:
        return []
    events, runs = concatenate_events(parts), Runs.of(parts)
    beats = [region.bar / grid.beats_per_bar for region in regions]
    beat = runs.spread(beats)
    start = (events.start - runs.spread([region.start for region in regions])) / beat
    weight = np.minimum(events.duration / beat, LONG)
    counts_bars = [region.unit > one for region, one in zip(regions, beats, strict=True)]
    offsets = beat_offsets(start, weight, runs, counts_bars)
    start -= runs.spread([offset.beats for offset in offsets])
    asked = [
        region.unit < region.bar or offset.overrules
        for region, offset in zip(regions, offsets, strict=True)
    ]
    telling = runs.spread(asked) & ~events.drum
    counts = runs.total(telling)
    heard = counts > 0
    units = [
        1 if offset.overrules else max(round(region.unit / one), 1)
        for region, offset, one, told in zip(regions, offsets, beats, heard.tolist(), strict=True)
        if told
    ]
    rows = iter(
        downbeats(
            start[telling],
            weight[telling],
            events.pitch[telling],
            Runs(counts[heard]),
            grid.beats_per_bar,
            units,
        )
    )
    return [
        _lay(
            region,
            region.start + offset.beats * one,
            one,
            next(rows) if told else None,
            first,
            last,
        )
        for region, offset, one, told, first, last in zip(
            regions,
            offsets,
            beats,
            heard.tolist(),
            runs.least(events.start).tolist(),
            runs.most(events.start).tolist(),
            strict=True,
        )
    ]


def _lay(
    region: Region,
    origin: float,
    beat: float,
    rows: list[tuple[int, int]] | None,
    first: int,
    last: int,
) -> list[Stretch]:
    """The stretches of a region.

    Args:
        region: the region.
        origin: tick of its first beat.
        beat: ticks a beat.
        rows: rows of bars, (first beat, bars) each, that the notes tell; None where the map does.
        first: tick of the first note, be it a drum.
        last: tick of the last one.
    """
    heard = rows is not None
    lines = [round(origin + begin * beat) for begin, _ in rows or [(0, 1)]]
    bars = [count for _, count in rows or [(0, 1)]]
    # drums play on where the pitched tracks rest; a bar does not reach over into another meter
    before = max((lines[0] - first) // region.bar, 0)
    after = -((lines[-1] - last - 1) // region.bar)
    room = int((region.stop - lines[-1]) / region.bar + EARLY)
    bars[-1] = max(bars[-1], after) if region.ends else min(after, room)
    lines[0], bars[0] = lines[0] - before * region.bar, bars[0] + before
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
        regions.append(Region(start, stop, unit, length, stop == end))
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
