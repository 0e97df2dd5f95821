import pytest
import torch

from musegan.audio.representations import make_representation
from tests.audio.tones import plucks, sine, snr


@pytest.mark.parametrize(("name", "decibels"), [("stft-if", 40), ("mel-if", 25)])
def test_notes_come_back(name: str, decibels: float) -> None:
    waves = plucks(8192)
    representation = make_representation(name)
    assert snr(waves, representation.inverse(representation(waves))) > decibels


@pytest.mark.parametrize("name", ["stft-if", "mel-if"])
def test_a_steady_sine_advances_alike_in_all_bins_that_hear_it(name: str) -> None:
    representation = make_representation(name)
    levels, advances = representation(0.5 * sine(1000, 8192)[None])[0]
    inner = advances[:, 4:-4]
    heard = levels[:, 4:-4] > levels.max() - 0.25  # 12.5 dB
    # 256 samples of 1000 Hz at 16 kHz are 16 turns: no half turn more
    assert heard.any(0).all()
    torch.testing.assert_close(inner[heard], torch.zeros_like(inner[heard]), rtol=0, atol=0.01)


def test_silence_is_one_colour() -> None:
    representation = make_representation("mel-if")
    levels, advances = representation(torch.zeros(2, 1024)).unbind(1)
    assert levels.unique().tolist() == [-1]
    assert advances.unique().tolist() == [0]


def test_small_errors_of_a_network_stay_small() -> None:
    waves = plucks(4096)
    representation = make_representation("mel-if")
    spectrograms = representation(waves)
    chance = torch.Generator().manual_seed(0)
    spectrograms[:, 0] += 0.01 * torch.randn(spectrograms[:, 0].shape, generator=chance)
    assert snr(waves, representation.inverse(spectrograms)) > 20
