"""How loud new notes are beside given ones: no louder than the song, in a track's own range.

Models hear few songs that are soft throughout, and play in all at about one velocity. In real songs
a track is as loud as the others (their velocities correlate at 0.8, at a slope of 1), and a bar as
its neighbours (2.6 apart on average).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musegan.pianoroll import Phrases
from musegan.song import IntArray

STRONG = 75  # the percentile of velocities that tells how loud a bar is; ghost notes do not
SOFT, LOUD = 10, 90  # percentiles of bars between which a track's own are


def as_loud(made: Phrases, given: Phrases) -> Phrases:
    """What is made, each bar of a track as loud as its bars are in the song.

    A track that has no given notes is no louder than all that is given. Accents stay.

    Args:
        made: one phrase.
        given: one phrase, what tells of loudness.
    """
    if not len(given.track):
        return made
    velocity = made.velocity.astype(np.float64)
    ranges = {track: _range(given, track) for track in np.unique(made.track).tolist()}
    cells, cell = np.unique(np.stack([made.track, _bar(made)]), axis=1, return_inverse=True)
    for number, track in enumerate(cells[0].tolist()):
        here = cell == number
        level = float(np.percentile(velocity[here], STRONG))
        velocity[here] *= np.clip(level, *ranges[track]) / level
    return replace(made, velocity=velocity.round().clip(1, 127).astype(np.uint8))


def _range(given: Phrases, track: int) -> tuple[float, float]:
    """The least and the greatest loudness of a bar of a track, as a velocity."""
    own = given.keep(given.track == track)
    heard = own if len(own.track) else given
    bars = _bar(heard)
    levels = [np.percentile(heard.velocity[bars == bar], STRONG) for bar in np.unique(bars)]
    softest, loudest = np.percentile(levels, [SOFT, LOUD])
    return (float(softest) if len(own.track) else 0.0), float(loudest)


def _bar(notes: Phrases) -> IntArray:
    bars: IntArray = notes.start.astype(np.int64) // notes.grid.steps_per_bar
    return bars
