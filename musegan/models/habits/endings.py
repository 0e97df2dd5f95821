"""Where notes end: chords end together, and melodies let go of a note when the next begins.

Each pitch says for itself whether it goes on, so chords come out frayed and melodies blurred. Until
the next onset of its track, a note of a chord goes on by what all of the chord say on average. In
phrases where few notes of a track are held over its next onset, none is, as in most real ones.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from musegan.models.onsets import count

LET_GO = -1.0  # the logit of going on where a note does not


class Tails(NamedTuple):
    """The steps on which notes may sound on: after each onset, up to the next one of its track.

    Attributes:
        at: (batch, track, step, pitch), each (entries,) int64.
        note: (entries,) the note each belongs to, as they lie in `begun.nonzero()`.
        reached: (entries,) bool, whether the next onset is at that step.
        begun: (batch, tracks) how many notes begin.
        owner: (batch, track), each (notes,).
    """

    at: tuple[Tensor, Tensor, Tensor, Tensor]
    note: Tensor
    reached: Tensor
    begun: Tensor
    owner: tuple[Tensor, Tensor]


def tails(begun: Tensor) -> Tails:
    """The tails of notes.

    Args:
        begun: (batch, tracks, steps, pitches) bool, where notes begin.
    """
    counts = count(begun)
    steps = begun.shape[2]
    onset = torch.where(counts > 0, torch.arange(steps, device=begun.device), steps)
    onset = torch.cat([onset[..., 1:], onset.new_full((*onset.shape[:2], 1), steps)], 2)
    following = onset.flip(2).cummin(2).values.flip(2)
    batch, track, start, pitch = begun.nonzero(as_tuple=True)
    until = following[batch, track, start]
    length = until.clamp(max=steps - 1) - start
    note = torch.repeat_interleave(length)
    first = (length.cumsum(0) - length)[note]
    step = start[note] + 1 + torch.arange(len(note), device=note.device) - first
    at = (batch[note], track[note], step, pitch[note])
    return Tails(at, note, step == until[note], counts.sum(2), (batch, track))


def held_over(holds: Tensor, tails: Tails, begun: Tensor) -> Tensor:
    """Share of a track's notes that sound on where its next note begins, (batch, tracks).

    Args:
        holds: (entries,) logits of going on, along the tails.
        tails: see `tails`.
        begun: (batch, tracks, steps, pitches) bool, where notes begin.

    Returns:
        NaN where nothing begins.
    """
    over = torch.zeros(len(tails.owner[0]), dtype=torch.bool, device=holds.device)
    over[tails.note[tails.reached]] = True
    stops = (holds <= 0) | (tails.reached & begun[tails.at])
    over[tails.note[stops]] = False
    held = torch.zeros(begun.shape[:2], device=holds.device)
    held.index_put_(tails.owner, over.to(held.dtype), accumulate=True)
    return held / tails.begun


def ended(holds: Tensor, tails: Tails, clean: Tensor, unity: Tensor) -> Tensor:
    """Logits of going on along the tails, (entries,).

    Args:
        holds: the same, as decoded.
        tails: see `tails`.
        clean: (batch, tracks) bool, whether no note is held over the next onset.
        unity: (tracks,) 0..1, how far each note goes by what its chord says.
    """
    batch, track, step, _ = tails.at
    shape = (*clean.shape, int(step.max()) + 1 if len(step) else 0)
    told, voices = holds.new_zeros(shape), holds.new_zeros(shape)
    told.index_put_((batch, track, step), holds, accumulate=True)
    voices.index_put_((batch, track, step), torch.ones_like(holds), accumulate=True)
    said = (told / voices.clamp(min=1))[batch, track, step]
    together = torch.lerp(holds, said, unity[track])
    return together.masked_fill(tails.reached & clean[batch, track], LET_GO)
