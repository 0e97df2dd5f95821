"""The last layer of whatever plays: features of tracks become logits of rolls."""

from __future__ import annotations

import torch
from torch import nn

from musegan.models.blocks import Conv
from musegan.models.patches import PATCH_PITCHES, PATCH_STEPS, PatchLayout

QUIET = -1.6  # first bias of onset logits: a roll is mostly silence
HELD = 1.0  # first bias of hold logits: a note once begun mostly goes on
MEZZO_FORTE = 0.5  # first bias of the velocity logit: about velocity 79


def roll_head(layout: PatchLayout, width: int) -> Conv:
    """A layer from (batch, time, octave, tracks × width) to logits, see `sound`; quiet at first."""
    tracks = layout.tracks
    head = Conv(tracks * width, layout.channels, (1, 1), groups=tracks, gain=0.5)
    bias = torch.tensor([QUIET, HELD, MEZZO_FORTE])[None, :, None]
    head.bias = nn.Parameter(bias.repeat(tracks, 1, PATCH_STEPS * PATCH_PITCHES).flatten())
    return head
