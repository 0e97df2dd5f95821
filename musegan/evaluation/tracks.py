"""Metrics of single tracks: presence, density, polyphony, note lengths, velocities.

Every function takes `Events` and gives (phrases, tracks) float64. NaN says that a metric does not
apply to a line (it has no notes): means leave it out.
"""

from __future__ import annotations

import numpy as np

from musegan.evaluation.events import Events, ratio
from musegan.song import FloatArray


def empty_bars(events: Events) -> FloatArray:
    """Share of the bars in which nothing sounds; a note held over from before is sound.

    Range 0..1; an empty track has 1. EB of Dong et al., MuseGAN, AAAI 2018.
    """
    return 1 - events.table(events.sounding_bars().mean(axis=1))


def density(events: Events) -> FloatArray:
    """Notes begun per bar in which the track sounds.

    Range 0 upwards (a note held over four bars gives 0.25); NaN on an empty track, whose absence
    `empty_bars` tells.
    """
    return ratio(events.total(), events.table(events.sounding_bars().sum(axis=1)))


def polyphony(events: Events) -> FloatArray:
    """Mean number of pitches that sound together, over the steps where any sounds.

    Range 1..128; NaN on an empty track. Polyphony as in muspy (Dong et al., MusPy, ISMIR 2020).
    """
    steps = events.steps
    row = events.line * (steps + 1)
    size = events.lines * (steps + 1)
    begun = np.bincount(row + events.start, minlength=size)
    ended = np.bincount(row + events.start + events.duration, minlength=size)
    # lines end silent, so one running sum serves them all
    together = np.cumsum(begun - ended).reshape(events.lines, steps + 1)
    return ratio(events.total(events.duration), events.table((together > 0).sum(axis=1)))


def note_length(events: Events) -> FloatArray:
    """Mean length of the notes, in beats.

    Range above 0, up to the phrase's beats; NaN on an empty track.
    """
    return ratio(events.total(events.duration / events.grid.steps_per_beat), events.total())


def qualified_notes(events: Events) -> FloatArray:
    """Share of the notes that last a thirty-second or longer.

    Range 0..1; NaN on an empty track. QN of MuseGAN (AAAI 2018): three steps or more where a 4/4
    bar has 96. On any other grid, a note whose whole steps cover a thirty-second.
    """
    grid = events.grid
    long_enough = events.duration * 32 >= grid.steps_per_beat * grid.beat_unit
    return ratio(events.total(long_enough), events.total())


def velocity_mean(events: Events) -> FloatArray:
    """Mean MIDI velocity of the notes.

    Range 1..127; NaN on an empty track.
    """
    return ratio(events.total(events.velocity), events.total())


def velocity_spread(events: Events) -> FloatArray:
    """Standard deviation of the MIDI velocities within the phrase (of all its notes, not n - 1).

    Range 0..63; 0 with one note; NaN on an empty track.
    """
    mean = velocity_mean(events).reshape(-1)
    return np.sqrt(ratio(events.total((events.velocity - mean[events.line]) ** 2), events.total()))
