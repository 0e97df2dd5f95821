"""The last layer of whatever plays: features of tracks become logits of rolls."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.models.blocks import Conv
from musegan.models.patches import PATCH_PITCHES, PATCH_STEPS, PatchLayout
from musegan.pianoroll import PLANES

QUIET = -1.6  # first bias of onset logits: a roll is mostly silence
HELD = 1.0  # first bias of hold logits: a note once begun mostly goes on
MEZZO_FORTE = 0.5  # first bias of the velocity logit: about velocity 79


class RollHead(Conv):
    """A layer from (batch, time, octave, tracks × width) to logits, see `sound`; quiet at first.

    Args:
        layout: shape of the phrase.
        width: features of each track.
    """

    bias: nn.Parameter

    def __init__(self, layout: PatchLayout, width: int) -> None:
        tracks = layout.tracks
        super().__init__(tracks * width, layout.channels, (1, 1), groups=tracks, gain=0.5)
        bias = torch.tensor([QUIET, HELD, MEZZO_FORTE])[None, :, None]
        self.bias = nn.Parameter(bias.repeat(tracks, 1, PATCH_STEPS * PATCH_PITCHES).flatten())

    def of(self, plane: int) -> tuple[Tensor, Tensor]:
        """What says one plane's logits: weights and biases, to be set in place.

        Returns:
            Views, (tracks, places of a patch, width, 1, 1) and (tracks, places of a patch).
        """
        weight, bias = (
            each.detach().view(self.groups, PLANES, -1, *each.shape[1:])[:, plane]
            for each in (self.weight, self.bias)
        )
        return weight, bias
