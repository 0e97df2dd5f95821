"""Where notes end: how many together, how many before their track's next note; as in phrases."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from musegan.models.habits.endings import held_over, tails
from musegan.models.habits.monophony import NEVER, RARELY, share_of_chords
from musegan.models.habits.motion import CHORDS, LINE
from musegan.models.onsets import along, by_step, count, plane_of
from musegan.models.planned import PlannedGenerator
from musegan.models.sounding import HOLD
from musegan.pianoroll import ONSET
from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.halving import HALVINGS, Switches, halve
from musegan.training.calibration.measures import known_quantiles, share_clean, share_ended_together

ENDING_STEPS = 1 + HALVINGS


def set_endings(generator: PlannedGenerator, audition: Audition) -> None:
    """Let notes end together, and before others begin, as in real phrases, in place.

    Takes `ENDING_STEPS`.
    """
    habits, tracks = generator.habits, audition.tracks
    habits.held.fill_(NEVER)
    habits.unity.zero_()
    habits.held.copy_(_most_held(generator, audition))
    audition.advance()
    wanted = share_ended_together(audition.real)

    def frayed(middle: FloatArray) -> Switches:
        habits.unity.copy_(torch.from_numpy(middle))
        return share_ended_together(audition.heard(generator)) < wanted

    halve(np.zeros(tracks), np.ones(tracks), frayed, audition)


def _most_held(generator: PlannedGenerator, audition: Audition) -> Tensor:
    """(tracks, 2) share of notes held over up to which none is, see `share_clean`."""
    layout = generator.layout
    held, chords = [], []
    for silent, logits in audition.logits(generator):
        free = by_step(silent == 0, layout)
        begun = (plane_of(logits, ONSET, layout) > 0) & free[..., None]
        after = tails(begun)
        held.append(held_over(along(logits, HOLD, after.at, layout), after, begun))
        chords.append(share_of_chords(count(begun)))
    over, share = (torch.cat(each).numpy(force=True) for each in (held, chords))
    clean = share_clean(audition.real)
    kinds = {LINE: share <= RARELY, CHORDS: share > RARELY}
    most = [
        known_quantiles(
            np.where(kinds[kind], over, np.nan),
            np.where(clean[:, kind] > 0, clean[:, kind], np.nan),
            NEVER,
        )
        for kind in (LINE, CHORDS)
    ]
    return torch.from_numpy(np.stack(most, 1))
