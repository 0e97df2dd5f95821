"""Levels of a trained generator that samples tell better than training sets them.

How much of what a bar plays is its own is a matter of scale, and a scale is what training moves
slowest. So how far each track's bars differ is set until samples repeat as many notes from bar to
bar as real phrases.

What tracks agree on is what a critic hears least. Planned tracks go to chords that all share, so
how far they go is set until samples' tracks are as near in harmony as those of real phrases; and
how much chords heed what is given is set until tracks made to others are a little nearer to them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.evaluation.events import Events, FloatArray
from musegan.models.generator import Generator
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.training.audition import Audition
from musegan.training.measures import mean_repetition, mean_tonal_distance

MOST_SPREAD = 5.0  # doublings of the loudness of bar latents, up or down
MOST_IN_CHORD = 2.5  # times as far to the chords as a planner has learnt to go
NEARER = 0.88  # songs are completed window by window, and tracks part by as much again there
MOST_CONSONANCE = 0.8  # beyond that, samples keep too strictly to their key
MOST_HEED = 20.0  # times what a planner has learnt to heed given harmony
LEAST_OWN, MOST_OWN = -8.0, 6.0  # how much a bar may like its own idea
HALVINGS = 6

Switches = NDArray[np.bool_] | bool


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


def set_harmony(generator: PlannedGenerator, audition: Audition) -> None:
    """Let tracks of samples be as near in harmony as those of real phrases, in place.

    Takes `HALVINGS` steps.
    """
    ensemble = audition.ensemble
    wanted = mean_tonal_distance(audition.real, ensemble)

    def apart() -> float:
        return mean_tonal_distance(audition.heard(generator), ensemble)

    in_chord = generator.planner.in_chord.detach()
    _scale_until(in_chord, MOST_IN_CHORD, wanted, apart, audition)


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
    _scale_until(consonance, MOST_CONSONANCE, wanted, apart, audition)


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

    _scale_until(heed, MOST_HEED, wanted, apart, audition)


def _scale_until(
    levels: Tensor, most: float, wanted: float, apart: Callable[[], float], audition: Audition
) -> None:
    """Scale learnt levels, at most so far, until tracks are no further apart than is wanted."""
    learnt = levels.clone()

    def too_far(times: FloatArray) -> Switches:
        if math.isnan(wanted):
            return False
        levels.copy_(learnt * float(times))
        return apart() > wanted

    halve(np.zeros(()), np.full((), most), too_far, audition)


def halve(
    low: FloatArray, high: FloatArray, too_low: Callable[[FloatArray], Switches], audition: Audition
) -> None:
    """Try the middle of what each level may be, and then of that half where it should be."""
    for _ in range(HALVINGS):
        middle = np.asarray((low + high) / 2)
        short = too_low(middle)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
        audition.advance()


def _variety(generator: PhraseGenerator) -> Tensor:
    """What tells how each track's bars differ, (tracks,): loudness of latents, or likings."""
    if isinstance(generator, Generator):
        return generator.track_spread.detach()
    return generator.planner.recall.own.detach()
