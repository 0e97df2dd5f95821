import math
from dataclasses import replace

import numpy as np

from musegan.data.sounds import UNPITCHED
from musegan.evaluation.sounds.levels import levels_of
from musegan.evaluation.sounds.variety import collapsed, distances_within
from tests.evaluation.sounds.hands import scale, sounds_of


def test_pairs_are_of_one_instrument_and_near_in_pitch():
    sounds = sounds_of([("flute", 60), ("flute", 62), ("flute", 65), ("reed", 60)])
    levels = np.zeros((4, 2, 3), np.float32)
    levels[1] = 6  # dB
    assert distances_within(sounds, levels).tolist() == [6]
    unpitched = replace(sounds, pitch=np.full(4, UNPITCHED))
    assert sorted(distances_within(unpitched, levels).tolist()) == [0, 6, 6]


def test_a_planted_collapse_is_found():
    varied = sounds_of(scale(60, 4))
    apart = distances_within(varied, levels_of(varied))
    assert collapsed(apart) == 0
    assert apart.mean() > 3
    same = varied.at(np.zeros(8, np.int64))
    assert collapsed(distances_within(same, levels_of(same))) == 1
    assert math.isnan(collapsed(np.zeros(0)))
