"""What bars take up from each other: notes, or a rhythm, as often as in real phrases."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from musegan.models.habits.repeats import NOWHERE, likeness, nearest
from musegan.models.onsets import by_bar, plane_of
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import ONSET
from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.measures import known_quantiles, share_repeated

HARDLY_ALIKE = 0.1  # bars that share less never take after each other
REPEAT_STEPS = 2


def set_repeats(generator: PlannedGenerator, audition: Audition) -> None:
    """Let as many bars play the notes, or the rhythm, of an earlier one as in real phrases.

    In place; takes `REPEAT_STEPS`.
    """
    habits, real, pitched = generator.habits, audition.real, ~audition.ensemble.drums
    habits.again.fill_(NOWHERE)
    habits.riffs.fill_(NOWHERE)
    same = share_repeated(real, notes=True)
    habits.again.copy_(_least(_alike(generator, audition, notes=True), same))
    audition.advance()
    # each sound of a kit has a rhythm of its own, so drums only play whole bars again
    taken = np.where(pitched, share_repeated(real, notes=False), 0)
    habits.riffs.copy_(_least(_alike(generator, audition, notes=False), taken))
    audition.advance()


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
