"""Tracks that sound together agree on notes: those of the chord that all of them tell.

Each track is decoded by itself, and what is left when chords are thinned out to lines differs from
track to track. So in each half of a bar the pitch classes of all tracks, and of what is given, are
counted, and onsets of those that most tracks have become surer, at the cost of the others.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.models.patches import PATCH_PITCHES

LITTLE = 0.02  # of a track's notes, that a pitch class is taken to have at least
ENOUGH = 0.3  # notes of half a bar that let a track have its full say


def agree(notes: Tensor, consonance: Tensor) -> Tensor:
    """What to add to the logits of onsets, (batch, tracks, spans, pitches).

    Args:
        notes: (batch, tracks, spans, pitches) how many notes are to be expected, from a C on.
        consonance: (tracks,) how much each track heeds the others; 0 for drums, which tell nothing.
    """
    classes = notes.unflatten(3, (-1, PATCH_PITCHES)).sum(3) * (consonance > 0)[:, None, None]
    total = classes.sum(3, keepdim=True)
    chord = (classes / total.clamp(min=ENOUGH)).sum(1, keepdim=True)
    told = torch.log(chord + LITTLE)
    usual = (classes * told).sum(3, keepdim=True) / total.clamp(min=LITTLE)
    surer: Tensor = consonance[:, None, None] * (told - usual)
    return surer.repeat(1, 1, 1, notes.shape[3] // PATCH_PITCHES)
