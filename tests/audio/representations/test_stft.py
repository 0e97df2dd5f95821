import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.audio.representations import Layout
from musegan.audio.representations.stft import Stft
from tests.audio.tones import plucks, sine, snr


@settings(max_examples=20, deadline=None)
@given(
    hop=st.sampled_from([2, 8, 16]),
    times=st.integers(4, 9),
    samples=st.integers(1, 500),
    seed=st.integers(0, 99),
)
def test_any_sound_comes_back(hop: int, times: int, samples: int, seed: int) -> None:
    stft = Stft(Layout(16_000, hop * times, hop))
    waves = torch.rand(2, samples, generator=torch.Generator().manual_seed(seed)) - 0.5

    spectra = stft(waves)
    again = stft.inverse(spectra)

    assert spectra.shape == (2, stft.bins, stft.layout.frames(samples))
    assert again.shape == (2, spectra.shape[-1] * hop)
    assert snr(waves, again[:, :samples]) > 90
    torch.testing.assert_close(again[:, samples:], torch.zeros_like(again[:, samples:]))


def test_notes_come_back_at_the_promised_quality() -> None:
    waves = plucks(8192)
    stft = Stft(Layout())
    assert snr(waves, stft.inverse(stft(waves))) > 60


def test_a_sine_has_its_amplitude_and_its_phase_at_the_frames_centre() -> None:
    stft = Stft(Layout(16_000, 1024, 256))
    spectra = stft(0.5 * sine(1000, 4096, phase=0.3)[None])[0]

    bins, frame = 1000 * 1024 // 16_000, 7
    centre = 2 * math.pi * 1000 * (frame + 0.5) * 256 / 16_000 + 0.3
    for bin_, share in ((bins - 1, 0.5), (bins, 1), (bins + 1, 0.5)):
        assert abs(spectra[bin_, frame]) == pytest.approx(0.5 * share, rel=1e-3)
        # the angle is that of a cosine
        turned = spectra[bin_, frame].angle() - (centre - math.pi / 2)
        assert math.remainder(float(turned), 2 * math.pi) == pytest.approx(0, abs=1e-3)


def test_it_is_the_transform_that_torch_has() -> None:
    waves = plucks(4096)
    peer = torch.stft(
        waves[:, 128:], 1024, 256, window=torch.hann_window(1024), return_complex=True
    )
    ours = Stft(Layout())(waves)
    inner = slice(2, 12)
    torch.testing.assert_close(ours.abs()[..., inner], peer.abs()[..., inner] / 256)
