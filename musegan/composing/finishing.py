"""A song that stops in the middle of a bar plays on to the bar line."""

from __future__ import annotations

import numpy as np

from musegan.composing.joining import begins_in, beside
from musegan.composing.model import Model
from musegan.composing.pieces import FINISHING, Manner, write_cells
from musegan.data.arrangements import playing
from musegan.pianoroll import Phrases
from musegan.song import IntArray


def finish_bar(model: Model, given: Phrases, manner: Manner) -> tuple[Phrases, int]:
    """A song whose last bar is finished by the tracks that play in it.

    The bar is unfinished where the song falls silent in it earlier than its bars usually do.

    Args:
        model: what composes.
        given: one canonical phrase of any number of bars.
        manner: how to write.

    Returns:
        The song, and the step from which what is not given may begin: that of the beat after its
        last note, or of its end.
    """
    falls = _silent_from(given)
    if falls[-1] >= np.median(falls):
        return given, given.steps
    begin = given.steps - given.grid.steps_per_bar + int(falls[-1])
    cells = playing(given, len(model.spec.tracks))[0] > 0
    cells[:, :-1] = False
    written = write_cells(model, given, cells, manner, FINISHING)
    rest = written.keep(begins_in(written, cells) & (written.start >= begin))
    return beside(given, rest), begin


def _silent_from(song: Phrases) -> IntArray:
    """(bars,) steps from each bar line to the beat from which nothing sounds up to the next."""
    sounding = np.zeros(song.steps, bool)
    for start, duration in zip(song.start.tolist(), song.duration.tolist(), strict=True):
        sounding[start : start + duration] = True
    beat = np.arange(song.steps) % song.grid.steps_per_bar // song.grid.steps_per_beat
    until = np.where(sounding, (beat + 1) * song.grid.steps_per_beat, 0)
    falls: IntArray = until.reshape(song.bars, -1).max(axis=1)
    return falls
