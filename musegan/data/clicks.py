"""Whether a song was played to its own beats, or freely: recorded without a click."""

from __future__ import annotations

import numpy as np

from musegan.song import Multitrack

ENOUGH = 64  # times at which notes begin; fewer may fall anywhere by chance
PULSES = (1, 2, 3, 4, 6)  # a beat, that notes may keep to
LEAST = 0.2  # of 1; of 446 game and pop songs seven keep less closely to every pulse


def keeps_beat(song: Multitrack) -> bool:
    """Whether notes begin at some pulse of the beats, early or late as they may be.

    The length of their mean phase: 1 where all are on it, 0 where they fall anywhere.
    """
    starts = np.concatenate([track.notes.start for track in song.tracks] or [np.empty(0, np.int64)])
    beats = np.unique(starts) / song.ticks_per_quarter
    if len(beats) < ENOUGH:
        return True
    return any(abs(np.exp(2j * np.pi * pulse * beats).mean()) >= LEAST for pulse in PULSES)


def free_time(song: Multitrack) -> list[str]:
    """A remark on a song that does not keep to its beats."""
    if keeps_beat(song):
        return []
    return [
        "its notes keep to no beat of its tempo, as if played without a click: new notes keep to "
        "the file's beats, not to the player's; map the tempo in a DAW first"
    ]
