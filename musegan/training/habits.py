"""What bars take up from each other and how melodies move: set as real phrases have it.

Thresholds are set until as many bars of samples play the notes, or the rhythm, of an earlier bar as
real ones do. How likely upper voices are to move by each interval is set until samples move so, by
iterative proportional fitting: what is heard too rarely becomes likelier by as much as it lacks.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from musegan.evaluation.events import FloatArray
from musegan.models.onsets import by_bar, plane_of
from musegan.models.planned import PlannedGenerator
from musegan.models.repeats import NOWHERE, likeness, nearest
from musegan.pianoroll import ONSET
from musegan.training.audition import Audition
from musegan.training.measures import known_quantiles, moves, share_repeated

HARDLY_ALIKE = 0.1  # bars that share less never take after each other
ROUNDS = 6
HABIT_STEPS = 2 + ROUNDS
PACE = 0.6  # share of what an interval lacks that one round makes up
MOST = 6.0  # the largest logarithm in a table
FEW = 5.0  # so many moves by an interval more or less tell little


def set_habits(generator: PlannedGenerator, audition: Audition) -> None:
    """Let bars take after each other and voices move as in real phrases, in place.

    Takes `HABIT_STEPS`.
    """
    habits, real, pitched = generator.habits, audition.real, ~audition.ensemble.drums
    habits.again.fill_(NOWHERE)
    habits.riffs.fill_(NOWHERE)
    habits.motion.zero_()
    same = share_repeated(real, notes=True)
    habits.again.copy_(_least(_alike(generator, audition, notes=True), same))
    audition.advance()
    # each sound of a kit has a rhythm of its own, so drums only play whole bars again
    taken = np.where(pitched, share_repeated(real, notes=False), 0)
    habits.riffs.copy_(_least(_alike(generator, audition, notes=False), taken))
    audition.advance()
    wanted = moves(real) * pitched[:, None, None]
    for _ in range(ROUNDS):
        lack = torch.from_numpy(_lacking(wanted, moves(audition.heard(generator))))
        habits.motion.add_(PACE * lack.to(habits.motion)).clamp_(-MOST, MOST)
        audition.advance()


def _lacking(wanted: FloatArray, found: FloatArray) -> FloatArray:
    """Logarithm of how much more often each interval is wanted than found, 0 where nothing is."""
    total = wanted.sum(2, keepdims=True)
    expected = wanted / np.maximum(total, 1) * found.sum(2, keepdims=True)
    return np.where(total > 0, np.log((expected + FEW) / (found + FEW)), 0.0)


def _alike(generator: PlannedGenerator, audition: Audition, notes: bool) -> FloatArray:
    """How like an earlier bar each later one is, (samples, tracks, bars - 1); NaN where silent."""
    layout, parts = generator.layout, []
    for silent, logits in audition.logits(generator):
        begun = by_bar(plane_of(logits, ONSET, layout) > 0, layout)
        begun = begun & (silent == 0)[..., None, None]
        heard = begun.flatten(3) if notes else begun.any(4)
        found, _ = nearest(likeness(heard), torch.ones_like(silent, dtype=torch.bool))
        parts.append(torch.where(heard.any(3), found, torch.nan)[..., 1:])
    alike: FloatArray = torch.cat(parts).double().numpy(force=True)
    return alike


def _least(alike: FloatArray, share: FloatArray) -> Tensor:
    """(tracks,) how like an earlier bar the given share of later bars is."""
    below = np.where(share > 0, 1 - share, np.nan)
    return torch.from_numpy(known_quantiles(alike, below, NOWHERE)).clamp(min=HARDLY_ALIKE)
