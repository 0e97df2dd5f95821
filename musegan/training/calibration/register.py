"""How closely tracks keep to their registers, and drummers to their kits: as in real phrases.

Codes are decoded note by note, so phrases wander further than real ones. How far is told from
onsets alone, as many of the surest as real phrases have, so one sample tells of all levels.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from musegan.models.habits.register import favour
from musegan.models.onsets import by_step, plane_of
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import ONSET
from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.halving import Switches, halve
from musegan.training.calibration.measures import mean_width, pitches_of

MOST = 1.5  # how closely a track may keep to its register
REACH = 4.0  # semitones
SILENT = -30.0  # the logit of an onset where a track rests


def set_register(generator: PlannedGenerator, audition: Audition) -> None:
    """Let tracks keep to their registers as in real phrases, in place. Takes `HALVINGS` steps."""
    habits, drums = generator.habits, audition.ensemble.drums
    habits.forget()
    habits.reach.copy_(torch.from_numpy(np.where(drums, 0, REACH)))
    onsets = _onsets(generator, audition)
    expected = onsets.sigmoid().sum(2)
    notes = audition.real.total().mean(0)
    wanted = mean_width(pitches_of(audition.real), drums)

    def too_wide(middle: FloatArray) -> Switches:
        habits.keeping.copy_(torch.from_numpy(middle))
        kept = onsets + favour(expected, habits.keeping, habits.reach)[:, :, None]
        pitches = _surest(kept, notes).sum(2).numpy(force=True)
        return mean_width(pitches, drums) > wanted

    halve(np.zeros(len(drums)), np.full(len(drums), MOST), too_wide, audition)


def _onsets(generator: PlannedGenerator, audition: Audition) -> Tensor:
    """Onsets' logits of samples, (samples, tracks, steps, pitches)."""
    layout, parts = generator.layout, []
    for silent, logits in audition.logits(generator):
        free = by_step(silent == 0, layout)
        parts.append(torch.where(free[..., None], plane_of(logits, ONSET, layout), SILENT))
    return torch.cat(parts)


def _surest(onsets: Tensor, notes: FloatArray) -> Tensor:
    """As many onsets of each track as there are `notes` a sample, bool."""
    least = [
        onsets[:, track].flatten().topk(max(1, round(mean * len(onsets)))).values[-1]
        for track, mean in enumerate(notes)
    ]
    return onsets >= torch.stack(least)[:, None, None]
