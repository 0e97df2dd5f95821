"""The groove of a song: off-beats in the middle of the beat, or late as in swing.

Models hear few songs that swing, and place made off-beats in the middle whatever they are given.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musegan.pianoroll import Phrases
from musegan.song import IntArray

ENOUGH = 8  # late off-beats that tell of swing
MOSTLY = 3  # times as many as there are in the middle of the beat


def in_groove(made: Phrases, given: Phrases, thirds: bool = False) -> Phrases:
    """What is made, with late off-beats if those that are given are; canonical.

    Eighths go from a half of the beat to two thirds, and the sixteenths beside them to a third and
    five sixths. What lies elsewhere in the beat stays, triplets too.

    Args:
        made: phrases of the grid of `given`.
        given: what tells of the groove.
        thirds: whether its meter tells already that beats are played in thirds.
    """
    if not swings(given, thirds):
        return made
    start = made.start.astype(np.int64)
    begin, end = (_late(time, made.grid.steps_per_beat) for time in (start, start + made.duration))
    length = np.maximum(end - begin, 1)
    return replace(
        made, start=begin.astype(np.uint16), duration=length.astype(np.uint16)
    ).canonical()


def swings(given: Phrases, thirds: bool = False) -> bool:
    """Whether off-beats are late, as they are where the meter tells of `thirds`."""
    beat = given.grid.steps_per_beat
    if beat % 6:
        return False  # thirds and halves of the beat are not on this grid
    place = given.start % beat
    late, straight = (int((place == step).sum()) for step in (beat * 2 // 3, beat // 2))
    return thirds or (late >= ENOUGH and late > MOSTLY * straight)


def _late(time: IntArray, beat: int) -> IntArray:
    place = time % beat
    moved = place.copy()
    for share, later in ((1 / 4, 1 / 3), (1 / 2, 2 / 3), (3 / 4, 5 / 6)):
        moved[place == share * beat] = round(later * beat)
    swung: IntArray = time - place + moved
    return swung
