import pytest
import torch

from musegan.audio.partials.analysis import analyse
from musegan.audio.partials.bands import noise_bands
from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout, layout_of
from musegan.audio.partials.playing import brightened
from musegan.audio.partials.synthesis import synthesise

LAYOUT = NoteLayout(frames=32)
MIDDLE = slice(6, 26)


def picture_of(partials: dict[int, float], noise: float = -1.0) -> torch.Tensor:
    picture = torch.zeros(2, LAYOUT.rows, LAYOUT.frames)
    picture[LEVEL] = -1
    picture[LEVEL, LAYOUT.partials :] = noise
    for number, level in partials.items():
        picture[LEVEL, number - 1] = level
    return picture


def made(picture: torch.Tensor, pitch: float, seed: int = 0) -> torch.Tensor:
    return synthesise(picture, pitch, LAYOUT, torch.Generator().manual_seed(seed))


def test_a_picture_is_heard_as_it_was_drawn():
    picture = picture_of({1: 0.8, 2: 0.5, 5: 0.6})
    heard = analyse(made(picture, 64), 64, LAYOUT)
    rows = [0, 1, 4]
    assert (heard[LEVEL, rows, MIDDLE] - picture[LEVEL, rows, MIDDLE]).abs().max() < 0.02


def test_noise_is_heard_as_loud_as_it_was_drawn():
    heard = analyse(made(picture_of({}, -0.2), 96), 96, LAYOUT)
    assert abs(heard[LEVEL, LAYOUT.partials + 4 : -1, MIDDLE].mean() + 0.2) < 0.04


def test_a_sounding_partial_never_jumps():
    wave = made(picture_of({1: 0.9}), 69)
    steepest = 2 * torch.pi * 440 / LAYOUT.rate * wave.abs().max()
    assert wave.diff().abs().max() <= steepest * 1.001


def test_a_picture_of_silence_is_silent():
    assert (made(picture_of({}), 60) == 0).all()


def test_any_number_of_frames_sounds_as_long():
    assert len(made(picture_of({1: 0.5})[:, :, :5], 60)) == 5 * LAYOUT.hop


def test_the_same_seed_gives_the_same_noise():
    picture = picture_of({}, 0.0)
    assert torch.equal(made(picture, 60, 1), made(picture, 60, 1))
    assert not torch.equal(made(picture, 60, 1), made(picture, 60, 2))


def test_all_bins_are_shared_out_among_the_bands():
    shares = noise_bands(LAYOUT)
    assert shares.shape == (LAYOUT.bands, LAYOUT.window // 2 + 1)
    torch.testing.assert_close(shares.sum(0), torch.ones(shares.shape[1]))
    assert (shares.sum(1) > 0).all()


def test_a_hit_comes_back_as_it_was():
    layout = layout_of(16_000, pitched=False)
    time = torch.arange(layout.samples) / layout.rate
    drum = torch.sin(2 * torch.pi * (90 * time + 2 * torch.exp(-30 * time))) * torch.exp(-8 * time)
    wave = 0.8 * drum.roll(160)
    wave[:160] = 0
    picture = analyse(wave, 60, layout)
    assert picture.shape == (2, layout.bands, layout.frames)
    assert not picture[DETUNE].any()
    again = synthesise(picture, 60, layout, torch.Generator().manual_seed(0))
    heard = analyse(again, 60, layout)
    loud = picture[LEVEL] > 0
    assert loud.sum() > 50
    assert (heard - picture)[LEVEL][loud].abs().mean() < 0.05  # 2.3 dB
    assert 0.8 < float(again.norm() / wave.norm()) < 1.2


def test_a_brighter_hit_keeps_what_is_low():
    layout = layout_of(16_000, pitched=False)
    picture = torch.zeros(2, layout.bands, layout.frames)
    change = brightened(picture, 6.0, layout)[LEVEL, :, 0] * layout.floor / 2
    assert change[0] == 0
    assert change[-1] == pytest.approx(36)  # six octaves from 125 to 8000 Hz
    assert (change.diff() >= 0).all()
