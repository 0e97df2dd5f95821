"""How loud and how evenly tracks are accented, set as real phrases have it.

Velocity is heard at onsets alone, so it is what a critic learns last, and noise in it grows while
all else improves. The spread of each track's velocities is set to the data's, and their mean where
a critic taught it; which notes are accented stays as it was learnt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from musegan.evaluation.events import Events, known_mean, ratio
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.pianoroll import ONSET, VELOCITY
from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition

MOST_SCALE = 4.0  # a track whose accents are further off has not learnt them


@dataclass(frozen=True)
class Dynamics:
    """How tracks are accented, each (tracks,) float64; NaN for a track without notes.

    Attributes:
        mean: of logit(velocity / 127).
        spread: the mean over phrases of its standard deviation within each.
    """

    mean: FloatArray
    spread: FloatArray

    @classmethod
    def of(cls, events: Events) -> Dynamics:
        """The dynamics of notes."""
        share = np.clip(events.velocity / 127, 0.01, 0.99)
        accent = np.log(share / (1 - share))
        tracks, notes = events.tracks, events.total()
        mean = np.bincount(events.track, accent, tracks)
        own = ratio(events.total(accent), notes).reshape(-1)
        square = ratio(events.total((accent - own[events.line]) ** 2), notes)
        return cls(
            ratio(mean, np.bincount(events.track, minlength=tracks)), known_mean(np.sqrt(square))
        )


def set_dynamics(generator: PhraseGenerator, audition: Audition) -> None:
    """Let each track's accents spread as in real phrases, and be as loud, in place.

    Takes one step.
    """
    wanted = Dynamics.of(audition.real)
    logits = _logits(generator, audition)
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
    audition.advance()


def _logits(generator: PhraseGenerator, audition: Audition) -> Tensor:
    """Logits of all samples, split by the layout, with no onsets where they are silent."""
    layout = generator.layout
    parts = []
    for silent, logits in audition.logits(generator):
        off = silent.transpose(1, 2)[:, :, None, None, :, None, None, None].bool()
        parts.append(layout.cells(logits).masked_fill(off, -torch.inf).flatten(1, 2))
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
