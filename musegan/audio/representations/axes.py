"""The frequency axes of spectrograms: that of the Fourier transform, and the mel scale."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.audio.representations.layout import Layout
from musegan.audio.representations.stft import Stft
from musegan.errors import MuseganError

SOLVING_STEPS = 12  # twice as many change nothing that a float32 can hold


class Axis(nn.Module, ABC):
    """Waveforms to complex spectra on some frequency axis, and back.

    Attributes:
        frequencies: (bins,) Hz, the centres of the bins, rising.
    """

    frequencies: Tensor

    @abstractmethod
    def forward(self, waves: Tensor) -> Tensor:
        """(batch, samples) to complex (batch, bins, frames), amplitudes of sines."""

    @abstractmethod
    def inverse(self, spectra: Tensor) -> Tensor:
        """Complex (batch, bins, frames) to (batch, frames x hop) samples."""


class LinearAxis(Axis):
    """The bins of the Fourier transform, but for the last, to which resampling leaves nothing."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.stft = Stft(layout)
        frequencies = torch.arange(layout.window // 2) * (layout.rate / layout.window)
        self.register_buffer("frequencies", frequencies, persistent=False)

    def forward(self, waves: Tensor) -> Tensor:
        """See `Axis`."""
        return cast(Tensor, self.stft(waves))[:, :-1]

    def inverse(self, spectra: Tensor) -> Tensor:
        """See `Axis`."""
        return self.stft.inverse(F.pad(spectra, (0, 0, 0, 1)))


class MelAxis(Axis):
    """Bins evenly spaced on the mel scale (O'Shaughnessy, 1987: 2595 log10(1 + f / 700)).

    Each bin is a triangular mix of the *complex* bins of the Fourier transform, which is to look at
    high frequencies through shorter windows. Nothing is lost of the phases, so the sound that fits
    the bins best, in the sense of least squares, is a linear system: conjugate gradients solve it.
    """

    mix: Tensor
    unmix: Tensor
    remix: Tensor

    def __init__(self, layout: Layout, bins: int) -> None:
        super().__init__()
        self.stft = Stft(layout)
        if not 2 <= bins <= layout.window:
            raise MuseganError(f"{bins} mel bins: give 2 to {layout.window}, the window's samples")
        spacing = layout.rate / layout.window
        edges = mel_frequencies(torch.arange(bins + 2) / (bins + 1), layout.rate / 2)
        centres, widths = edges[1:-1], ((edges[2:] - edges[:-2]) / 2).clamp(min=spacing)
        distance = torch.arange(self.stft.bins) * spacing - centres[:, None]
        mix = (1 - distance.abs() / widths[:, None]).clamp(min=0)
        mix /= (mix * _hann_response(distance / spacing)).sum(1, keepdim=True)
        evenly = (edges[2:] - edges[:-2]) / 2 / spacing / (mix**2).sum(1)
        for name, value in {
            "frequencies": centres,
            "mix": mix,
            "unmix": mix.T * evenly,
            "remix": (mix.T * evenly) @ mix,
        }.items():
            self.register_buffer(name, value.float(), persistent=False)

    def forward(self, waves: Tensor) -> Tensor:
        """See `Axis`."""
        return _mixed(self.mix, self.stft(waves))

    def inverse(self, spectra: Tensor) -> Tensor:
        """See `Axis`; where bins are wider than frames are frequent, the likeliest sound."""
        coverage = self.stft.coverage(spectra.shape[-1])
        amplitude = self.stft.amplitude[:, None]

        def sound(spectra: Tensor) -> Tensor:
            return self.stft.overlap(spectra / amplitude) / coverage

        waves = torch.zeros_like(rest := sound(_mixed(self.unmix, spectra)))
        step, power = rest, _dot(rest, rest * coverage)
        for _ in range(SOLVING_STEPS):
            seen = sound(_mixed(self.remix, self.stft(step)))
            length = power / _dot(step, seen * coverage).clamp(min=torch.finfo(power.dtype).tiny)
            waves = waves + length * step
            rest = rest - length * seen
            power, before = _dot(rest, rest * coverage), power
            step = rest + power / before.clamp(min=torch.finfo(power.dtype).tiny) * step
        return waves


def mel_frequencies(places: Tensor, highest: float) -> Tensor:
    """Hz at places 0..1 of the mel scale from 0 to `highest` Hz, float64."""
    return 700 * ((1 + highest / 700) ** places.double() - 1)


def _hann_response(distance: Tensor) -> Tensor:
    """How a Hann window sees a sine so many bins away, 1 at 0."""
    return torch.sinc(distance) + (torch.sinc(distance - 1) + torch.sinc(distance + 1)) / 2


def _mixed(mix: Tensor, spectra: Tensor) -> Tensor:
    return torch.complex(mix @ spectra.real, mix @ spectra.imag)


def _dot(one: Tensor, other: Tensor) -> Tensor:
    return (one * other).sum(-1, keepdim=True)
