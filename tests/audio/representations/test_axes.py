import pytest
import torch

from musegan.audio.representations import Layout
from musegan.audio.representations.axes import LinearAxis, MelAxis, mel_frequencies
from musegan.errors import MuseganError
from tests.audio.tones import plucks, sine, snr

LAYOUT = Layout(16_000, 1024, 256)


def test_the_mel_scale_is_that_of_its_formula() -> None:
    places = torch.tensor([0.0, 0.25, 1.0])
    mels = 2595 * torch.log10(1 + mel_frequencies(places, 8000) / 700)
    torch.testing.assert_close(mels, 2840.02 * places.double(), rtol=0, atol=0.01)


def test_the_linear_axis_has_all_bins_but_the_last() -> None:
    axis = LinearAxis(LAYOUT)
    assert axis.frequencies.tolist() == [15.625 * bin_ for bin_ in range(512)]
    assert axis(plucks(2048)).shape == (4, 512, 8)


@pytest.mark.parametrize("frequency", [65.4, 440.0, 3000.0, 7000.0])
def test_a_mel_bin_tells_the_amplitude_of_a_sine_at_its_centre(frequency: float) -> None:
    axis = MelAxis(LAYOUT, 256)
    nearest = int((axis.frequencies - frequency).abs().argmin())
    spectra = axis(0.3 * sine(float(axis.frequencies[nearest]), 4096)[None])
    torch.testing.assert_close(
        spectra[0, nearest, 4:12].abs(), torch.full((8,), 0.3), rtol=0.02, atol=0
    )
    assert spectra[0, :, 8].abs().argmax() == pytest.approx(nearest, abs=1)


@pytest.mark.parametrize(("bins", "decibels"), [(64, 6), (256, 25), (512, 60)])
def test_sound_comes_back_from_the_mel_axis(bins: int, decibels: float) -> None:
    axis = MelAxis(LAYOUT, bins)
    waves = plucks(8192)
    spectra = axis(waves)
    assert spectra.shape == (4, bins, 32)
    assert snr(waves, axis.inverse(spectra)) > decibels


def test_the_way_back_finds_the_best_fit_also_for_what_no_sound_has() -> None:
    """The residual of a least-squares fit is at right angles to all that sounds can make."""
    axis = MelAxis(LAYOUT, 512)
    chance = torch.Generator().manual_seed(0)
    spectra = torch.complex(*torch.randn(2, 1, 512, 12, generator=chance))
    fitted = axis.inverse(spectra)
    rest = axis.inverse(spectra - axis(fitted))
    assert rest.norm() < 1e-2 * fitted.norm()


def test_silence_stays_silence() -> None:
    axis = MelAxis(LAYOUT, 256)
    assert not axis.inverse(axis(torch.zeros(1, 2048))).any()


@pytest.mark.parametrize("bins", [1, 1025])
def test_bins_beyond_reason_are_refused(bins: int) -> None:
    with pytest.raises(MuseganError, match=f"{bins} mel bins: give 2 to 1024"):
        MelAxis(LAYOUT, bins)
