from dataclasses import replace

import numpy as np
import pytest

from musegan.data.sounds import UNPITCHED
from musegan.errors import MuseganError
from musegan.evaluation.sounds.yardstick import as_long
from tests.evaluation.sounds.hands import RATE, sounds_of, yardstick


def test_sounds_are_fitted_to_the_yardstick():
    gauge = yardstick()
    other = sounds_of([("flute", 60), ("reed", 62), ("flute", 64)])
    renamed = replace(other, rate=2 * RATE, instruments=("reed", "tuba"))
    fitted, strange = gauge.fit(renamed, "mine")
    assert strange == ["tuba"]
    assert fitted.rate == RATE
    assert fitted.samples.shape == (2, gauge.training.samples.shape[1])
    assert not fitted.samples[:, 4100:].any()
    assert fitted.instrument.tolist() == [1, 1]
    with pytest.raises(MuseganError, match=r"mine: none of its instruments \(tuba, oboe\)"):
        gauge.fit(replace(other, instruments=("tuba", "oboe")), "mine")
    with pytest.raises(MuseganError, match="mine: its sounds have no pitches"):
        gauge.fit(replace(other, pitch=np.full(3, UNPITCHED)), "mine")


def test_sounds_are_cut_or_followed_by_silence():
    sounds = sounds_of([("flute", 60), ("reed", 60)])
    whole = sounds.samples
    assert np.array_equal(as_long(sounds, RATE, 1000), whole[:, :1000])
    longer = as_long(sounds, RATE, whole.shape[1] + 5)
    assert np.array_equal(longer[:, :-5], whole)
    assert not longer[:, -5:].any()


def test_sounds_at_another_rate_keep_their_loudness_and_full_scale():
    count = 4000
    sine = np.sin(2 * np.pi * 400 * np.arange(count) / RATE)
    square = np.sign(sine + 1e-6)
    samples = np.rint(32767 * np.stack([sine, square])).astype(np.int16)
    sounds = replace(sounds_of([("flute", 60), ("reed", 60)]), samples=samples)
    slower = as_long(sounds, RATE // 2, count // 2)
    middle = slice(100, -100)
    heard = slower[0, middle] / 32767
    assert heard == pytest.approx(sine[::2][middle], abs=0.01)
    # what a square wave overshoots by is cut, and does not turn over
    assert np.array_equal(np.sign(slower[1, middle]), np.sign(square[::2][middle]))
