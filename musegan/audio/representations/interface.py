"""What every representation of sound offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from torch import Tensor, nn

from musegan.audio.representations.layout import Layout


class Representation(nn.Module, ABC):
    """Waveforms to spectrograms that networks can learn, and back.

    It works on batches, on the device it was moved to, without trained weights, and gives the same
    result every time.

    Attributes:
        name: what it is called in `make_representation`.
        layout: how sound is cut into frames.
        bins: of the frequency axis.
        floor: the softest level that is told from silence, in dB below a sine at full scale.
        channels: the name of each channel. The first is always `level`: -1 at the floor and below,
            1 at full scale, linear in dB between.
        frequencies: (bins,) Hz, the centres of the bins, rising.
    """

    name: ClassVar[str]
    channels: ClassVar[tuple[str, ...]]
    frequencies: Tensor

    def __init__(self, layout: Layout, bins: int, floor: float) -> None:
        super().__init__()
        self.layout = layout
        self.bins = bins
        self.floor = floor

    @abstractmethod
    def forward(self, waves: Tensor) -> Tensor:
        """Spectrograms of sounds.

        Args:
            waves: (batch, samples) within -1..1 at `layout.rate`; what lacks to a whole number of
                hops is taken as silence.

        Returns:
            (batch, channels, bins, frames), with samples / hop frames.
        """

    @abstractmethod
    def inverse(self, spectrograms: Tensor) -> Tensor:
        """Sounds of spectrograms.

        Args:
            spectrograms: (batch, channels, bins, frames) as `forward` makes them, or nearly so.

        Returns:
            (batch, frames x hop) samples.
        """

    def shape(self, samples: int) -> tuple[int, int, int]:
        """Channels, bins and frames of a sound of so many samples."""
        return len(self.channels), self.bins, self.layout.frames(samples)

    def describe(self) -> dict[str, Any]:
        """Plain data that `make_representation` makes the same one of."""
        layout = {"rate": self.layout.rate, "window": self.layout.window, "hop": self.layout.hop}
        return {"name": self.name, **layout, "bins": self.bins, "floor": self.floor}
