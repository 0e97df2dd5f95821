"""How far tracks agree: with the chords that all share, with each other, with what is given.

What tracks agree on is what a critic hears least. Planned tracks go to chords that all share, so
how far they go is set until samples' tracks are as near in harmony as those of real phrases; and
how much chords heed what is given is set until tracks made to others are a little nearer to them.
"""

from __future__ import annotations

import math

import torch

from musegan.evaluation.events import Events
from musegan.models.planned import PlannedGenerator
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.halving import scale_until
from musegan.training.calibration.measures import mean_tonal_distance

MOST_IN_CHORD = 2.5  # times as far to the chords as a planner has learnt to go
NEARER = 0.88  # songs are completed window by window, and tracks part by as much again there
MOST_CONSONANCE = 0.8  # beyond that, samples keep too strictly to their key
MOST_HEED = 20.0  # times what a planner has learnt to heed given harmony


def set_harmony(generator: PlannedGenerator, audition: Audition) -> None:
    """Let tracks of samples be as near in harmony as those of real phrases, in place.

    Takes `HALVINGS` steps.
    """
    ensemble = audition.ensemble
    wanted = mean_tonal_distance(audition.real, ensemble)

    def apart() -> float:
        return mean_tonal_distance(audition.heard(generator), ensemble)

    in_chord = generator.planner.in_chord.detach()
    scale_until(in_chord, MOST_IN_CHORD, wanted, apart, audition)


def set_consonance(generator: PlannedGenerator, audition: Audition) -> None:
    """Let tracks of samples agree on notes as far as those of real phrases, in place.

    Chords that are thinned out, see `texture`, agree less than as they are decoded. Where no two
    tracks sound together, there is nothing to agree on. Takes `HALVINGS` steps.
    """
    ensemble, consonance = audition.ensemble, generator.habits.consonance
    wanted = mean_tonal_distance(audition.real, ensemble)

    def apart() -> float:
        return mean_tonal_distance(audition.heard(generator), ensemble)

    consonance.copy_(torch.from_numpy(~ensemble.drums & (not math.isnan(wanted))))
    scale_until(consonance, MOST_CONSONANCE, wanted, apart, audition)


def set_heed(generator: PlannedGenerator, audition: Audition) -> None:
    """Let tracks that are made to others be `NEARER` to them than in real phrases, in place.

    Half of the tracks that play in a phrase are given; drums tell no chords. What bars take up from
    others comes to given chords from here on: a planner that is trained so takes up less, and then
    its bars are less alike and its tracks agree less when nothing is given. Takes `HALVINGS` steps.
    """
    ensemble = audition.ensemble
    generator.planner.taken_in_chord.fill_(1)
    heed = generator.planner.heed.detach()
    heed[torch.from_numpy(ensemble.drums)] = 0
    real, given = audition.half_given
    wanted = NEARER * mean_tonal_distance(Events.of(real, audition.tracks), ensemble, given)

    def apart() -> float:
        made = Events.of(audition.completed(generator), audition.tracks)
        return mean_tonal_distance(made, ensemble, given)

    scale_until(heed, MOST_HEED, wanted, apart, audition)
