"""Setting a trained generator's levels: how far each track's bars differ, and how loud it plays.

How much of what a bar plays comes from its own latents is a matter of scale, and a scale is what
training moves slowest. So the loudness of each track's bar latents is set until samples repeat as
many notes from bar to bar as the training data.

Velocity is heard at onsets alone, so it is what a critic learns last, and noise in it grows while
all else improves. The mean and the spread of each track's velocities are set to the data's; which
notes are accented stays as it was learnt.

Shifting thresholds to the right number of notes or their right mean length was tried too: it adds
notes and holds where they spoil harmony and articulation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.data.arrangements import playing
from musegan.evaluation.events import Events
from musegan.evaluation.rhythm import repetition
from musegan.models.generator import Generator
from musegan.pianoroll import ONSET, PLANES, VELOCITY, Phrases
from musegan.training.sampling import sample_logits, sample_phrases

MOST_SPREAD = 5.0  # doublings of the loudness of bar latents, up or down
HALVINGS = 6
MOST_SCALE = 4.0  # a track whose accents are further off has not learnt them


@dataclass(frozen=True)
class Dynamics:
    """How tracks are accented, each (tracks,) float64; NaN for a track without notes.

    Attributes:
        mean: of logit(velocity / 127).
        spread: the mean over phrases of its standard deviation within each.
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]


def measure_dynamics(phrases: Phrases, tracks: int) -> Dynamics:
    """The dynamics of real phrases."""
    count = np.bincount(phrases.track, minlength=tracks)
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
        return Dynamics(mean, np.where(played, spread, 0).sum(0) / played.sum(0))


def calibrate(generator: Generator, phrases: Phrases, seed: int, samples: int = 128) -> None:
    """Set the variety and the dynamics of `generator` to those of `phrases`, in place.

    Args:
        generator: trained; the spread of its tracks and its last layer are changed.
        phrases: the training phrases.
        seed: of the latents that are sampled.
        samples: phrases sampled.
    """
    _set_variety(generator, phrases, seed, samples)
    _set_dynamics(generator, phrases, seed, samples)


def mean_repetition(phrases: Phrases, tracks: int) -> NDArray[np.float64]:
    """(tracks,) mean share of notes that the bar before has too; NaN where there is none to say."""
    shares = repetition(Events.of(phrases, tracks))
    known = ~np.isnan(shares)
    with np.errstate(invalid="ignore"):
        mean: NDArray[np.float64] = np.where(known, shares, 0).sum(0) / known.sum(0)
    return mean


def _set_variety(generator: Generator, phrases: Phrases, seed: int, samples: int) -> None:
    tracks = generator.layout.tracks
    wanted = mean_repetition(phrases, tracks)
    low, high = np.full(tracks, -MOST_SPREAD), np.full(tracks, MOST_SPREAD)
    # a track's own latents move no other track, so all are found at once
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        with torch.no_grad():
            generator.track_spread.copy_(torch.from_numpy(2.0**middle))
        found = mean_repetition(sample_phrases(generator, phrases, samples, seed), tracks)
        alike = found > wanted
        low, high = np.where(alike, middle, low), np.where(alike, high, middle)


def _set_dynamics(generator: Generator, phrases: Phrases, seed: int, samples: int) -> None:
    layout = generator.layout
    wanted = measure_dynamics(phrases, layout.tracks)
    logits = layout.split(_sample_logits(generator, phrases, samples, seed))
    head, bias = generator.head.weight.detach(), generator.head.bias
    if bias is None:
        raise ValueError("the generator's last layer has no bias to set")
    weight = head.view(layout.tracks, PLANES, -1, *head.shape[1:])
    levels = bias.detach().view(layout.tracks, PLANES, -1)
    for track in np.flatnonzero(~np.isnan(wanted.mean)):
        mean, spread = _accents(logits[:, :, :, track])
        scale = float(wanted.spread[track]) / max(spread, 1e-3)
        scale = min(max(scale, 1 / MOST_SCALE), MOST_SCALE)
        weight[track, VELOCITY] *= scale
        levels[track, VELOCITY] *= scale
        levels[track, VELOCITY] += float(wanted.mean[track]) - scale * mean


def _sample_logits(generator: Generator, phrases: Phrases, samples: int, seed: int) -> Tensor:
    """Logits of samples to arrangements of real phrases, no onsets where they are silent."""
    layout = generator.layout
    chosen = np.random.default_rng(seed).integers(len(phrases), size=samples)
    silent = torch.from_numpy(1 - playing(phrases.select(chosen), layout.tracks))
    parts = []
    for mask, logits in sample_logits(generator, silent, seed):
        by_bar = layout.split(logits).unflatten(1, (layout.bars, -1))
        off = mask.transpose(1, 2)[:, :, None, None, :, None, None, None].bool()
        parts.append(by_bar.masked_fill(off, -torch.inf).flatten(1, 2).flatten(3))
    return torch.cat(parts)


def _accents(own: Tensor) -> tuple[float, float]:
    """Mean of the velocity logits at onsets, and the mean of their deviations in each phrase."""
    begun = (own[:, :, :, ONSET] > 0).flatten(1)
    accent = own[:, :, :, VELOCITY].flatten(1).masked_fill(~begun, 0)
    count = begun.sum(1)
    played = count > 0
    within = accent.sum(1) / count.clamp(min=1)
    square = ((accent - within[:, None]).square() * begun).sum(1) / count.clamp(min=1)
    spread = square.sqrt()[played].mean() if played.any() else torch.zeros(())
    return float(accent.sum() / count.sum().clamp(min=1)), float(spread)
