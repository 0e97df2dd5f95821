import math

import pytest
import torch

from musegan.audio.partials.analysis import analyse
from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout, hertz_of

LAYOUT = NoteLayout(frames=32)
MIDDLE = slice(6, 26)  # frames far from where the sound begins and ends
TIME = torch.arange(LAYOUT.samples) / LAYOUT.rate


def tone(pitch: float, amplitudes: list[float], semitones: torch.Tensor | float = 0.0):
    hertz = hertz_of(pitch) * 2 ** (torch.as_tensor(semitones) / 12) * torch.ones_like(TIME)
    turns = hertz.double().cumsum(0) / LAYOUT.rate
    return sum(
        amplitude * torch.sin(2 * math.pi * number * turns).float()
        for number, amplitude in enumerate(amplitudes, start=1)
    )


def decibels(levels: torch.Tensor) -> torch.Tensor:
    return (levels - 1) * LAYOUT.floor / 2


@pytest.mark.parametrize("pitch", [28, 60, 93])
@pytest.mark.parametrize("off", [-0.4, 0.0, 0.4])
def test_each_row_tells_the_amplitude_of_its_partial_at_any_pitch_and_tuning(pitch, off):
    amplitudes = [0.4, 0.1, 0.2, 0.05]
    picture = analyse(tone(pitch, amplitudes, off), pitch, LAYOUT)
    heard = decibels(picture[LEVEL, :4, MIDDLE])
    expected = 20 * torch.log10(torch.tensor(amplitudes))[:, None]
    assert (heard - expected).abs().max() < 0.5
    assert decibels(picture[LEVEL, 4 : LAYOUT.partials, MIDDLE]).max() < -60


def test_the_picture_is_in_tune_however_the_note_was():
    picture = analyse(tone(60, [0.4, 0.2], 0.3), 60, LAYOUT)
    assert picture[DETUNE, :2, MIDDLE].abs().max() < 0.02


def test_vibrato_is_seen_alike_in_all_partials():
    course = 0.3 * torch.sin(2 * math.pi * 4 * TIME)
    picture = analyse(tone(60, [0.3] * 8, course), 60, LAYOUT)
    expected = course.view(LAYOUT.frames, -1).mean(1)[MIDDLE]
    expected = expected - course.mean()
    assert (picture[DETUNE, :8, MIDDLE] - expected).abs().max() < 0.08


def test_silence_is_silent():
    picture = analyse(torch.zeros(LAYOUT.samples), 60, LAYOUT)
    assert (picture[LEVEL] == -1).all()
    assert (picture[DETUNE] == 0).all()


def test_noise_is_heard_as_noise_of_its_level():
    random = torch.Generator().manual_seed(0)
    wave = 0.1 * torch.randn(LAYOUT.samples, generator=random)
    picture = analyse(wave, 96, LAYOUT)
    # what a bin hears of white noise, told as the amplitude of a sine
    hann = torch.hann_window(LAYOUT.window)
    expected = 20 * math.log10(0.1 * 2 * float(hann.square().sum().sqrt() / hann.sum()))
    heard = decibels(picture[LEVEL, LAYOUT.partials + 4 : -1, MIDDLE]).mean()
    assert abs(float(heard) - expected) < 2


def test_what_a_rate_cannot_hold_is_silent():
    picture = analyse(tone(96, [0.4]), 96, LAYOUT)
    count = LAYOUT.audible(hertz_of(96))
    assert count == 3
    assert (picture[LEVEL, count : LAYOUT.partials] == -1).all()


def test_what_is_too_short_ends_in_silence():
    picture = analyse(tone(60, [0.4])[: LAYOUT.samples // 2], 60, LAYOUT)
    assert picture.shape == (2, LAYOUT.rows, LAYOUT.frames)
    assert (picture[LEVEL, 0, -8:] < -0.9).all()
