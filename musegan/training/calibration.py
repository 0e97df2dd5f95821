"""Setting a trained generator's levels: how readily each track begins, holds and accents a note.

Hard thresholds make a generator's note counts sensitive to the last few updates of its biases.
After training, three levels a track are set so that samples have the training data's mean: the
onset threshold (notes), the hold threshold (their length) and the scale of velocities. What is
played when, and with what, stays as it was learnt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.data.arrangements import playing
from musegan.models.generator import Generator
from musegan.models.sounding import HOLD, sound
from musegan.pianoroll import ONSET, PLANES, SUSTAIN, VELOCITY, Phrases
from musegan.training.sampling import sample_logits

SILENT = 1e4  # logits no shift brings back
MOST_SHIFT = 4.0  # logits; a track further off has not been learnt, and no threshold helps it
MOST_SCALE = 4.0
HALVINGS = 8


@dataclass(frozen=True)
class Levels:
    """What is set, each (tracks,) float64.

    Attributes:
        notes: mean notes a phrase.
        length: mean length of a note in steps.
        accent: mean of logit(velocity / 127).
        accent_spread: the mean of its standard deviations within each phrase.
    """

    notes: NDArray[np.float64]
    length: NDArray[np.float64]
    accent: NDArray[np.float64]
    accent_spread: NDArray[np.float64]


def measure_levels(phrases: Phrases, tracks: int) -> Levels:
    """The levels of real phrases; a track without notes has NaN for all but `notes`."""
    count = np.bincount(phrases.track, minlength=tracks)
    steps = np.bincount(phrases.track, phrases.duration, minlength=tracks)
    share = np.clip(phrases.velocity / 127, 0.01, 0.99)
    accent = np.log(share / (1 - share))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(phrases.track, accent, minlength=tracks) / count
        cell = phrases.phrase * tracks + phrases.track
        size = np.bincount(cell, minlength=len(phrases) * tracks)
        own = np.bincount(cell, accent, minlength=len(size)) / size
        square = np.bincount(cell, (accent - own[cell]) ** 2, minlength=len(size)) / size
    spread = np.sqrt(square).reshape(-1, tracks)
    played = ~np.isnan(spread)
    with np.errstate(invalid="ignore"):
        spreads = np.where(played, spread, 0).sum(0) / played.sum(0)
        return Levels(count / len(phrases), steps / count, mean, spreads)


def calibrate(generator: Generator, phrases: Phrases, seed: int, samples: int = 128) -> None:
    """Set the levels of `generator` to those of `phrases`, in place.

    Args:
        generator: trained; its last layer is changed.
        phrases: the training phrases.
        seed: of the latents that are sampled.
        samples: phrases sampled.
    """
    layout = generator.layout
    wanted = measure_levels(phrases, layout.tracks)
    logits = _sample_logits(generator, phrases, samples, seed)
    weight = generator.head.weight.detach().view(layout.tracks, PLANES, -1, *_inner(generator))
    bias = generator.head.bias
    if bias is None:
        raise ValueError("the generator's last layer has no bias to set")
    levels = bias.detach().view(layout.tracks, PLANES, -1)
    for track in range(layout.tracks):
        if not wanted.notes[track]:
            continue
        own = layout.split(logits)[:, :, :, track]
        begin = _onset_shift(own[:, :, :, ONSET], float(wanted.notes[track]), samples)
        own[:, :, :, ONSET] += begin
        levels[track, ONSET] += begin
        levels[track, HOLD] += _hold_shift(own, float(wanted.length[track]), generator)
        mean, spread = _accents(own)
        scale = float(wanted.accent_spread[track]) / max(spread, 1e-3)
        scale = min(max(scale, 1 / MOST_SCALE), MOST_SCALE)
        weight[track, VELOCITY] *= scale
        levels[track, VELOCITY] *= scale
        levels[track, VELOCITY] += float(wanted.accent[track]) - scale * mean


def _inner(generator: Generator) -> tuple[int, ...]:
    return tuple(generator.head.weight.shape[1:])


def _sample_logits(generator: Generator, phrases: Phrases, samples: int, seed: int) -> Tensor:
    """Logits of samples to arrangements of real phrases, far below 0 where they are silent."""
    layout = generator.layout
    chosen = np.random.default_rng(seed).integers(len(phrases), size=samples)
    silent = torch.from_numpy(1 - playing(phrases.select(chosen), layout.tracks))
    parts = []
    for mask, logits in sample_logits(generator, silent, seed):
        by_bar = layout.split(logits).unflatten(1, (layout.bars, -1))
        off = mask.transpose(1, 2)[:, :, None, None, :, None, None, None].bool()
        parts.append(by_bar.masked_fill(off, -SILENT).flatten(1, 2).flatten(3))
    return torch.cat(parts)


def _onset_shift(onset: Tensor, notes: float, samples: int) -> float:
    """What to add to onset logits so that `notes` a sample are above 0."""
    keep = max(1, min(round(notes * samples), onset.numel() - 1))
    threshold = torch.kthvalue(onset.flatten(), onset.numel() - keep).values
    return float((-threshold).clamp(-MOST_SHIFT, MOST_SHIFT))


def _accents(own: Tensor) -> tuple[float, float]:
    """Mean of the velocity logits at onsets, and the mean of their deviations in each phrase."""
    begun = (own[:, :, :, ONSET] > 0).flatten(1)
    accent = own[:, :, :, VELOCITY].flatten(1)
    count = begun.sum(1)
    played = count > 0
    within = (accent * begun).sum(1) / count.clamp(min=1)
    square = ((accent - within[:, None]).square() * begun).sum(1) / count.clamp(min=1)
    spread = square.sqrt()[played].mean() if played.any() else torch.zeros(())
    return float((accent * begun).sum() / count.sum().clamp(min=1)), float(spread)


def _hold_shift(own: Tensor, length: float, generator: Generator) -> float:
    """What to add to hold logits so that notes last `length` steps on average."""
    low, high = -MOST_SHIFT, MOST_SHIFT
    alone = type(generator.layout)(
        generator.layout.grid,
        generator.layout.bars,
        1,
        generator.layout.low,
        generator.layout.octaves,
    )
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        shifted = own.clone()
        shifted[:, :, :, HOLD] += middle
        heard = alone.split(sound(shifted.flatten(3), alone))[:, :, :, 0]
        lasts = float(heard[:, :, :, SUSTAIN].sum() / heard[:, :, :, ONSET].sum().clamp(min=1))
        low, high = (middle, high) if lasts < length else (low, middle)
    return (low + high) / 2
