"""Pictures of notes as the networks hold them: patches of 8 frames x 4 rows."""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.audio.partials.layout import DETUNE, HIGHEST, LEVEL, NoteLayout, hertz_of

CHANNELS = 2
PATCH_FRAMES, PATCH_ROWS = 8, 4
PATCH_SIZE = CHANNELS * PATCH_FRAMES * PATCH_ROWS
PITCH_FEATURES = 6


def to_patches(pictures: Tensor) -> Tensor:
    """(batch, 2, rows, frames) to (batch, frames / 8, rows / 4, 64)."""
    cut: Tensor = pictures.unflatten(2, (-1, PATCH_ROWS)).unflatten(4, (-1, PATCH_FRAMES))
    # (batch, channel, row patch, row, frame patch, frame)
    return cut.permute(0, 4, 2, 1, 3, 5).flatten(3)


def from_patches(patches: Tensor) -> Tensor:
    """The inverse of `to_patches`."""
    cut: Tensor = patches.unflatten(3, (CHANNELS, PATCH_ROWS, PATCH_FRAMES))
    return cut.permute(0, 3, 2, 4, 1, 5).flatten(4).flatten(2, 3)


def silence_inaudible(pictures: Tensor, pitch: Tensor, layout: NoteLayout) -> Tensor:
    """Pictures without the partials that lie above what the rate holds.

    Args:
        pictures: (batch, 2, rows, frames).
        pitch: (batch,) MIDI pitches.
        layout: of the pictures.
    """
    hertz = hertz_of(pitch)
    numbers = torch.arange(1, layout.rows + 1, device=pitch.device)
    partial = numbers <= layout.partials
    audible = (numbers * hertz[:, None] <= HIGHEST * layout.rate) | ~partial
    levels = torch.where(audible[:, :, None], pictures[:, LEVEL], -1.0)
    detuned = torch.where((audible & partial)[:, :, None], pictures[:, DETUNE], 0.0)
    return torch.stack([levels, detuned], 1)


def pitch_features(pitch: Tensor) -> Tensor:
    """MIDI pitches (batch,) as numbers that networks tell apart, (batch, 6)."""
    place = (pitch - 60) / 24
    waves = [f(torch.pi * place * n) for n in (0.5, 1.0) for f in (torch.sin, torch.cos)]
    return torch.stack([place, place.square(), *waves], 1)
