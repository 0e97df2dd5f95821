"""How melodies move: by each interval as often as in real phrases.

How likely upper voices are to move by each interval is set until samples move so, by iterative
proportional fitting: what is heard too rarely becomes likelier by as much as it lacks.
"""

from __future__ import annotations

import numpy as np
import torch

from musegan.models.planned import PlannedGenerator
from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.measures import moves

MOTION_STEPS = 6  # rounds of fitting
PACE = 0.6  # share of what an interval lacks that one round makes up
MOST = 6.0  # the largest logarithm in a table
FEW = 5.0  # so many moves by an interval more or less tell little


def set_motion(generator: PlannedGenerator, audition: Audition) -> None:
    """Let upper voices move as in real phrases, in place. Takes `MOTION_STEPS`."""
    motion = generator.habits.motion.zero_()
    wanted = moves(audition.real) * ~audition.ensemble.drums[:, None, None]
    for _ in range(MOTION_STEPS):
        lack = torch.from_numpy(_lacking(wanted, moves(audition.heard(generator))))
        motion.add_(PACE * lack.to(motion)).clamp_(-MOST, MOST)
        audition.advance()


def _lacking(wanted: FloatArray, found: FloatArray) -> FloatArray:
    """Logarithm of how much more often each interval is wanted than found, 0 where nothing is."""
    total = wanted.sum(2, keepdims=True)
    expected = wanted / np.maximum(total, 1) * found.sum(2, keepdims=True)
    return np.where(total > 0, np.log((expected + FEW) / (found + FEW)), 0.0)
