"""Log-mel spectrograms: levels alone, the phases guessed anew."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.audio.representations.axes import mel_frequencies
from musegan.audio.representations.interface import Representation
from musegan.audio.representations.layout import Layout
from musegan.audio.representations.scales import to_amplitudes, to_levels
from musegan.audio.representations.stft import Stft
from musegan.audio.torchaudio_transforms import import_transforms

GUESSES = 64  # turns of Griffin-Lim
MOMENTUM = 0.99  # the fastest in Perraudin et al.


class LogMel(Representation):
    """One channel, `level`, on the mel axis: what SpecGAN (Donahue et al., 2019) learns.

    Going back, amplitudes on the Fourier transform's axis are found by least squares, none below
    0, and their phases by fast Griffin-Lim (Perraudin, Balazs & Søndergaard, 2013), starting from
    phase 0.
    """

    name = "log-mel"
    channels = ("level",)

    def __init__(self, layout: Layout, bins: int | None = None, floor: float = 100.0) -> None:
        bins = bins or layout.window // 8
        super().__init__(layout, bins, floor)
        self.stft = Stft(layout)
        transforms = import_transforms()
        self.mel: nn.Module = transforms.MelScale(bins, layout.rate, n_stft=self.stft.bins)
        self.linear: nn.Module = transforms.InverseMelScale(self.stft.bins, bins, layout.rate)
        self.guess: nn.Module = transforms.GriffinLim(
            layout.window,
            GUESSES,
            hop_length=layout.hop,
            power=1.0,
            momentum=MOMENTUM,
            rand_init=False,
        )
        places = torch.arange(1, bins + 1) / (bins + 1)
        frequencies = mel_frequencies(places, layout.rate / 2).float()
        self.register_buffer("frequencies", frequencies, persistent=False)

    def forward(self, waves: Tensor) -> Tensor:
        """See `Representation`."""
        return to_levels(self.mel(self.stft(waves).abs()), self.floor)[:, None]

    def inverse(self, spectrograms: Tensor) -> Tensor:
        """See `Representation`; the half hop at either end is silent."""
        amplitudes = self.linear(to_amplitudes(spectrograms[:, 0], self.floor))
        half = self.layout.hop // 2
        return F.pad(self.guess(amplitudes / self.stft.amplitude.abs()[:, None]), (half, half))
