"""Tracks that are melodies or bass lines: one note at a time, or chords where chords are meant.

A bass plays single notes in one song and chords in another. A decoder hears too little of a whole
phrase to settle that, so lines come out with a second note here and there. Which tracks of a phrase
are lines is settled for all of its bars at once.
"""

from __future__ import annotations

import torch
from torch import Tensor

NEVER = -1.0  # no track has so few chords
RARELY = 0.05  # chords, of all a given track's onsets, that leave it a line
ENOUGH = 4  # steps with onsets that tell whether a given track is one


def lines(made: Tensor, told: Tensor, most: Tensor) -> Tensor:
    """Which tracks play one note at a time, (batch, tracks) bool.

    A track that is given in other bars is a line where it is one there.

    Args:
        made: (batch, tracks, steps) how many notes begin in what is made.
        told: the same of what is given.
        most: (tracks,) share of chords up to which a made track is taken for a line.
    """
    enough = (told > 0).sum(2) >= ENOUGH
    return torch.where(enough, share_of_chords(told) <= RARELY, share_of_chords(made) <= most)


def share_of_chords(begun: Tensor) -> Tensor:
    """Of the steps where notes of a track begin, the share where several do, (batch, tracks).

    Args:
        begun: (batch, tracks, steps) how many notes begin.

    Returns:
        NaN where nothing begins.
    """
    chords, steps = ((begun > least).sum(2) for least in (1, 0))
    return chords / steps
