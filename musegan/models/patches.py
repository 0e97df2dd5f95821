"""The layout networks work in: a piano-roll as a picture of octave × time patches.

A patch is 12 pitches (an octave) by 3 steps (a sixteenth on the default grid). A phrase of T tracks
is one tensor

    patches[batch, time, octave, channel]    float32

with channel = ((track * 3 + plane) * 3 + step in patch) * 12 + pitch in octave. Onset and sustain
are 0 or 1, velocity is 0..1 (MIDI velocity / 127) at onsets. Hidden layers run on the coarse
lattice, and only the first and last projection see single steps and pitches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.instruments.ensemble import HIGHEST, LOWEST
from musegan.pianoroll import ONSET, PLANES, SUSTAIN, VELOCITY, Grid, Phrases, from_planes
from musegan.song import IntArray

PATCH_STEPS = 3
PATCH_PITCHES = 12
BAR_STEPS = 4 * PATCH_STEPS  # a bar's patches can be halved along time twice


@dataclass(frozen=True)
class PatchLayout:
    """Shape of the patch tensor of a phrase.

    Attributes:
        grid: steps a bar; a multiple of 12, so that networks can halve the patches' time twice.
        bars: bars a phrase.
        tracks: tracks of the ensemble.
        low: lowest MIDI pitch, the bottom of the first octave.
        octaves: octaves above `low`.
    """

    grid: Grid
    bars: int
    tracks: int
    low: int = LOWEST
    octaves: int = (HIGHEST + 1 - LOWEST) // PATCH_PITCHES

    def __post_init__(self) -> None:
        if self.grid.steps_per_bar % BAR_STEPS:
            raise ValueError(
                f"a bar of {self.grid.steps_per_bar} steps does not fit, it takes a multiple of "
                f"{BAR_STEPS}; 12 steps a beat fit every meter"
            )

    @property
    def patches_per_bar(self) -> int:
        """Patches along the time of one bar."""
        return self.grid.steps_per_bar // PATCH_STEPS

    @property
    def times(self) -> int:
        """Patches along the time of the phrase."""
        return self.bars * self.patches_per_bar

    @property
    def track_channels(self) -> int:
        """Channels that one track takes: planes × steps × pitches of a patch."""
        return PLANES * PATCH_STEPS * PATCH_PITCHES

    @property
    def channels(self) -> int:
        """Channels of the patch tensor."""
        return self.tracks * self.track_channels

    @property
    def high(self) -> int:
        """Highest MIDI pitch."""
        return self.low + self.octaves * PATCH_PITCHES - 1

    def shape(self, batch: int) -> tuple[int, int, int, int]:
        """Shape of a batch of patches."""
        return batch, self.times, self.octaves, self.channels

    def split(self, patches: Tensor) -> Tensor:
        """View as (..., track, plane, step in patch, pitch in octave)."""
        return patches.view(*patches.shape[:-1], self.tracks, PLANES, PATCH_STEPS, PATCH_PITCHES)

    def cells(self, patches: Tensor) -> Tensor:
        """View as (batch, bar, time in bar, octave) and the rest as in `split`."""
        bars: Tensor = self.split(patches).unflatten(1, (self.bars, -1))
        return bars


def to_patches(
    phrases: Phrases,
    layout: PatchLayout,
    device: torch.device | str = "cpu",
    mask: NDArray[np.float32] | None = None,
) -> Tensor:
    """Patches of canonical phrases, on `device`; notes outside the layout's pitches are left out.

    Only flat indices and velocities travel to the device, so a GPU is not waited for.

    Args:
        phrases: what to unroll.
        layout: shape of the phrases.
        device: where the patches go.
        mask: (phrases, tracks, bars); with it, only the cells where it is not 0 are filled.
    """
    pitch = phrases.pitch.astype(np.int64)
    phrases = phrases.keep((pitch >= layout.low) & (pitch <= layout.high))
    start, length = phrases.start.astype(np.int64), phrases.duration.astype(np.int64)
    note = np.arange(len(start))
    held = np.repeat(note, length)
    step = np.arange(len(held)) + np.repeat(start - np.cumsum(length) + length, length)
    notes = np.concatenate([note, held, note])
    steps = np.concatenate([start, step, start])
    planes = np.repeat([ONSET, SUSTAIN, VELOCITY], [len(note), len(held), len(note)])
    levels = np.ones(len(notes), np.float32)
    levels[len(note) + len(held) :] = phrases.velocity / np.float32(127)
    if mask is not None:
        bar = steps // layout.grid.steps_per_bar
        given = mask[phrases.phrase[notes], phrases.track[notes], bar] != 0
        notes, steps, planes, levels = (a[given] for a in (notes, steps, planes, levels))
    where = torch.from_numpy(_cells(phrases, layout, notes, planes, steps))
    patches = torch.zeros(layout.shape(len(phrases)), device=device)
    patches.view(-1)[where.to(device, non_blocking=True)] = torch.from_numpy(levels).to(
        device, non_blocking=True
    )
    return patches


def _cells(
    phrases: Phrases, layout: PatchLayout, notes: IntArray, planes: IntArray, steps: IntArray
) -> IntArray:
    """Flat positions in the patch tensor of single steps of notes."""
    time, step = np.divmod(steps, PATCH_STEPS)
    octave, pitch = np.divmod(phrases.pitch[notes].astype(np.int64) - layout.low, PATCH_PITCHES)
    channel = (phrases.track[notes].astype(np.int64) * PLANES + planes) * PATCH_STEPS + step
    channel = channel * PATCH_PITCHES + pitch
    place = (phrases.phrase[notes] * layout.times + time) * layout.octaves + octave
    cells: IntArray = place * layout.channels + channel
    return cells


def fold(patches: Tensor, layout: PatchLayout) -> Tensor:
    """Octaves laid over each other: (batch, time, track, plane, step in patch, pitch class)."""
    return layout.split(patches.sum(2))


def from_patches(patches: Tensor, layout: PatchLayout) -> Phrases:
    """The notes in patches (binary onset and sustain, velocity 0..1), canonical."""
    parts = layout.split(patches.detach())
    # bytes first, for reordering passes over all of them
    levels = torch.empty(parts.shape, dtype=torch.uint8, device=parts.device)
    switches, loud = parts.split([VELOCITY, PLANES - VELOCITY], -3)
    levels[..., :VELOCITY, :, :] = switches > 0.5
    levels[..., VELOCITY:, :, :] = (loud * 127).round().clamp(0, 127)
    # (batch, track, plane, time, step in patch, octave, pitch in octave)
    ordered = levels.permute(0, 3, 4, 1, 5, 2, 6).flatten(5).flatten(3, 4)
    notes = from_planes(ordered.cpu().numpy(), layout.grid, layout.bars)
    return Phrases.from_columns(
        notes.phrase,
        notes.track,
        notes.start,
        notes.duration,
        notes.pitch + np.uint8(layout.low),
        notes.velocity,
        len(notes),
        notes.grid,
        notes.bars,
    )
