"""Tracks that are melodies or bass lines: one note at a time, or chords where chords are meant.

A bass plays single notes in one song and chords in another. A decoder hears too little of a whole
phrase to settle that, so lines come out with a second note here and there. Which tracks of a phrase
are lines is settled for all of its bars at once.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.models.patches import PatchLayout
from musegan.pianoroll import ONSET

NEVER = -1.0  # no track has so few chords
RARELY = 0.05  # chords, of all a given track's onsets, that leave it a line
ENOUGH = 4  # steps with onsets that tell whether a given track is one
INAUDIBLE = 40.0  # that logits are lowered by


def one_at_a_time(
    logits: Tensor, given: Tensor, mask: Tensor, layout: PatchLayout, most: Tensor
) -> Tensor:
    """Logits whose lines keep the surest onset of each step alone.

    A track that is given in other bars is a line where it is one there.

    Args:
        logits: (batch, time, octave, channel): see `sound`.
        given: patches, silent wherever `mask` is 0; those of one phrase do for all.
        mask: (batch, tracks, bars), 1 where the cell is given, 0 where it is to be made.
        layout: shape of the phrase.
        most: (tracks,) share of chords up to which a made track is taken for a line.
    """
    told = _onsets(given, layout).sum((4, 5))
    enough = (told > 0).sum((1, 3)) >= ENOUGH
    made_share = share_of_chords(logits, mask, layout)
    lines = torch.where(enough, _chords(told) <= RARELY, made_share <= most)
    made = logits.clone()
    onsets = _onsets(made, layout)
    chords = ((onsets > 0).sum((4, 5)) > 1) & lines[:, None, :, None]
    rows = onsets[chords].flatten(1)
    alone = torch.where(rows < rows.amax(1, keepdim=True), rows - INAUDIBLE, rows)
    onsets[chords] = alone.unflatten(1, (layout.octaves, -1))
    return made


def share_of_chords(logits: Tensor, mask: Tensor, layout: PatchLayout) -> Tensor:
    """Of the steps where notes of a made track begin, the share where several do.

    Args:
        logits: (batch, time, octave, channel): see `sound`.
        mask: (batch, tracks, bars), 1 where the cell is given and does not count.
        layout: shape of the phrase.

    Returns:
        (batch, tracks), NaN where nothing begins.
    """
    free = (1 - mask).transpose(1, 2).repeat_interleave(layout.patches_per_bar, 1)
    return _chords((_onsets(logits, layout) > 0).sum((4, 5)) * free[..., None])


def _chords(begun: Tensor) -> Tensor:
    """The same of how many notes begin, (batch, time, tracks, step in patch)."""
    chords, steps = ((begun > least).sum((1, 3)) for least in (1, 0))
    return chords / steps


def _onsets(patches: Tensor, layout: PatchLayout) -> Tensor:
    """(batch, time, track, step, octave, pitch), a view."""
    return layout.split(patches)[..., ONSET, :, :].permute(0, 1, 3, 4, 2, 5)
