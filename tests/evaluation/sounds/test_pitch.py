import math

import numpy as np
import pytest

from musegan.audio.pitch import heard_pitch
from musegan.evaluation.sounds.pitch import Pitches, hear_pitches
from tests.evaluation.sounds.hands import RATE, SAMPLES, sounds_of, tone


@pytest.mark.parametrize(("instrument", "pitch"), [("flute", 45), ("reed", 60), ("reed", 84.3)])
def test_a_pitch_is_heard_within_ten_cents(instrument, pitch):
    wave = tone(instrument, pitch)
    assert heard_pitch(wave, RATE, round(pitch)) == pytest.approx(pitch, abs=0.1)
    # an octave more or less is expected: it is still heard where it is
    assert heard_pitch(wave, RATE, round(pitch) + 12) == pytest.approx(pitch, abs=0.1)
    assert heard_pitch(wave, RATE, round(pitch) - 12) == pytest.approx(pitch, abs=0.1)


def test_silence_has_no_pitch():
    assert math.isnan(heard_pitch(np.zeros(SAMPLES, np.float32), RATE, 60))


def test_a_planted_octave_is_told_from_a_planted_semitone():
    notes = [("flute", 60), ("reed", 64)]
    right, octave, semitone = (hear_pitches(sounds_of(notes, off=off)) for off in (0, 12, 1))
    assert (right.right, right.octaves, right.unheard) == (1, 0, 0)
    assert (octave.right, octave.octaves) == (0, 1)
    assert (semitone.right, semitone.octaves) == (0, 0)
    assert right.cents < 10


def test_shares_by_hand():
    pitches = Pitches(np.array([0.0, -0.5, 0.51, 12.2, -24, np.nan, 0.1, 5]))
    assert pitches.right == 3 / 8
    assert pitches.octaves == 2 / 8
    assert pitches.unheard == 1 / 8
    assert pitches.cents == pytest.approx(20)
    assert math.isnan(Pitches(np.array([1.0])).cents)
