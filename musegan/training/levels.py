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

from musegan.data.arrangements import playing
from musegan.evaluation.events import Events
from musegan.evaluation.harmony import tonal_distance
from musegan.evaluation.metrics import pairs_of
from musegan.evaluation.rhythm import repetition
from musegan.instruments import Ensemble
from musegan.models.generator import Generator
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.pianoroll import Phrases
from musegan.training.sampling import complete_phrases, sample_phrases

MOST_SPREAD = 5.0  # doublings of the loudness of bar latents, up or down
MOST_IN_CHORD = 2.5  # times as far to the chords as a planner has learnt to go
NEARER = 0.88  # songs are completed window by window, and tracks part by as much again there
MOST_HEED = 20.0  # times what a planner has learnt to heed given harmony
LEAST_OWN, MOST_OWN = -8.0, 6.0  # how much a bar may like its own idea
HALVINGS = 6

Advance = Callable[[], None]
"""Called after each of the steps that setting a level takes."""


def unwatched() -> None:
    """Nobody watches."""


def set_variety(
    generator: PhraseGenerator,
    phrases: Phrases,
    seed: int,
    samples: int,
    advance: Advance = unwatched,
) -> None:
    """Let the bars of samples differ as far as those of `phrases`, track by track, in place.

    Tracks of which the phrases tell nothing stay as they were learnt. Takes `HALVINGS` steps.
    """
    tracks = generator.layout.tracks
    wanted = mean_repetition(phrases, tracks)
    rolls = isinstance(generator, Generator)
    level = _variety(generator)
    low = np.full(tracks, -MOST_SPREAD if rolls else LEAST_OWN)
    high = np.full(tracks, MOST_SPREAD if rolls else MOST_OWN)
    known = torch.from_numpy(~np.isnan(wanted))
    # a track's own latents and bars move no other track, so all are found at once
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        level[known] = torch.from_numpy(2.0**middle if rolls else middle).to(level)[known]
        found = mean_repetition(sample_phrases(generator, phrases, samples, seed), tracks)
        alike = found > wanted
        low, high = np.where(alike, middle, low), np.where(alike, high, middle)
        advance()


def mean_repetition(phrases: Phrases, tracks: int) -> NDArray[np.float64]:
    """(tracks,) mean share of notes that the bar before has too; NaN where there is none to say."""
    shares = repetition(Events.of(phrases, tracks))
    known = ~np.isnan(shares)
    with np.errstate(invalid="ignore"):
        mean: NDArray[np.float64] = np.where(known, shares, 0).sum(0) / known.sum(0)
    return mean


def set_harmony(
    generator: PlannedGenerator,
    phrases: Phrases,
    ensemble: Ensemble,
    seed: int,
    samples: int,
    advance: Advance = unwatched,
) -> None:
    """Let tracks of samples be as near in harmony as those of `phrases`, in place.

    Takes `HALVINGS` steps.
    """

    def apart() -> float:
        made = sample_phrases(generator, phrases, samples, seed)
        return mean_tonal_distance(made, ensemble)

    in_chord = generator.planner.in_chord.detach()
    wanted = mean_tonal_distance(phrases, ensemble)
    _scale_until(in_chord, MOST_IN_CHORD, wanted, apart, advance)


def set_heed(
    generator: PlannedGenerator,
    phrases: Phrases,
    ensemble: Ensemble,
    seed: int,
    samples: int,
    advance: Advance = unwatched,
) -> None:
    """Let tracks that are made to others be `NEARER` to them than in `phrases`, in place.

    Half of the tracks that play in a phrase are given; drums tell no chords. What bars take up from
    others comes to given chords from here on: a planner that is trained so takes up less, and then
    its bars are less alike and its tracks agree less when nothing is given. Takes `HALVINGS` steps.
    """
    generator.planner.taken_in_chord.fill_(1)
    heed = generator.planner.heed.detach()
    heed[torch.from_numpy(ensemble.drums)] = 0
    real, given = half_given(phrases, len(ensemble.tracks), seed, samples)

    def apart() -> float:
        made = complete_phrases(generator, real, given, seed)
        return mean_tonal_distance(made, ensemble, given)

    wanted = NEARER * mean_tonal_distance(real, ensemble, given)
    _scale_until(heed, MOST_HEED, wanted, apart, advance)


def half_given(
    phrases: Phrases, tracks: int, seed: int, samples: int
) -> tuple[Phrases, NDArray[np.bool_]]:
    """Some phrases, and half of the tracks that play in each, (samples, tracks), by chance."""
    draw = np.random.default_rng(seed)
    some = phrases.select(draw.integers(len(phrases), size=samples))
    plays = playing(some, tracks).any(2)
    # the order of a phrase's tracks by chance, those that play first
    place = np.where(plays, draw.random(plays.shape), 1.0).argsort(1).argsort(1)
    return some, place < plays.sum(1, keepdims=True) / 2


def _scale_until(
    levels: Tensor, most: float, wanted: float, apart: Callable[[], float], advance: Advance
) -> None:
    """Scale learnt levels, at most so far, until tracks are no further apart than is wanted."""
    learnt = levels.clone()
    low, high = 0.0, most
    for _ in range(HALVINGS):
        if not math.isnan(wanted):
            middle = (low + high) / 2
            levels.copy_(learnt * middle)
            low, high = (middle, high) if apart() > wanted else (low, middle)
        advance()


def mean_tonal_distance(
    phrases: Phrases, ensemble: Ensemble, given: NDArray[np.bool_] | None = None
) -> float:
    """Of all pairs of pitched tracks, each counting alike; NaN where no two sound together.

    Args:
        phrases: to measure.
        ensemble: their tracks.
        given: (phrases, tracks); only pairs of one given track and one other count, if it is told.
    """
    pairs = pairs_of(ensemble)
    apart = tonal_distance(Events.of(phrases, len(ensemble.tracks)), pairs)
    known = ~np.isnan(apart)
    if given is not None:
        one, other = np.array(pairs, np.int64).reshape(-1, 2).T
        known &= given[:, one] != given[:, other]
    heard = known.any(0)
    if not heard.any():
        return math.nan
    means = np.where(known, apart, 0).sum(0)[heard] / known.sum(0)[heard]
    return float(means.mean())


def _variety(generator: PhraseGenerator) -> Tensor:
    """What tells how each track's bars differ, (tracks,): loudness of latents, or likings."""
    if isinstance(generator, Generator):
        return generator.track_spread.detach()
    return generator.planner.recall.own.detach()
