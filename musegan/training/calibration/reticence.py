"""How much tracks play beside given ones: as in real phrases, where half of the tracks are given.

A decoder is surer of what it hears beside notes that are given than of what is made from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import Phrases
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.texture import SHIFTS, nearest_texture

RETICENCE_STEPS = len(SHIFTS)


def set_reticence(generator: PlannedGenerator, audition: Audition) -> None:
    """Let each track play as much beside given ones as in real phrases, in place.

    Takes `RETICENCE_STEPS`.
    """
    real, given = audition.half_given
    reticence = generator.habits.reticence

    def left_out(whole: Phrases) -> Phrases:
        return whole.keep(~given[whole.phrase, whole.track])

    def made() -> Iterator[Phrases]:
        for shift in SHIFTS:
            reticence.fill_(shift)
            yield left_out(audition.completed(generator))
            audition.advance()

    best = nearest_texture(made(), left_out(real), audition.ensemble)
    reticence.copy_(torch.tensor(SHIFTS)[best])
