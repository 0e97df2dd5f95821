"""What the channels of a spectrogram count in: levels, and the advance of phases."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def to_levels(amplitudes: Tensor, floor: float) -> Tensor:
    """Amplitudes as levels: -1 at the floor and below, 1 at full scale, linear in dB between.

    Args:
        amplitudes: of sines, 1 at full scale.
        floor: the softest level that is told from silence, in dB below full scale.
    """
    decibels = 20 * torch.log10(amplitudes.clamp(min=10 ** (-floor / 20)))
    return 1 + 2 * decibels / floor


def to_amplitudes(levels: Tensor, floor: float) -> Tensor:
    """The amplitudes of levels; silence at -1 and below."""
    amplitudes = torch.exp((levels - 1) * (floor / 40 * math.log(10)))
    return torch.where(levels > -1, amplitudes, 0.0)


def to_advances(phases: Tensor, heard: Tensor) -> Tensor:
    """How far phases go from frame to frame, in half turns within -1..1.

    This is the instantaneous frequency of Engel et al. (2019), "GANSynth: adversarial neural audio
    synthesis", ICLR: constant over all bins in which one steady sine is heard. The phase of what is
    not heard is noise, so it stays where it was until there is sound again.

    Args:
        phases: (..., frames) radians.
        heard: of the same shape, whether there is sound.
    """
    frame = torch.arange(1, phases.shape[-1] + 1, device=phases.device)
    latest = torch.where(heard, frame, 0).cummax(-1).values
    from_rest = torch.cat([torch.zeros_like(phases[..., :1]), phases], -1)
    held = from_rest.gather(-1, latest)
    steps = torch.diff(held, dim=-1, prepend=torch.zeros_like(held[..., :1]))
    return torch.remainder(steps / math.pi + 1, 2) - 1


def to_phases(advances: Tensor) -> Tensor:
    """Phases in radians from how far they go from frame to frame; exact, up to whole turns."""
    return advances.cumsum(-1) * math.pi
