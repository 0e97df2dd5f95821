"""Changes to phrases that a critic hears, which no generator learns to make.

Each is undone by another of its kind and as often left out, so what remains the likeliest is the
music as it was: after Karras et al., "Training generative adversarial networks with limited data",
NeurIPS 2020, nothing of it leaks into what is made. All are differentiable.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from musegan.models.generator import keep
from musegan.models.patches import PatchLayout
from musegan.pianoroll import VELOCITY
from musegan.training.chance import Chance

Augment = Callable[[Tensor, Tensor, Tensor, PatchLayout, Chance], tuple[Tensor, Tensor]]

LOUDER = 0.4  # logarithm of the largest factor of velocities


def rotate(
    patches: Tensor, mask: Tensor, hit: Tensor, layout: PatchLayout, chance: Chance
) -> tuple[Tensor, Tensor]:
    """Begin the phrase at another of its bars and end with those before it.

    Args:
        patches: (batch, time, octave, channel).
        mask: (batch, tracks, bars), which goes with it.
        hit: (batch,) bool, which phrases are changed.
        layout: of the patches.
        chance: what the change is drawn from.
    """
    bars = layout.bars
    # between 1 and one less than all, if there is such a number
    turn = 1 + (chance.uniform() * (bars - 1)).long()
    bar = (torch.arange(bars, device=hit.device) + (turn * hit)[:, None]) % bars
    whole = patches.unflatten(1, (bars, -1))
    turned = whole.take_along_dim(bar[:, :, None, None, None], 1).flatten(1, 2)
    return turned, mask.take_along_dim(bar[:, None], 2)


def silence(
    patches: Tensor, mask: Tensor, hit: Tensor, layout: PatchLayout, chance: Chance
) -> tuple[Tensor, Tensor]:
    """Silence one bar of one track; arguments as for `rotate`."""
    cells = torch.arange(layout.tracks * layout.bars, device=hit.device)
    cell = (chance.uniform() * len(cells)).long()
    silent = (cells == cell[:, None]) & hit[:, None]
    heard = 1 - silent.unflatten(1, (layout.tracks, layout.bars)).to(patches.dtype)
    return keep(patches, heard, layout), mask


def loudness(
    patches: Tensor, mask: Tensor, hit: Tensor, layout: PatchLayout, chance: Chance
) -> tuple[Tensor, Tensor]:
    """Play all velocities softer or louder; arguments as for `rotate`."""
    factor = torch.exp(LOUDER * (2 * chance.uniform() - 1) * hit)
    planes = layout.split(patches).clone()
    planes[:, :, :, :, VELOCITY] *= factor[:, None, None, None, None, None]
    return planes.flatten(3), mask


AUGMENTS: dict[str, Augment] = {"rotate": rotate, "silence": silence, "loudness": loudness}
