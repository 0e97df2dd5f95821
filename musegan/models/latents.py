"""MuseGAN's latents: shared by all tracks or a track's own, held over the bars or new in each.

Dong et al., "MuseGAN: Multi-track Sequential Generative Adversarial Networks", AAAI 2018:
*composer* has one latent for all tracks, *jamming* one for each, *hybrid* both.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class LatentSizes:
    """Length of each latent; 0 leaves it out.

    Attributes:
        shared: one for the phrase, heard by all tracks.
        shared_bar: one for each bar, heard by all tracks.
        track: one for each track.
        track_bar: one for each track and bar.
    """

    shared: int
    shared_bar: int
    track: int
    track_bar: int


@dataclass(frozen=True)
class Latents:
    """A batch of latents, standard normal when sampled.

    Attributes:
        shared: (batch, shared).
        shared_bar: (batch, bars, shared_bar).
        track: (batch, tracks, track).
        track_bar: (batch, tracks, bars, track_bar).
    """

    shared: Tensor
    shared_bar: Tensor
    track: Tensor
    track_bar: Tensor

    @property
    def parts(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The four tensors in order."""
        return self.shared, self.shared_bar, self.track, self.track_bar

    def to(self, device: torch.device | str) -> Latents:
        """The same latents on another device."""
        return Latents(*(part.to(device, non_blocking=True) for part in self.parts))

    def scaled(self, factor: float) -> Latents:
        """The same latents, `factor` times as far from 0."""
        return Latents(*(part * factor for part in self.parts))


def sample_latents(
    batch: int, sizes: LatentSizes, tracks: int, bars: int, random: torch.Generator
) -> Latents:
    """Standard normal latents drawn from `random`, on its device."""

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random, device=random.device)

    return Latents(
        normal(batch, sizes.shared),
        normal(batch, bars, sizes.shared_bar),
        normal(batch, tracks, sizes.track),
        normal(batch, tracks, bars, sizes.track_bar),
    )
