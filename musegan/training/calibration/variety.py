"""How far the bars of each track differ: as real phrases repeat themselves from bar to bar.

How much of what a bar plays is its own is a matter of scale, and a scale is what training moves
slowest. So it is set until samples repeat as many notes from bar to bar as real phrases.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from musegan.models.generator import Generator
from musegan.models.planned import PhraseGenerator
from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.halving import Switches, halve
from musegan.training.calibration.measures import mean_repetition

MOST_SPREAD = 5.0  # doublings of the loudness of bar latents, up or down
LEAST_OWN, MOST_OWN = -8.0, 6.0  # how much a bar may like its own idea


def set_variety(generator: PhraseGenerator, audition: Audition) -> None:
    """Let the bars of samples differ as far as those of real phrases, track by track, in place.

    Tracks of which the phrases tell nothing stay as they were learnt. Takes `HALVINGS` steps.
    """
    wanted = mean_repetition(audition.real)
    known = torch.from_numpy(~np.isnan(wanted))
    rolls = isinstance(generator, Generator)
    level = _variety(generator)

    # a track's own latents and bars move no other track, so all are found at once
    def too_alike(middle: FloatArray) -> Switches:
        level[known] = torch.from_numpy(2.0**middle if rolls else middle).to(level)[known]
        return mean_repetition(audition.heard(generator)) > wanted

    least, most = (-MOST_SPREAD, MOST_SPREAD) if rolls else (LEAST_OWN, MOST_OWN)
    halve(np.full(audition.tracks, least), np.full(audition.tracks, most), too_alike, audition)


def _variety(generator: PhraseGenerator) -> Tensor:
    """What tells how each track's bars differ, (tracks,): loudness of latents, or likings."""
    if isinstance(generator, Generator):
        return generator.track_spread.detach()
    return generator.planner.recall.own.detach()
