"""Where notes begin: the one plane of a phrase that tells rhythm, chords and melodies."""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.models.patches import PatchLayout
from musegan.pianoroll import ONSET


def onsets_of(patches: Tensor, layout: PatchLayout) -> Tensor:
    """Onsets of patches or of their logits, (batch, tracks, steps, pitches), as a copy."""
    # (batch, track, time, step, octave, pitch)
    ordered: Tensor = _plane(patches, layout).permute(0, 2, 1, 3, 4, 5)
    return ordered.flatten(4).flatten(2, 3)


def put_onsets(patches: Tensor, onsets: Tensor, layout: PatchLayout) -> None:
    """Write onsets, (batch, tracks, steps, pitches), into patches or logits, in place."""
    parts = onsets.unflatten(3, (layout.octaves, -1)).unflatten(2, (layout.times, -1))
    _plane(patches, layout).copy_(parts.transpose(1, 2))


def count(begun: Tensor) -> Tensor:
    """How many notes begin, (batch, tracks, steps), of (batch, tracks, steps, pitches) bool."""
    # a product is much faster than a sum of so many short rows
    ones = torch.ones(begun.shape[3], device=begun.device)
    return (begun.to(ones.dtype) @ ones).long()


def by_bar(steps: Tensor, layout: PatchLayout) -> Tensor:
    """(batch, tracks, steps, ...) as (batch, tracks, bars, steps of a bar, ...), a view."""
    bars: Tensor = steps.unflatten(2, (layout.bars, -1))
    return bars


def _plane(patches: Tensor, layout: PatchLayout) -> Tensor:
    """(batch, time, track, step, octave, pitch), a view."""
    return layout.split(patches)[..., ONSET, :, :].permute(0, 1, 3, 4, 2, 5)
