"""Codes that are only nearly right, as planned ones are.

What a planner makes lies between the codes of real cells. A decoder that knows real codes alone is
unsure what is meant there, and plays all that may be or nothing. So it learns from codes that are
mixed with those of other cells and hidden in noise to play what they are nearest to, as a denoising
autoencoder does (Vincent et al., 2008).
"""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.models.coder import on_sphere, sounds

MOST_MIXED = 0.5  # share that another cell's code has at most
MOST_NOISE = 0.8  # spread, beside codes of root mean square 1


def blur(codes: Tensor, random: torch.Generator) -> Tensor:
    """Codes mixed with those of the same track in other bars, and under noise.

    How much is drawn for each cell, and of the noise for each track of a phrase. Silent cells stay
    silent and are mixed with none.

    Args:
        codes: (batch, bars, tracks, code).
        random: on the CPU.
    """
    cells = codes.flatten(0, 1)
    other = cells[torch.randperm(len(cells), generator=random).to(codes.device)]
    share = MOST_MIXED * torch.rand((len(cells), cells.shape[1], 1), generator=random)
    share = share.to(codes.device) * sounds(cells) * sounds(other)
    mixed = on_sphere(torch.lerp(cells, other, share)).view_as(codes)
    level = MOST_NOISE * torch.rand((len(codes), 1, codes.shape[2], 1), generator=random)
    noise = level * torch.randn(codes.shape, generator=random)
    return (mixed + noise.to(codes.device)) * sounds(codes)
