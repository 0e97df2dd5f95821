import torch

from musegan.audio.representations import make_representation
from tests.audio.tones import plucks, sine


def test_a_sine_sounds_at_its_frequency_again() -> None:
    representation = make_representation("log-mel")
    wave = 0.5 * sine(1000, 8192)
    again = representation.inverse(representation(wave[None]))[0]
    spectrum = torch.fft.rfft(again[2048:6144] * torch.hann_window(4096)).abs()
    assert abs(int(spectrum.argmax()) * 16_000 / 4096 - 1000) < 16
    assert 0.25 < again[2048:6144].abs().max() < 1


def test_the_levels_of_notes_come_back_even_if_the_phases_do_not() -> None:
    representation = make_representation("log-mel")
    levels = representation(plucks(8192))
    again = representation(representation.inverse(levels))
    loud = levels > 0.2  # 40 dB below full scale
    assert (again - levels)[loud].abs().mean() * 50 < 3


def test_it_guesses_the_same_every_time() -> None:
    representation = make_representation("log-mel")
    levels = representation(plucks(2048))
    torch.testing.assert_close(
        representation.inverse(levels), representation.inverse(levels), rtol=0, atol=0
    )
