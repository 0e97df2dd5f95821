"""The traits of each bar: what its notes come to, in numbers that gradients pass.

A critic that only looks through small windows has to add up a bar by itself to know how dense it
is, which chords its tracks agree on, or whether it repeats the bar before. These traits tell it at
once. Each is bounded or grows slowly, and stays smooth where a track falls silent.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.models.patches import PATCH_PITCHES, PATCH_STEPS, PatchLayout
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY

BEATS = 4  # a bar is heard in so many parts
FEW = 0.5  # notes: keeps shares of nearly nothing from jumping


def fold(patches: Tensor, layout: PatchLayout) -> Tensor:
    """Octaves laid over each other: (batch, time, track, plane, step in patch, pitch class)."""
    return layout.split(patches.sum(2))


def traits(folded: Tensor, bars: int) -> Tensor:
    """The traits of each bar, (batch, bars, n); n depends on the number of tracks and bars alone.

    Args:
        folded: see `fold`.
        bars: bars of the phrase.
    """
    # (batch, bar, time, track, step in patch, pitch class)
    by_bar = folded.unflatten(1, (bars, -1))
    onset, sustain, loud = (by_bar[:, :, :, :, plane] for plane in (ONSET, SUSTAIN, VELOCITY))
    notes = onset.sum((2, 4, 5))
    groups = [
        _amounts(notes, onset, sustain),
        _dynamics(notes, loud),
        _repeats(notes, onset),
        _harmony(sustain.sum(4)),
    ]
    return torch.cat(groups, 2)


def tonal_distances(folded: Tensor, bars: int) -> Tensor:
    """How far apart each two tracks' harmonies are in a bar, (batch, bars, pairs), pairs i < j.

    The distance of tonal centroids beat by beat (Harte, Sandler & Gasser, "Detecting harmonic
    change in musical audio", 2006), weighed by how far both tracks sound.
    """
    beats = folded[:, :, :, SUSTAIN].sum(3).unflatten(1, (bars, BEATS, -1)).sum(3)
    steps = beats.sum(4)
    centroids = beats @ _circles().to(beats) / (steps[..., None] + FEW)
    sounding = 1 - torch.exp(-steps)
    one, other = torch.triu_indices(beats.shape[3], beats.shape[3], 1, device=beats.device)
    apart = (centroids[:, :, :, one] - centroids[:, :, :, other]).square().sum(4)
    both = sounding[..., one] * sounding[..., other]
    distances: Tensor = ((apart + 1e-2).sqrt() * both).sum(2) / (both.sum(2) + FEW)
    return distances


def in_key(folded: Tensor) -> Tensor:
    """Share of each track's notes in the major or natural minor scale that fits best, (batch, n).

    All tracks have an equal say in which scale that is.
    """
    notes = folded[:, :, :, ONSET].sum((1, 3))
    share = notes / (notes.sum(2, keepdim=True) + FEW)
    # (batch, track, scale)
    held = share @ _scales().to(share).T
    best = held.detach().sum(1).argmax(1)
    return held[torch.arange(len(held), device=best.device), :, best]


def qualified(folded: Tensor) -> Tensor:
    """Share of each track's notes that last three steps or longer, (batch, tracks)."""
    # (batch, step, track, plane, pitch class)
    steps = folded.permute(0, 1, 4, 2, 3, 5).flatten(1, 2)
    onset = steps[:, :, :, ONSET]
    held = (steps[:, :, :, SUSTAIN] - onset).clamp(max=1)
    lasting = onset[:, :-2] * held[:, 1:-1] * held[:, 2:]
    return lasting.sum((1, 3)) / (onset.sum((1, 3)) + FEW)


def steadiness(folded: Tensor, bars: int) -> Tensor:
    """How far each track keeps to its notes, and to its rhythm, from bar to bar, (batch, n)."""
    onset = folded[:, :, :, ONSET].unflatten(1, (bars, -1))
    notes = onset[:, 1:].sum((1, 2, 4, 5))
    again = torch.minimum(onset[:, 1:], onset[:, :-1]).sum((1, 2, 4, 5))
    rhythm = onset.sum(5).clamp(max=1)
    moved = (rhythm[:, 1:] - rhythm[:, :-1]).abs().mean((1, 2, 4))
    return torch.cat([again / (notes + FEW), moved], 1)


def polyphony(folded: Tensor) -> Tensor:
    """Mean number of pitches in the steps in which a track sounds, (batch, tracks)."""
    voices = folded[:, :, :, SUSTAIN].sum(4)
    return voices.sum((1, 3)) / (voices.clamp(max=1).sum((1, 3)) + FEW)


def _scales() -> Tensor:
    """(12, 12): the pitch classes of each major scale."""
    major = torch.zeros(PATCH_PITCHES).scatter(0, torch.tensor([0, 2, 4, 5, 7, 9, 11]), 1.0)
    return torch.stack([major.roll(tonic) for tonic in range(PATCH_PITCHES)])


def _circles() -> Tensor:
    """(12, 6): each pitch class on the circles of fifths, minor thirds and major thirds."""
    angle = torch.arange(PATCH_PITCHES)[:, None] * torch.pi * torch.tensor([7 / 6, 3 / 2, 2 / 3])
    radius = torch.tensor([1.0, 1.0, 0.5])
    return torch.cat([radius * angle.sin(), radius * angle.cos()], 1)


def _amounts(notes: Tensor, onset: Tensor, sustain: Tensor) -> Tensor:
    """Notes, polyphony, share of time that sounds, length of notes; for each track."""
    voices = sustain.sum(5)
    steps = voices.shape[2] * PATCH_STEPS
    held = voices.sum((2, 4))
    sounding = (1 - torch.exp(-voices)).sum((2, 4))
    begins = 1 - torch.exp(-onset.sum(5))
    values = [
        notes / 8,
        torch.log1p(notes),
        held / (sounding + FEW),
        sounding / steps,
        held / (notes + FEW) / PATCH_STEPS,
        begins.sum((2, 4)) / 8,
    ]
    return torch.cat(values, 2)


def _dynamics(notes: Tensor, loud: Tensor) -> Tensor:
    """Mean and spread of the velocities of each track."""
    total = loud.sum((2, 4, 5))
    apart = loud.square().sum((2, 4, 5)) - total.square() / notes.clamp(min=1)
    spread = (apart.clamp(min=0) / (notes + FEW) + 1e-3).sqrt()
    return torch.cat([total / (notes + FEW), 4 * spread], 2)


def _repeats(notes: Tensor, onset: Tensor) -> Tensor:
    """How far each bar has the notes, and the rhythm, of the bars one and two before."""
    rhythm = 1 - torch.exp(-onset.sum(5))
    values = []
    for apart in range(1, min(3, onset.shape[1])):
        again = (onset[:, apart:] * onset[:, :-apart]).sum((2, 4, 5))
        moved = (rhythm[:, apart:] - rhythm[:, :-apart]).square().sum((2, 4))
        values += [
            _later(again / (notes[:, apart:] + FEW), apart),
            _later(torch.log1p(again), apart),
            _later(moved / 8, apart),
        ]
    return torch.cat(values, 2) if values else notes[:, :, :0]


def _later(values: Tensor, bars: int) -> Tensor:
    """(batch, bars - n, tracks) -> (batch, bars, tracks), nothing in the first n bars."""
    return F.pad(values, (0, 0, bars, 0))


def _harmony(sounding: Tensor) -> Tensor:
    """Pitch classes of each track, and the intervals between them.

    Args:
        sounding: (batch, bar, time, track, pitch class) steps.
    """
    by_bar = sounding.sum(2)
    share = by_bar / (by_bar.sum(3, keepdim=True) + 1)
    used = (1 - torch.exp(-by_bar / PATCH_STEPS)).sum(3)
    by_beat = sounding.unflatten(2, (BEATS, -1)).sum(3)
    beats = by_beat / (by_beat.sum(4, keepdim=True) + 1)
    chords = _intervals(beats).mean(2)
    values = [share.flatten(2), used / 4, chords, _intervals(share)]
    return torch.cat(values, 2)


def _intervals(share: Tensor) -> Tensor:
    """How often each interval class lies between two tracks, (..., pairs × 12), pairs i <= j.

    Args:
        share: (..., track, pitch class) how much of a track's time each pitch class takes.
    """
    tracks = share.shape[-2]
    classes = torch.arange(PATCH_PITCHES, device=share.device)
    up = (classes[:, None] + classes) % PATCH_PITCHES
    one, other = torch.triu_indices(tracks, tracks, device=share.device)
    shifted = share[..., other, :][..., up]
    return (share[..., one, None, :] * shifted).sum(-1).flatten(-2)
