import numpy as np
import pytest

from musegan.evaluation.sounds.faults import clicks, clipping
from tests.evaluation.sounds.hands import RATE, SAMPLES, tone


@pytest.mark.parametrize("place", [2000, 4000, 7000])
def test_a_planted_click_is_found(place):
    wave = tone("flute", 60)
    assert clicks(wave, RATE) == 0
    wave[place] += 0.1
    assert clicks(wave, RATE) == 1
    wave[place - 1500] -= 0.1
    assert clicks(wave, RATE) == 2


def test_a_sound_cut_off_clicks_where_it_ends():
    wave = tone("flute", 50)
    cut = int(np.argmax(wave[4000:4400])) + 4000
    wave[cut:] = 0
    assert clicks(wave, RATE) == 1
    assert clicks(wave[:cut], RATE) == 1


def test_a_jump_of_the_phase_is_a_click():
    time = np.arange(SAMPLES) / RATE
    wave = 0.5 * np.sin(2 * np.pi * 220 * time + np.pi * (time > 0.25))
    wave *= np.minimum(1, np.arange(SAMPLES)[::-1] / 400)
    assert clicks(wave.astype(np.float32), RATE) == 1


def test_sharp_waves_and_sharp_beginnings_are_no_clicks():
    time = np.arange(SAMPLES) / RATE
    fade = np.minimum(1, np.arange(SAMPLES)[::-1] / 400)
    saw = 0.5 * (2 * (33 * time % 1) - 1) * fade
    assert clicks(saw.astype(np.float32), RATE) == 0
    struck = np.zeros(SAMPLES, np.float32)
    struck[160:] = (0.9 * np.cos(2 * np.pi * 200 * time) * np.exp(-9 * time))[:-160]
    struck *= fade
    assert clicks(struck.astype(np.float32), RATE) == 0
    assert clicks(np.zeros(SAMPLES, np.float32), RATE) == 0


def test_a_wave_cut_off_at_its_peak_is_found():
    for pitch in (24, 60, 72):
        wave = tone("flute", pitch, gain=1.0)
        assert not clipping(wave)
        assert clipping(wave.clip(-0.7, 0.7))
        assert clipping(wave.clip(-0.7, 1))


def test_silence_is_not_cut_off():
    assert not clipping(np.zeros(SAMPLES, np.float32))
