"""The register a track stays in, and the few sounds a drummer plays: what a phrase keeps to.

Each note is decoded by itself, so a phrase may have a chord here and the next two octaves above,
and some of each of eleven drums. How much of a phrase lies near a pitch makes notes there likelier,
and those far from all others less likely, at the cost of none that lie where most do.
"""

from __future__ import annotations

import torch
from torch import Tensor

LITTLE = 1e-3  # notes that a pitch is taken to have at least


def favour(notes: Tensor, keeping: Tensor, reach: Tensor) -> Tensor:
    """What to add to the logits of onsets at each pitch, (batch, tracks, pitches).

    Args:
        notes: (batch, tracks, pitches) how many are to be expected in the phrase.
        keeping: (tracks,) how closely each track keeps to its register.
        reach: (tracks,) semitones that count as near; none for drums, where each is a sound.
    """
    near = torch.log((notes[:, :, None] @ _nearness(reach, notes.shape[2]))[:, :, 0] + LITTLE)
    share = notes / notes.sum(2, keepdim=True).clamp(min=LITTLE)
    usual = (share * near).sum(2, keepdim=True)
    return keeping[:, None] * (near - usual)


def _nearness(reach: Tensor, pitches: int) -> Tensor:
    """(tracks, pitches, pitches) how much a note at one pitch counts at another, sums of 1."""
    pitch = torch.arange(pitches, device=reach.device)
    apart = (pitch - pitch[:, None]) / reach[:, None, None].clamp(min=LITTLE)
    bell = torch.exp(-apart.square() / 2)
    return bell / bell.sum(1, keepdim=True)
