"""Growing from coarse to fine: what the critic hears is drawn ever more sharply.

Karras et al., "Progressive growing of GANs for improved quality, stability, and variation", ICLR
2018, begin with small pictures and fade in ever larger ones. Here the networks keep their shape and
the music grows: at first critic and generator know it by beats and octaves, in the end by steps and
pitches, each stage faded into the next.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.models.patches import PATCH_PITCHES, PATCH_STEPS, PatchLayout
from musegan.training.sections import GrowthRecipe

Grain = tuple[int, int]
FINEST: Grain = (1, 1)


def grains_now(growth: GrowthRecipe, progress: float) -> tuple[Grain, Grain, float]:
    """The grain that is heard, the next one, and how far it has faded in.

    Each stage is heard for half its time and fades for the other half.

    Args:
        growth: the stages.
        progress: share of the training that is done.
    """
    grains = (*growth.stages, FINEST)
    place = progress / growth.until * len(growth.stages)
    stage = int(place)
    if stage >= len(growth.stages):
        return FINEST, FINEST, 0.0
    return grains[stage], grains[stage + 1], max(0.0, 2 * (place - stage) - 1)


def coarsen(patches: Tensor, grain: Grain, layout: PatchLayout) -> Tensor:
    """Patches whose planes are means over so many steps and pitches, the shape kept.

    Args:
        patches: (batch, time, octave, channel).
        grain: steps and pitches, both divisors of 12.
        layout: of the patches.
    """
    if grain == FINEST:
        return patches
    batch = len(patches)
    # (batch, track, plane, time, step in patch, octave, pitch in octave)
    picture = (
        layout.split(patches)
        .permute(0, 3, 4, 1, 5, 2, 6)
        .reshape(batch, -1, layout.times * PATCH_STEPS, layout.octaves * PATCH_PITCHES)
    )
    coarse = F.avg_pool2d(picture, grain)
    spread = coarse.repeat_interleave(grain[0], 2).repeat_interleave(grain[1], 3)
    planes = spread.view(
        batch, layout.tracks, -1, layout.times, PATCH_STEPS, layout.octaves, PATCH_PITCHES
    )
    return planes.permute(0, 3, 5, 1, 2, 4, 6).flatten(3)


def grown(patches: Tensor, growth: GrowthRecipe, progress: float, layout: PatchLayout) -> Tensor:
    """Patches as they are heard at this stage of the training."""
    now, then, faded = grains_now(growth, progress)
    if not faded:
        return coarsen(patches, now, layout)
    return torch.lerp(coarsen(patches, now, layout), coarsen(patches, then, layout), faded)
