"""Which notes begin where a rhythm has them: chords whose upper voice moves as real ones do.

Each bar's harmony is decoded note by note, so melodies leap from one of its notes to the next as
chance has it. Here the rhythm stands, with how many notes begin at each step, and the notes are
found for the whole phrase at once: those of the greatest sum of how sure they are and how likely
the upper voice moves so, by Viterbi's algorithm. How likely it moves is a table that is set after
training.
"""

from __future__ import annotations

import torch
from torch import Tensor

FAR = 24  # semitones; wider intervals count as these
CANDIDATES = 10  # notes at a step that may begin
LACKING = -1e4  # what a chord is worth for each note that it has too few
LINE, CHORDS = 0, 1  # the rows of a track's table


def choose(onsets: Tensor, counts: Tensor, motion: Tensor) -> Tensor:
    """The notes that begin, (batch, tracks, steps, pitches) bool.

    Args:
        onsets: (batch, tracks, steps, pitches) logits.
        counts: (batch, tracks, steps) how many notes are to begin; at most `CANDIDATES` do.
        motion: (batch, tracks, 2 * FAR + 1) how likely the upper voice moves by -FAR..FAR semitones
            from one step to the next, as logarithms.
    """
    chosen = torch.zeros_like(onsets, dtype=torch.bool)
    rows = counts.flatten(0, 1)
    here = rows > 0
    longest = int(here.sum(1).max())
    if not longest:
        return chosen
    # the steps where notes begin, first of all in each row
    order = (~here).byte().argsort(dim=1, stable=True)[:, :longest]
    steps = rows.gather(1, order)
    sounding = steps > 0
    where = torch.arange(len(rows), device=rows.device)[:, None].expand_as(order)[sounding]
    at = (where, order[sounding])
    sure, pitch = onsets.flatten(0, 1)[at].topk(min(CANDIDATES, onsets.shape[3]), 1)
    below, value = _chords(sure, pitch, steps[sounding])
    top = _walk(_spread(value, sounding), _spread(pitch, sounding), sounding, motion.flatten(0, 1))[
        sounding
    ]
    own = below.gather(1, top[:, None, None].expand(-1, 1, below.shape[2]))[:, 0]
    notes = torch.zeros(len(own), onsets.shape[3], dtype=torch.bool, device=own.device)
    notes.scatter_(1, pitch, own.scatter(1, top[:, None], True))
    chosen.flatten(0, 1)[at] = notes
    return chosen


def _chords(sure: Tensor, pitch: Tensor, count: Tensor) -> tuple[Tensor, Tensor]:
    """For each candidate as the upper note: which others are below it, and how sure all are.

    Args:
        sure: (steps, candidates) logits, the surest first.
        pitch: (steps, candidates).
        count: (steps,) notes of the chord.

    Returns:
        (steps, candidates, candidates) bool, the surest that are lower, one fewer than the chord's
        notes; and (steps, candidates) sums of logits.
    """
    lower = pitch[:, None, :] < pitch[:, :, None]
    others = (count - 1)[:, None, None]
    below = lower & (lower.cumsum(2) <= others)
    lacking = others[..., 0] - below.sum(2)
    return below, sure + (sure[:, None, :] * below).sum(2) + LACKING * lacking


def _spread(values: Tensor, sounding: Tensor) -> Tensor:
    """Steps of all rows in turn, (steps, candidates), as (rows, longest, candidates), 0 at ends."""
    padded = values.new_zeros(*sounding.shape, values.shape[1])
    padded[sounding] = values
    return padded


def _walk(value: Tensor, pitch: Tensor, sounding: Tensor, motion: Tensor) -> Tensor:
    """The candidate to take at each step, (rows, longest) int64, for the greatest sum.

    Args:
        value: (rows, longest, candidates) what each is worth.
        pitch: (rows, longest, candidates).
        sounding: (rows, longest) bool, the steps that are there; the first of each row are.
        motion: (rows, 2 * FAR + 1) what moving is worth.
    """
    candidates = value.shape[2]
    stay = torch.arange(candidates, device=value.device).expand(len(value), -1)
    worth, came_from = value[:, 0], []
    for step in range(1, value.shape[1]):
        interval = pitch[:, step, None, :] - pitch[:, step - 1, :, None]
        moved = motion.gather(1, (interval.clamp(-FAR, FAR) + FAR).flatten(1))
        best, before = (worth[:, :, None] + moved.unflatten(1, (candidates, -1))).max(1)
        there = sounding[:, step, None]
        worth = torch.where(there, best + value[:, step], worth)
        came_from.append(torch.where(there, before, stay))
    path = [worth.argmax(1)]
    for before in reversed(came_from):
        path.append(before.gather(1, path[-1][:, None])[:, 0])
    return torch.stack(path[::-1], 1)
