"""The short-time Fourier transform and its exact inverse."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.audio.representations.layout import Layout


class Stft(nn.Module):
    """Waveforms to complex spectra under a Hann window, and back by weighted overlap-add.

    A value is the amplitude of a sine at its bin's frequency (1 is full scale) and its phase at the
    frame's centre, so that the bins of one sine agree in phase. What no frame's window reaches is
    silence: a sound's ends are not mirrored.

    The inverse is the least-squares one of Griffin & Lim (1984), "Signal estimation from modified
    short-time Fourier transform", which is exact for a spectrum that some sound has.
    """

    hann: Tensor
    amplitude: Tensor

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        layout.check()
        self.layout = layout
        hann = torch.hann_window(layout.window)
        alternating = 1 - 2 * (torch.arange(layout.window // 2 + 1) % 2)
        self.register_buffer("hann", hann, persistent=False)
        self.register_buffer("amplitude", 2 * alternating / hann.sum(), persistent=False)

    @property
    def bins(self) -> int:
        """Frequencies from 0 to half the rate, both included."""
        return self.layout.window // 2 + 1

    def forward(self, waves: Tensor) -> Tensor:
        """(batch, samples) to complex (batch, bins, frames), the last hop filled with silence."""
        missing = -waves.shape[-1] % self.layout.hop
        beyond = (self.layout.window - self.layout.hop) // 2
        padded = F.pad(waves, (beyond, beyond + missing))
        frames = padded.unfold(-1, self.layout.window, self.layout.hop) * self.hann
        spectra: Tensor = torch.fft.rfft(frames) * self.amplitude
        return spectra.transpose(-1, -2)

    def inverse(self, spectra: Tensor) -> Tensor:
        """Complex (batch, bins, frames) to (batch, frames x hop) samples."""
        return self.overlap(spectra / self.amplitude[:, None]) / self.coverage(spectra.shape[-1])

    def overlap(self, spectra: Tensor) -> Tensor:
        """The frames' samples under their windows, added where they overlap."""
        frames = torch.fft.irfft(spectra.transpose(-1, -2), n=self.layout.window) * self.hann
        return self._added(frames)

    def coverage(self, frames: int) -> Tensor:
        """(1, samples): by how much `overlap` makes each sample louder."""
        return self._added((self.hann**2).expand(1, frames, -1))

    def _added(self, frames: Tensor) -> Tensor:
        window, hop = self.layout.window, self.layout.hop
        beyond = (window - hop) // 2
        samples = frames.shape[-2] * hop
        added = F.fold(
            frames.transpose(-1, -2), (1, samples + 2 * beyond), (1, window), stride=(1, hop)
        )
        return added[:, 0, 0, beyond : beyond + samples]
