"""The network that makes notes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.audio.partials.layout import NoteLayout
from musegan.models.blocks import ResidualBlock, activate, level, linear
from musegan.models.timbres.patches import (
    PATCH_FRAMES,
    PATCH_ROWS,
    PATCH_SIZE,
    PITCH_FEATURES,
    from_patches,
    pitch_features,
    silence_inaudible,
)

FAR = 2  # places between what a block compares over time


class TimbreGenerator(nn.Module):
    """Makes pictures of notes from instruments, pitches and latents.

    An instrument sounds much alike at all times and in all its partials: the picture begins as
    products of what sounds (a vector over rows) and when (one over frames), and convolutions work
    out the rest.

    Args:
        layout: of the pictures.
        instruments: how many.
        latent: length of the latent.
        width: channels.
        blocks: residual blocks.
        context: length of the vector that every layer is told instrument, pitch and latent by.
    """

    def __init__(
        self,
        layout: NoteLayout,
        instruments: int,
        latent: int = 32,
        width: int = 64,
        blocks: int = 3,
        context: int = 96,
    ) -> None:
        super().__init__()
        self.layout, self.latent, self.width = layout, latent, width
        self.times, self.places = layout.frames // PATCH_FRAMES, layout.rows // PATCH_ROWS
        self.instrument = nn.Embedding(instruments, context)
        self.context = linear(context + PITCH_FEATURES + latent, context)
        self.deepen = linear(context, context)
        self.what = linear(context, self.places * width)
        self.when = linear(context, self.times * width)
        self.place = nn.Parameter(0.1 * torch.randn(self.places, width))
        self.time = nn.Parameter(0.1 * torch.randn(self.times, 1, width))
        self.blocks = nn.ModuleList(ResidualBlock(width, FAR, context) for _ in range(blocks))
        self.head = linear(width, PATCH_SIZE, 0.5)

    def forward(self, latents: Tensor, instrument: Tensor, pitch: Tensor) -> Tensor:
        """Make notes.

        Args:
            latents: (batch, latent), normal.
            instrument: (batch, instruments), shares that add up to 1.
            pitch: (batch,) MIDI pitches.

        Returns:
            (batch, 2, rows, frames) pictures.
        """
        named = instrument @ self.instrument.weight
        context = torch.cat([named, pitch_features(pitch), latents], 1)
        context = activate(self.context(context))
        context = activate(context + self.deepen(context))
        what = self.what(context).view(-1, 1, self.places, self.width)
        when = self.when(context).view(-1, self.times, 1, self.width)
        h = what * (1 + when) + when + self.place + self.time
        for block in self.blocks:
            h = block(h, context[:, None, None])
        pictures = torch.tanh(from_patches(self.head(activate(level(h)))))
        return silence_inaudible(pictures, pitch, self.layout)
