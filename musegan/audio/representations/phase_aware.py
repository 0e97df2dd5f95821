"""Level and instantaneous frequency: spectrograms that keep the phases."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from musegan.audio.representations.axes import Axis, LinearAxis, MelAxis
from musegan.audio.representations.interface import Representation
from musegan.audio.representations.layout import Layout
from musegan.audio.representations.scales import to_advances, to_amplitudes, to_levels, to_phases


class PhaseAware(Representation):
    """Two channels: `level`, and `advance`, the phase's way from frame to frame in half turns.

    After Engel et al. (2019), "GANSynth: adversarial neural audio synthesis", ICLR. A steady sine
    advances alike in all bins that hear it and in all frames; the first frame's advance is the
    phase it starts from. Where nothing is heard the advance is 0.
    """

    channels = ("level", "advance")

    def __init__(self, layout: Layout, axis: Axis, floor: float) -> None:
        super().__init__(layout, len(axis.frequencies), floor)
        self.axis = axis
        self.register_buffer("frequencies", axis.frequencies, persistent=False)

    def forward(self, waves: Tensor) -> Tensor:
        """See `Representation`."""
        spectra = cast(Tensor, self.axis(waves))
        levels = to_levels(spectra.abs(), self.floor)
        return torch.stack([levels, to_advances(spectra.angle(), levels > -1)], 1)

    def inverse(self, spectrograms: Tensor) -> Tensor:
        """See `Representation`; exact where the axis is, but for what lies below the floor."""
        levels, advances = spectrograms.unbind(1)
        spectra = torch.polar(to_amplitudes(levels, self.floor), to_phases(advances))
        return self.axis.inverse(spectra)


class StftIf(PhaseAware):
    """Level and instantaneous frequency on the Fourier transform's axis, window / 2 bins."""

    name = "stft-if"

    def __init__(self, layout: Layout, bins: int | None = None, floor: float = 100.0) -> None:
        super().__init__(layout, LinearAxis(layout), floor)


class MelIf(PhaseAware):
    """Level and instantaneous frequency on the mel axis, a quarter as many bins as samples a frame.

    With half as many, nothing is lost at all.
    """

    name = "mel-if"

    def __init__(self, layout: Layout, bins: int | None = None, floor: float = 100.0) -> None:
        super().__init__(layout, MelAxis(layout, bins or layout.window // 4), floor)
