"""Tracks that play block chords: every onset a chord, and all of about the same size.

A strummed guitar or a pad of strings plays chords alone in one song, and single notes between them
in another. A decoder hears too little of a whole phrase to settle that, and so nearly every phrase
comes out as a mixture. Which tracks of a phrase play blocks is settled for all of its bars at once.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.models.habits.monophony import ENOUGH, RARELY, share_of_chords

ALWAYS = 2.0  # no track has so many chords


def blocks(made: Tensor, told: Tensor, least: Tensor) -> Tensor:
    """Which tracks play block chords, (batch, tracks) bool.

    A track that is given in other bars plays them where it does so there.

    Args:
        made: (batch, tracks, steps) how many notes begin in what is made.
        told: the same of what is given.
        least: (tracks,) share of chords from which on a made track is taken to play blocks.
    """
    enough = (told > 0).sum(2) >= ENOUGH
    return torch.where(enough, share_of_chords(told) >= 1 - RARELY, share_of_chords(made) >= least)


def as_blocks(counts: Tensor, block: Tensor) -> Tensor:
    """How many notes begin at each step, (batch, tracks, bars, steps), where tracks play blocks.

    Args:
        counts: the same as decoded; single notes make room for the chords of their bar, or become
            chords where it has none.
        block: (batch, tracks) bool.
    """
    chords = counts > 1
    sizes = (counts * chords).sum((2, 3)) / chords.sum((2, 3)).clamp(min=1)
    kept = chords | ((counts == 1) & ~chords.any(3, keepdim=True))
    alike = kept * sizes.round().long().clamp(min=2)[..., None, None]
    return torch.where(block[..., None, None], alike, counts)
