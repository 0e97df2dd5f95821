"""Whole songs on a model's grid and back: what a network hears of a song, and its notes in ticks.

The grid is for the network alone. A song's own notes never pass through it, and what is made is put
on the song's beats, so that its tempo map moves old and new notes alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from musegan.composing.loudness import as_loud
from musegan.composing.restating import restated
from musegan.composing.retelling import Retelling, retell
from musegan.composing.swing import in_groove
from musegan.data.bars import Stretch, find_stretches
from musegan.data.events import seated
from musegan.data.meters import bar_ticks, meter_of
from musegan.data.phrasing import stretch_phrase
from musegan.data.runs import Runs
from musegan.errors import MuseganError
from musegan.instruments import Ensemble, EnsembleTrack, load_ensemble, to_multitrack
from musegan.instruments.performing import TICKS_PER_STEP
from musegan.midi.straying import stray
from musegan.models.spec import ModelSpec
from musegan.pianoroll import MOST_STEPS, Grid, Phrases
from musegan.song import IntArray, Multitrack, Notes, Track


@dataclass(frozen=True)
class Passage:
    """A run of bars in the grid's meter, once the song is told in it.

    Attributes:
        start: tick of its first bar line, when retold; below 0 where notes come late on their
            beats.
        bars: how many bars it has.
        ticks: length of a bar, when retold.
        before: bars of earlier passages.
        telling: how the song is told.
    """

    start: int
    bars: int
    ticks: int
    before: int
    telling: Retelling

    @property
    def lines(self) -> IntArray:
        """(bars + 1,) ticks of the song at its bar lines, its end included."""
        return self.telling.back(self._lines)

    def borders(self, grid: Grid) -> IntArray:
        """(bars + 1,) ticks of the song from which notes belong to each bar: half a step early."""
        return self.telling.back(self._lines - self.ticks // (2 * grid.steps_per_bar))

    def tick(self, step: int, grid: Grid) -> int:
        """The tick of the song at a step of the passage."""
        told = self.start + step * self.ticks // grid.steps_per_bar
        return int(self.telling.back(np.array([told]))[0])

    @property
    def _lines(self) -> IntArray:
        return self.start + self.ticks * np.arange(self.bars + 1)


def players(spec: ModelSpec, ensemble: str | None) -> Ensemble:
    """The ensemble of a model with the rules that place a file's tracks in it.

    Args:
        spec: of the model.
        ensemble: name of an ensemble that ships, or path of its YAML file; None looks for one of
            the model's name, and makes do without rules if there is none.

    Raises:
        MuseganError: the ensemble cannot be read, or has other tracks than the model.
    """
    try:
        found = load_ensemble(ensemble or spec.ensemble_name)
    except MuseganError:
        if ensemble is not None:
            raise
        return spec.ensemble
    if found.tracks == spec.ensemble.tracks:
        return found
    if ensemble is None:
        return spec.ensemble
    raise MuseganError(
        f"the ensemble {found.name} ({', '.join(found.names)}) is not that of the model "
        f"{spec.name} ({', '.join(spec.ensemble.names)})"
    )


def passages(
    song: Multitrack, parts: Sequence[int | str], ensemble: Ensemble, grid: Grid
) -> tuple[list[Passage], str]:
    """Where a song has bars of the grid's meter, and in words what else there is.

    Args:
        song: as it was read.
        parts: for each track its ensemble track, or why it has none.
        ensemble: the parts.
        grid: the meter and steps.

    Raises:
        MuseganError: no track has a part, there is no bar of the meter, or there are too many.
    """
    telling = retell(restated(song, parts, ensemble, grid), grid)
    told = telling.song(song)
    events, sizes = seated([told], ensemble, [parts])
    if not len(events):
        raise MuseganError(f"no track plays a note that the {ensemble.name} ensemble has")
    ((stretches, others),) = find_stretches([told], events, Runs(sizes), grid, 1)
    if not stretches:
        raise MuseganError(
            f"has no bar of {meter_of(grid)}, the one meter that the model knows "
            f"(only {others or 'a few notes'})"
        )
    ticks, most = bar_ticks(told, grid), MOST_STEPS // grid.steps_per_bar
    bars = [stretch.bars for stretch in stretches]
    start = stretches[-1].start
    if start + bars[-1] * ticks > events.start.max():  # the last notes ring on
        bars[-1] = max(bars[-1], -((start - told.played_until) // ticks))
    if sum(bars) > most:
        raise MuseganError(f"has {sum(bars)} bars, more than {most}; {stray(song) or 'split it'}")
    return [
        Passage(stretch.start, count, ticks, sum(bars[:number]), telling)
        for number, (stretch, count) in enumerate(zip(stretches, bars, strict=True))
    ], others


def only_passage(
    song: Multitrack, parts: Sequence[int | str], ensemble: Ensemble, grid: Grid
) -> Passage:
    """Where a song has bars of the grid's meter, if it has no others between them.

    Raises:
        MuseganError: as `passages`, or the song changes its meter on the way.
    """
    runs, others = passages(song, parts, ensemble, grid)
    if len(runs) > 1:
        raise MuseganError(f"changes its meter ({others or 'within'}); give a part that does not")
    return runs[0]


def on_grid(
    song: Multitrack,
    parts: Sequence[int | str | None],
    ensemble: Ensemble,
    where: Passage,
    grid: Grid,
) -> Phrases:
    """The notes of a passage, quantised, as one phrase of all its bars.

    Args:
        song: as it was read.
        parts: for each track its ensemble track, or something else where it is not heard.
        ensemble: the parts.
        where: the passage.
        grid: whose steps the notes are put on.
    """
    stretch = Stretch(where.start, where.bars)
    events, _ = seated([where.telling.song(song)], ensemble, [parts])
    return stretch_phrase(events, stretch, where.ticks, grid)


def perform(made: Phrases, given: Phrases, where: Passage, ensemble: Ensemble) -> dict[int, Notes]:
    """The notes of a phrase in the ticks of the song it was made for, by ensemble track.

    They are as loud as what is given, and in its groove. Those that begin where the song has no
    time are left out, see `retelling`.

    Args:
        made: one phrase of the passage's bars.
        given: what the song has there.
        where: the passage.
        ensemble: names the tracks and tells their programs.
    """
    steps = made.grid.steps_per_bar * TICKS_PER_STEP

    def told(ticks: IntArray) -> IntArray:
        return where.start + (ticks * where.ticks + steps // 2) // steps

    made = as_loud(in_groove(made, given, where.telling.thirds), given)
    parts = {}
    for track in to_multitrack(made, 0, ensemble).tracks:
        start, end = told(track.notes.start), told(track.notes.end)
        notes = where.telling.own(replace(track.notes, start=start, duration=end - start))
        start = np.maximum(notes.start, 0)  # a first bar may begin before the file does
        notes = replace(notes, start=start, duration=np.maximum(notes.end - start, 1))
        parts[ensemble.index(track.name)] = notes
    return parts


def joined(parts: Sequence[Notes]) -> Notes:
    """All notes of `parts`, in the order of time."""
    return Notes.of([row for part in parts for row in part.rows()]).sorted()


def as_track(member: EnsembleTrack, notes: Notes) -> Track:
    """Notes as a track that the ensemble's member plays."""
    return Track(notes, member.program, member.is_drum, member.name)
