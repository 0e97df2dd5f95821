"""The network that makes notes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout
from musegan.models.blocks import ResidualBlock, activate, level, linear
from musegan.models.timbres.patches import (
    CHANNELS,
    PATCH_FRAMES,
    PATCH_ROWS,
    PATCH_SIZE,
    PITCH_FEATURES,
    from_patches,
    pitch_features,
    silence_inaudible,
)

OWN = 0.1  # of its detuning a partial has for itself
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
        self.course = linear(width, CHANNELS * PATCH_ROWS, 0.5)
        # a note is smooth: what happens within a patch is nothing until it is learnt
        self.detail = linear(width, PATCH_SIZE, 0.02)

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
        h = activate(level(h))
        drawn = self._smooth(self.course(h)) + from_patches(self.detail(h))
        pictures = torch.stack([drawn[:, LEVEL], _together(drawn[:, DETUNE])], 1)
        return silence_inaudible(torch.tanh(pictures), pitch, self.layout)

    def _smooth(self, course: Tensor) -> Tensor:
        """Pictures that go straight from (batch, times, places, 8) to the next."""
        points = course.unflatten(3, (CHANNELS, PATCH_ROWS)).permute(0, 3, 2, 4, 1).flatten(1, 3)
        frames = F.interpolate(points, scale_factor=float(PATCH_FRAMES), mode="linear")
        pictures: Tensor = frames.unflatten(1, (CHANNELS, -1))
        return pictures


def _together(detuned: Tensor) -> Tensor:
    """The partials of a sound that is blown, bowed or sung go up and down together."""
    return 0.3 * (detuned.mean(1, keepdim=True) + OWN * detuned)
