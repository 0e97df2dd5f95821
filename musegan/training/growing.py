"""Growing from coarse to fine: what the critic hears is drawn ever more sharply.

Karras et al., "Progressive growing of GANs for improved quality, stability, and variation", ICLR
2018, begin with small pictures and fade in ever larger ones. Here the networks keep their shape and
the music grows: at first critic and generator know phrases by beats and octaves, in the end by
steps and pitches; notes at first by stretches of time and bands of partials. Each stage fades into
the next.
"""

from __future__ import annotations

from collections.abc import Callable

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

    Returns:
        Steps and pitches of phrases, or frames and rows of notes, now and next; a share.
    """
    grains = (*growth.stages, FINEST)
    place = progress / growth.until * len(growth.stages)
    stage = int(place)
    if stage >= len(growth.stages):
        return FINEST, FINEST, 0.0
    return grains[stage], grains[stage + 1], max(0.0, 2 * (place - stage) - 1)


def pooled(pictures: Tensor, height: int, width: int) -> Tensor:
    """Pictures whose every block of so many rows and columns is its mean, the shape kept.

    Args:
        pictures: (batch, channels, rows, columns), both divisible.
        height: rows of a block.
        width: columns of a block.
    """
    coarse = F.avg_pool2d(pictures, (height, width))
    return coarse.repeat_interleave(height, 2).repeat_interleave(width, 3)


def coarse_phrases(patches: Tensor, grain: Grain, layout: PatchLayout) -> Tensor:
    """Patches whose planes are means over so many steps and pitches, the shape kept.

    Args:
        patches: (batch, time, octave, channel).
        grain: steps and pitches, both divisors of 12.
        layout: of the patches.
    """
    batch = len(patches)
    # (batch, track, plane, time, step in patch, octave, pitch in octave)
    picture = (
        layout.split(patches)
        .permute(0, 3, 4, 1, 5, 2, 6)
        .reshape(batch, -1, layout.times * PATCH_STEPS, layout.octaves * PATCH_PITCHES)
    )
    planes = pooled(picture, *grain).view(
        batch, layout.tracks, -1, layout.times, PATCH_STEPS, layout.octaves, PATCH_PITCHES
    )
    return planes.permute(0, 3, 5, 1, 2, 4, 6).flatten(3)


def coarse_notes(pictures: Tensor, grain: Grain) -> Tensor:
    """Pictures of notes that are means over so many frames and rows, the shape kept.

    Args:
        pictures: (batch, 2, rows, frames).
        grain: frames and rows.
    """
    frames, rows = grain
    return pooled(pictures, rows, frames)


def grown(
    music: Tensor, growth: GrowthRecipe, progress: float, coarsen: Callable[[Tensor, Grain], Tensor]
) -> Tensor:
    """Music as it is heard at this stage of the training."""
    now, then, faded = grains_now(growth, progress)
    heard, next_heard = (
        music if grain == FINEST else coarsen(music, grain) for grain in (now, then)
    )
    return torch.lerp(heard, next_heard, faded) if faded else heard
