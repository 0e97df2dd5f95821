"""Bars that a song's notes tell of, where its meters only count beats or lie beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from musegan.composing.told import is_cut
from musegan.data.bars import Stretch, find_stretches
from musegan.data.events import seated
from musegan.data.meters import bar_ticks, stated_meters
from musegan.data.runs import Runs
from musegan.instruments import Ensemble
from musegan.pianoroll import Grid
from musegan.song import Meter, Multitrack


def restated(
    song: Multitrack, parts: Sequence[int | str], ensemble: Ensemble, grid: Grid
) -> Multitrack:
    """A song with the bars that its notes tell of, if its meters leave them to the notes.

    They are of the grid's beats or, where there are none and single beats are all that is stated,
    of one less. Between them may be a few beats, as after a bar of 2/4: those are a bar too.

    Args:
        song: as it was read.
        parts: for each track its ensemble track, or why it has none.
        ensemble: the parts.
        grid: the meter and steps.
    """
    events, sizes = seated([song], ensemble, [parts])
    if not len(events):
        return song
    counts = all(is_cut(meter, grid) for meter in stated_meters(song).values())
    for beats in (grid.beats_per_bar, grid.beats_per_bar - 1) if counts else (grid.beats_per_bar,):
        bars = replace(grid, beats_per_bar=max(beats, 1))
        ((stretches, _),) = find_stretches([song], events, Runs(sizes), bars, 1)
        if stretches and stretches[0].heard and stretches[0].start >= 0:
            return replace(song, meters=tuple(_stated(stretches, song, bars)))
    return song


def _stated(stretches: Sequence[Stretch], song: Multitrack, bars: Grid) -> Iterator[Meter]:
    """Meters of stretches of bars and of the beats left before each."""
    whole = bar_ticks(song, bars)
    if stretches[0].start:
        yield Meter(0, 1, bars.beat_unit)
    yield Meter(stretches[0].start, bars.beats_per_bar, bars.beat_unit)
    for before, after in pairwise(stretches):
        left = (after.start - before.start) % whole
        beats, rest = divmod(left * bars.beats_per_bar, whole)
        if beats and not rest:
            yield Meter(after.start - left, beats, bars.beat_unit)
        yield Meter(after.start, bars.beats_per_bar, bars.beat_unit)
