"""Single planes of a phrase, step by step: where notes begin tells rhythm, chords and melodies."""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.models.patches import PATCH_PITCHES, PATCH_STEPS, PatchLayout


def plane_of(patches: Tensor, plane: int, layout: PatchLayout) -> Tensor:
    """A plane of patches or of their logits, (batch, tracks, steps, pitches), as a copy."""
    # (batch, track, time, step, octave, pitch)
    ordered: Tensor = _plane(patches, plane, layout).permute(0, 2, 1, 3, 4, 5)
    return ordered.flatten(4).flatten(2, 3)


def put_plane(patches: Tensor, plane: int, values: Tensor, layout: PatchLayout) -> None:
    """Write a plane, (batch, tracks, steps, pitches), into patches or logits, in place."""
    parts = values.unflatten(3, (layout.octaves, -1)).unflatten(2, (layout.times, -1))
    _plane(patches, plane, layout).copy_(parts.transpose(1, 2))


def along(
    patches: Tensor, plane: int, at: tuple[Tensor, Tensor, Tensor, Tensor], layout: PatchLayout
) -> Tensor:
    """The values of a plane of patches or logits at (batch, track, step, pitch), as a copy."""
    values: Tensor = _plane(patches, plane, layout)[_cells(at)]
    return values


def put_along(
    patches: Tensor,
    plane: int,
    at: tuple[Tensor, Tensor, Tensor, Tensor],
    values: Tensor,
    layout: PatchLayout,
) -> None:
    """Write values of a plane at (batch, track, step, pitch) into patches or logits, in place."""
    _plane(patches, plane, layout)[_cells(at)] = values


def _cells(at: tuple[Tensor, Tensor, Tensor, Tensor]) -> tuple[Tensor, ...]:
    """Where (batch, track, step, pitch) lie in `_plane`."""
    batch, track, step, pitch = at
    time, octave = step // PATCH_STEPS, pitch // PATCH_PITCHES
    return batch, time, track, step % PATCH_STEPS, octave, pitch % PATCH_PITCHES


def count(begun: Tensor) -> Tensor:
    """How many notes begin, (batch, tracks, steps), of (batch, tracks, steps, pitches) bool."""
    # a product is much faster than a sum of so many short rows
    ones = torch.ones(begun.shape[3], device=begun.device)
    return (begun.to(ones.dtype) @ ones).long()


def by_bar(steps: Tensor, layout: PatchLayout) -> Tensor:
    """(batch, tracks, steps, ...) as (batch, tracks, bars, steps of a bar, ...), a view."""
    bars: Tensor = steps.unflatten(2, (layout.bars, -1))
    return bars


def by_step(cells: Tensor, layout: PatchLayout) -> Tensor:
    """What is told of cells, (batch, tracks, bars), told of their steps, (batch, tracks, steps)."""
    return cells.repeat_interleave(layout.grid.steps_per_bar, 2)


def _plane(patches: Tensor, plane: int, layout: PatchLayout) -> Tensor:
    """(batch, time, track, step, octave, pitch), a view."""
    return layout.split(patches)[..., plane, :, :].permute(0, 1, 3, 4, 2, 5)
