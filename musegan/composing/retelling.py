"""Songs in other meters told in a model's, and back.

A model knows one meter. A beat is a beat to it, whatever note value it has: the dotted quarters of
12/8 are the quarters of 4/4 that are played in thirds, and two bars of 6/8 make one bar. A bar that
is a beat short, as 3/4 is to 4/4, rests on the model's last beat: what is held over the bar line is
held on there, and what a model writes there is not heard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from musegan.composing.told import told_as, told_parts, usual_meter
from musegan.data.meters import dotted, meter_of, stated_meters
from musegan.pianoroll import Grid
from musegan.song import IntArray, Meter, Multitrack, Notes


class Run(NamedTuple):
    """A part of a song in one meter.

    Attributes:
        begin: its first tick in the song.
        told: the tick that this is when retold.
        bar: ticks of a bar in the song.
        rate: ticks when retold for one of the song's.
        rest: ticks when retold that follow each bar; 0 where the meter fits.
        early: ticks by which a note may be early for the bar line it is meant for.
    """

    begin: int
    told: int
    bar: int
    rate: int
    rest: int
    early: int


@dataclass(frozen=True)
class Retelling:
    """How the ticks of a song lie when it is told in another meter.

    No two ticks of the song become one, so all that is taken there comes back as it was.

    Attributes:
        runs: by time, the first from tick 0 on.
        ticks_per_quarter: of the song as it is told.
        meters: what it says of its meters.
        meter: the song's own that most of it is in, as (numerator, denominator).
        thirds: whether beats are dotted in most of it, and so played in thirds.
        remarks: what a musician should know of it.
    """

    runs: tuple[Run, ...]
    ticks_per_quarter: int
    meters: tuple[Meter, ...]
    meter: tuple[int, int] = (4, 4)
    thirds: bool = False
    remarks: tuple[str, ...] = ()

    @cached_property
    def _columns(self) -> NDArray[np.int64]:
        return np.array(self.runs).T

    def there(self, ticks: IntArray) -> IntArray:
        """The ticks when retold of ticks of the song."""
        columns = self._columns
        begin, told, bar, rate, rest, early = columns[:, _last(columns[0], ticks)]
        since = ticks - begin
        place: IntArray = told + since * rate + (since + early) // bar * rest
        return place

    def back(self, ticks: IntArray) -> IntArray:
        """The nearest ticks of the song to ticks when retold; a rest is the bar line after it."""
        begin, bar, rate, number, since, rests = self._bars(ticks)
        inside = (since + rate // 2) // rate
        place: IntArray = begin + number * bar + np.where(rests, bar, inside)
        return place

    def rests(self, ticks: IntArray) -> NDArray[np.bool_]:
        """Whether ticks when retold lie in the rests after bars, where the song has no time."""
        rests: NDArray[np.bool_] = self._bars(ticks)[-1].astype(bool)
        return rests

    def _bars(self, ticks: IntArray) -> tuple[IntArray, ...]:
        """For ticks when retold: begin, bar and rate of their run, its bar, and where therein."""
        columns = self._columns
        begin, told, bar, rate, rest, early = columns[:, _last(columns[1], ticks)]
        number = (ticks - told + early * rate) // (bar * rate + rest)
        since = ticks - told - number * (bar * rate + rest)
        return begin, bar, rate, number, since, since >= (bar - early) * rate

    def song(self, song: Multitrack) -> Multitrack:
        """The song as it is told; its tempos are those of its own quarters."""
        return replace(
            song,
            tracks=tuple(replace(track, notes=self._notes(track.notes)) for track in song.tracks),
            ticks_per_quarter=self.ticks_per_quarter,
            tempos=tuple(each._replace(time=self.one(each.time)) for each in song.tempos),
            meters=self.meters,
            keys=tuple(each._replace(time=self.one(each.time)) for each in song.keys),
        )

    def _notes(self, notes: Notes) -> Notes:
        start = self.there(notes.start)
        return replace(notes, start=start, duration=self.there(notes.end) - start)

    def own(self, notes: Notes) -> Notes:
        """Notes of the song as it is told in its own ticks, save those that begin in a rest."""
        notes = notes[~self.rests(notes.start)]
        start, end = self.back(notes.start), self.back(notes.end)
        return replace(notes, start=start, duration=np.maximum(end - start, 1))

    def one(self, tick: int) -> int:
        """The tick when retold of one of the song's."""
        return int(self.there(np.array([tick]))[0])


def retell(song: Multitrack, grid: Grid) -> Retelling:
    """How a song is told on a grid.

    Told are meters of as many beats as the grid's, of one less, or of beats that divide it. All
    others stay, and so do those that make up the grid's as they are.

    Args:
        song: whose meters count.
        grid: what a model knows; nothing is told in dotted beats.
    """
    parts = [*told_parts(song, grid)]
    beat = 4 * song.ticks_per_quarter // grid.beat_unit
    scale = lcm(*(part.rate.denominator for part in parts))
    telling = Retelling((Run(0, 0, 1, scale, 0, 0),), song.ticks_per_quarter * scale, ())
    runs, meters = [], []
    for part in parts:
        start, rate = telling.one(part.begin), int(scale * part.rate)
        early = part.bar // (2 * part.beats * grid.steps_per_beat) if part.rest else 0
        runs.append(Run(part.begin, start, part.bar, rate, part.rest * beat * scale, early))
        meters.append(Meter(start, part.beats + part.rest, part.kind))
        telling = replace(telling, runs=tuple(runs), meters=tuple(meters))
    usual = usual_meter(song)
    short = [
        f"the model knows {meter_of(grid)}: its {beats}/{kind} is that without the last beat"
        for beats, kind in stated_meters(song).values()
        if (told := told_as((beats, kind), grid)) and told.rest
    ]
    mostly = told_as(usual, grid)
    return replace(
        telling,
        meter=usual if mostly else (grid.beats_per_bar, grid.beat_unit),
        thirds=mostly is not None and dotted(usual[0]),
        remarks=tuple(dict.fromkeys(short)),
    )


def untell(told: Multitrack, meter: tuple[int, int], grid: Grid) -> Multitrack:
    """A song of a grid in another meter, in which it is told so.

    Args:
        told: of bars of the grid from tick 0 on; its tempos are those of quarters of the new meter.
        meter: of the new song, as (numerator, denominator): one that is told on the grid or makes
            up its own.
        grid: whose meter the song is in.
    """
    song = replace(told, meters=(Meter(0, *meter),))
    if told_as(meter, grid) is None:
        return song
    telling = retell(song, grid)
    finer = telling.ticks_per_quarter // told.ticks_per_quarter
    tracks = []
    for track in told.tracks:
        start, duration = track.notes.start * finer, track.notes.duration * finer
        notes = telling.own(replace(track.notes, start=start, duration=duration))
        tracks += [replace(track, notes=notes)] if len(notes) else []
    return replace(song, tracks=tuple(tracks))


def _last(begins: IntArray, ticks: IntArray) -> IntArray:
    """The number of the last run that begins at or before each tick, the first for all before."""
    number: IntArray = np.maximum(np.searchsorted(begins, ticks, side="right") - 1, 0)
    return number
