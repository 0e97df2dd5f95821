"""Where a song's bars lie: what its meter map says, and what its notes say of the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from musegan.data.beats import EARLY, LONG, Bars, beat_offsets, downbeats
from musegan.data.events import Events, concatenate_events
from musegan.data.meters import Region, map_regions
from musegan.data.runs import Runs
from musegan.pianoroll import Grid
from musegan.song import Multitrack


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


def find_stretches(
    songs: Sequence[Multitrack], events: Events, runs: Runs, grid: Grid, least: int
) -> list[tuple[list[Stretch], str]]:
    """Each song's stretches of `least` or more bars in the grid's meter, and in words the rest.

    Bars that divide the grid's (1/4 and 2/4 against 4/4) are its pick-up before a stretch; alone,
    they make bars of the grid's meter whose first beats the notes tell. Where they are single
    beats, the notes also tell whether the music is in another meter. They overrule a map whose
    beats they do not lie on, as in files whose recording began between two beats.

    Args:
        songs: as they were read.
        events: their notes, one song after the other.
        runs: the notes of each song.
        grid: whose meter is wanted.
        least: bars a stretch must have.
    """
    ends = (runs.most(events.start) + 1).tolist()
    maps = [map_regions(song, grid, end) for song, end in zip(songs, ends, strict=True)]
    wide = [
        (number, region)
        for number, (regions, _) in enumerate(maps)
        for region in regions
        if region.begun >= least
    ]
    played, inside, parts = _notes_within(wide, events, runs)
    laid = dict(zip(played, _stretches_of(played, inside, parts, grid), strict=True))
    told = []
    for number, (regions, unused) in enumerate(maps):
        found = []
        for region in regions:
            beats, here = laid.get((number, region), (grid.beats_per_bar, []))
            long = [stretch for stretch in here if stretch.bars >= least]
            short = sum(stretch.bars for stretch in here) - sum(stretch.bars for stretch in long)
            begun = region.begun * grid.beats_per_bar // beats
            unused[f"{beats}/{grid.beat_unit}"] += short if here else begun
            found += long
        words = (f"{n} bar{'s' if n > 1 else ''} of {meter}" for meter, n in unused.items() if n)
        told.append((found, ", ".join(words)))
    return told


def _notes_within(
    regions: list[tuple[int, Region]], events: Events, runs: Runs
) -> tuple[list[tuple[int, Region]], Events, Runs]:
    """Of regions of numbered songs those in which notes begin, and these notes, by region."""
    first, last = runs.least(events.start).tolist(), runs.most(events.start).tolist()
    whole = [
        region.start <= first[number] and last[number] < region.stop for number, region in regions
    ]
    if all(whole) and len(regions) == len(runs):  # a region is a song, as nearly always
        return regions, events, runs
    songs = [events[rows] for rows in runs.slices]
    parts = [songs[number].between(region.start, region.stop) for number, region in regions]
    played = [part for part in zip(regions, parts, strict=True) if len(part[1])]
    parts = [notes for _, notes in played]
    return [region for region, _ in played], concatenate_events(parts), Runs.of(parts)


def _stretches_of(
    played: Sequence[tuple[int, Region]], events: Events, runs: Runs, grid: Grid
) -> list[tuple[int, list[Stretch]]]:
    """The stretches of regions of numbered songs, from the notes that begin in each.

    Before them the beats in a bar; where they are not the grid's, there are no stretches.
    """
    if not played:
        return []
    regions = [region for _, region in played]
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
    stated = [bars for bars, told in zip(counts_bars, heard.tolist(), strict=True) if told]
    found = iter(
        downbeats(
            start[telling],
            weight[telling],
            events.pitch[telling],
            Runs(counts[heard]),
            grid.beats_per_bar,
            units,
            stated,
        )
    )
    return [
        _lay(
            region,
            region.start + offset.beats * one,
            one,
            next(found) if told else None,
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
    told: Bars | None,
    first: int,
    last: int,
) -> tuple[int, list[Stretch]]:
    """Beats in a bar of a region, and its stretches.

    Args:
        region: the region.
        origin: tick of its first beat.
        beat: ticks a beat.
        told: the bars that the notes tell; None where the map does.
        first: tick of the first note, be it a drum.
        last: tick of the last one.
    """
    beats, rows = told or Bars(round(region.bar / beat), [(0, 1)])
    if not rows:
        return beats, []
    lines = [round(origin + begin * beat) for begin, _ in rows]
    bars = [count for _, count in rows]
    # drums play on where the pitched tracks rest; a bar does not reach over into another meter
    before = max((lines[0] - first) // region.bar, 0)
    after = -((lines[-1] - last - 1) // region.bar)
    room = int((region.stop - lines[-1]) / region.bar + EARLY)
    bars[-1] = max(bars[-1], after) if region.ends else min(after, room)
    lines[0], bars[0] = lines[0] - before * region.bar, bars[0] + before
    heard = told is not None
    return beats, [Stretch(line, count, heard) for line, count in zip(lines, bars, strict=True)]
