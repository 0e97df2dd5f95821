"""Setting a trained generator's levels: how bars differ, how much tracks play, how loud.

Velocity is heard at onsets alone, so it is what a critic learns last, and noise in it grows while
all else improves. The spread of each track's velocities is set to the data's, and their mean where
a critic taught it; which notes are accented stays as it was learnt. The other levels are told of in
`levels`, `texture` and `habits`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.instruments import Ensemble
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.pianoroll import ONSET, VELOCITY, Phrases
from musegan.training.habits import HABIT_STEPS, set_habits
from musegan.training.levels import HALVINGS, set_harmony, set_heed, set_variety
from musegan.training.sampling import arranged_logits
from musegan.training.texture import SHIFTS, set_reticence, set_texture, texture_steps

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


def calibrate(
    generator: PhraseGenerator,
    phrases: Phrases,
    ensemble: Ensemble,
    seed: int,
    samples: int = 256,
    heard: Callable[[int, int], None] = lambda step, steps: None,
) -> None:
    """Set the levels of `generator` to those of `phrases`, in place.

    Args:
        generator: trained; how its bars vary and its last layer are changed.
        phrases: the training phrases.
        ensemble: their tracks.
        seed: of the latents that are sampled.
        samples: phrases sampled at most, and no more than there are in `phrases`.
        heard: called with steps done and steps in all; the steps take about as long as each other.
    """
    samples = min(samples, len(phrases))
    planned = isinstance(generator, PlannedGenerator)
    texture = texture_steps(samples) + len(SHIFTS)
    steps = (3 * HALVINGS + texture + HABIT_STEPS if planned else HALVINGS) + 1
    done = itertools.count(1)

    def advance() -> None:
        heard(next(done), steps)

    if isinstance(generator, PlannedGenerator):
        # chords make bars more alike, and both change what the thresholds are set to
        set_harmony(generator, phrases, ensemble, seed, samples, advance)
        set_variety(generator, phrases, seed, samples, advance)
        set_texture(generator, phrases, ensemble, seed, samples, advance)
        set_habits(generator, phrases, ensemble, seed, samples, advance)
        # tracks that play less share fewer notes with given ones, which heed makes good
        set_reticence(generator, phrases, ensemble, seed, samples, advance)
        set_heed(generator, phrases, ensemble, seed, samples, advance)
    else:
        set_variety(generator, phrases, seed, samples, advance)
    _set_dynamics(generator, phrases, seed, samples)
    advance()


def _set_dynamics(generator: PhraseGenerator, phrases: Phrases, seed: int, samples: int) -> None:
    layout = generator.layout
    wanted = measure_dynamics(phrases, layout.tracks)
    logits = layout.split(_sample_logits(generator, phrases, samples, seed))
    weight, bias = generator.head.of(VELOCITY)
    for track in np.flatnonzero(~np.isnan(wanted.mean)):
        mean, spread = _accents(logits[:, :, :, track])
        if np.isnan(mean):
            continue
        scale = float(wanted.spread[track]) / max(spread, 1e-3)
        scale = min(max(scale, 1 / MOST_SCALE), MOST_SCALE)
        weight[track] *= scale
        bias[track] *= scale
        # a coder is told how loud notes are; only what a critic taught has to be set
        loudness = mean if isinstance(generator, PlannedGenerator) else float(wanted.mean[track])
        bias[track] += loudness - scale * mean


def _sample_logits(generator: PhraseGenerator, phrases: Phrases, samples: int, seed: int) -> Tensor:
    """Logits of samples to arrangements of real phrases, no onsets where they are silent."""
    layout = generator.layout
    parts = []
    for mask, logits in arranged_logits(generator, phrases, samples, seed):
        by_bar = layout.split(logits).unflatten(1, (layout.bars, -1))
        off = mask.transpose(1, 2)[:, :, None, None, :, None, None, None].bool()
        parts.append(by_bar.masked_fill(off, -torch.inf).flatten(1, 2).flatten(3))
    return torch.cat(parts)


def _accents(own: Tensor) -> tuple[float, float]:
    """Mean of the velocity logits at onsets, and the mean of their deviations in each phrase.

    Both NaN where nothing begins.
    """
    begun = (own[:, :, :, ONSET] > 0).flatten(1)
    accent = own[:, :, :, VELOCITY].flatten(1).masked_fill(~begun, 0)
    count = begun.sum(1)
    played = count > 0
    within = accent.sum(1) / count.clamp(min=1)
    square = ((accent - within[:, None]).square() * begun).sum(1) / count.clamp(min=1)
    return float(accent.sum() / count.sum()), float(square.sqrt()[played].mean())
