"""The network that judges notes."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from musegan.audio.partials.layout import NoteLayout
from musegan.models.blocks import Activation, Conv, ResidualBlock, activate, leanings, linear
from musegan.models.timbres.patches import (
    PATCH_FRAMES,
    PATCH_ROWS,
    PATCH_SIZE,
    PITCH_FEATURES,
    pitch_features,
    to_patches,
)


class Opinion(NamedTuple):
    """What a critic has to say of notes.

    Attributes:
        score: (batch,) how real they sound as that instrument at that pitch.
        instrument: (batch, instruments) logits: which instrument it takes them for.
        pitch: (batch,) which MIDI pitch it takes them for.
    """

    score: Tensor
    instrument: Tensor
    pitch: Tensor


class TimbreCritic(nn.Module):
    """Judges pictures of notes under instruments and pitches, and guesses both.

    The score is a projection (Miyato & Koyama, "cGANs with Projection Discriminator", ICLR 2018),
    the guesses are the auxiliary heads of Odena et al., "Conditional image synthesis with auxiliary
    classifier GANs", ICML 2017, as in GANSynth.

    Args:
        layout: of the pictures.
        instruments: how many.
        width: channels; twice as many after the frames and rows are halved.
        blocks: residual blocks before and after that.
    """

    def __init__(
        self,
        layout: NoteLayout,
        instruments: int,
        width: int = 48,
        blocks: tuple[int, int] = (1, 1),
    ) -> None:
        super().__init__()
        self.layout = layout
        times, places = layout.frames // PATCH_FRAMES, layout.rows // PATCH_ROWS
        self.hear = linear(PATCH_SIZE, width)
        self.place = nn.Parameter(0.1 * torch.randn(places, width))
        self.time = nn.Parameter(0.1 * torch.randn(times, 1, width))
        stages: list[nn.Module] = [ResidualBlock(width, 2) for _ in range(blocks[0])]
        stages += [Activation(), Conv(width, 2 * width, (2, 2), stride=(2, 2))]
        stages += [ResidualBlock(2 * width, 1) for _ in range(blocks[1])]
        stages += [Activation(), Conv(2 * width, 2 * width, (2, 2), stride=(2, 2))]
        self.stages = nn.Sequential(*stages)
        wide = 4 * width
        self.whole = linear(times // 4 * (places // 4) * 2 * width, wide)
        self.think = linear(wide, wide)
        self.score = linear(wide, 1, 0.1)
        self.instrument = leanings(instruments, wide)
        self.pitch = linear(PITCH_FEATURES, wide, 0.1)
        self.guess_instrument = linear(wide, instruments, 0.3)
        self.guess_pitch = linear(wide, 1, 0.3)

    def forward(self, pictures: Tensor, instrument: Tensor, pitch: Tensor) -> Opinion:
        """Judge notes.

        Args:
            pictures: (batch, 2, rows, frames).
            instrument: (batch, instruments) shares.
            pitch: (batch,) MIDI pitches.
        """
        h = self.hear(to_patches(pictures)) + self.place + self.time
        h = activate(self.whole(activate(self.stages(h)).flatten(1)))
        h = activate(self.think(h))
        wished = instrument @ self.instrument.weight + self.pitch(pitch_features(pitch))
        score = self.score(h).squeeze(1) + (h * wished).sum(1)
        guess = 60 + 12 * self.guess_pitch(h).squeeze(1)
        return Opinion(score, self.guess_instrument(h), guess)
