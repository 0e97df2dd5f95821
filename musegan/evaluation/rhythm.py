"""Metrics of time: drum patterns, and how bars repeat.

Every function takes `Events` and gives (phrases, tracks) float64. NaN says that a metric does not
apply to a line: means leave it out.
"""

from __future__ import annotations

import numpy as np

from musegan.evaluation.events import Events, ratio
from musegan.pianoroll import PITCHES
from musegan.song import FloatArray, IntArray


def drum_pattern(events: Events) -> FloatArray:
    """Share of the onsets that lie on the sixteenths of the bar.

    Range 0..1; NaN on an empty track. DP of MuseGAN (AAAI 2018): the share of drum notes in the
    8- or 16-beat patterns usual in 4/4. On a grid whose beat has no exact sixteenths, the ones
    that do fall on a step count (on 6 steps a beat: the eighths).
    """
    grid = events.grid
    on_pattern = events.start * 16 % (grid.steps_per_beat * grid.beat_unit) == 0
    return ratio(events.total(on_pattern), events.total())


def onsets_in_bars(events: Events) -> IntArray:
    """(lines, bars): notes begun in each bar."""
    cell = events.line * events.bars + events.bar
    return np.bincount(cell, minlength=events.lines * events.bars).reshape(-1, events.bars)


def onsets_shared(events: Events, apart: int) -> IntArray:
    """(lines, bars - apart): onsets (step of the bar, pitch) that bar b and b + apart both have."""
    bar_size = events.grid.steps_per_bar * PITCHES
    phrase_size = events.bars * bar_size
    place = events.line * phrase_size + events.start * PITCHES + events.pitch
    later = events.bar >= apart
    stands = np.isin(place[later] - apart * bar_size, place, assume_unique=True)
    width = events.bars - apart
    cell = events.line[later][stands] * width + events.bar[later][stands] - apart
    return np.bincount(cell, minlength=events.lines * width).reshape(-1, width)


def repetition(events: Events) -> FloatArray:
    """Share of the onsets from the second bar on that the bar before has too.

    An onset is its step in the bar and its pitch. Range 0..1; NaN where no note begins after the
    first bar.
    """
    if events.bars < 2:
        return np.full((events.phrases, events.tracks), np.nan)
    later = onsets_in_bars(events)[:, 1:].sum(axis=1)
    return ratio(events.table(onsets_shared(events, 1).sum(axis=1)), events.table(later))


def self_similarity(events: Events) -> FloatArray:
    """Mean likeness of any two bars: onsets both have over onsets either has (Jaccard).

    Unlike `repetition` it sees ABAB. Range 0..1; pairs of bars without onsets are left out; NaN
    where all pairs are.
    """
    counts = onsets_in_bars(events)
    likeness, pairs = np.zeros(events.lines), np.zeros(events.lines)
    for apart in range(1, events.bars):
        shared = onsets_shared(events, apart)
        either = counts[:, :-apart] + counts[:, apart:] - shared
        likeness += (shared / np.maximum(either, 1)).sum(axis=1)
        pairs += (either > 0).sum(axis=1)
    return ratio(events.table(likeness), events.table(pairs))


def groove_consistency(events: Events) -> FloatArray:
    """One minus the mean Hamming distance of neighbouring bars' onset vectors, per step.

    An onset vector tells at which steps of the bar any note begins. Range 0..1, and near 1 for
    sparse tracks; NaN on an empty track and with one bar. Wu & Yang, The Jazz Transformer on the
    Front Line, ISMIR 2020, for neighbouring bars as in muspy.
    """
    onset = np.zeros((events.lines, events.steps), bool)
    onset[events.line, events.start] = True
    bars = onset.reshape(events.lines, events.bars, events.grid.steps_per_bar)
    differ = (bars[:, 1:] != bars[:, :-1]).sum(axis=(1, 2))
    compared = onset.any(axis=1) * (events.bars - 1) * events.grid.steps_per_bar
    return 1 - ratio(events.table(differ), events.table(compared))
