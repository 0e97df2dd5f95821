"""How tracks play over many phrases: what samples are set to have in common with real music.

All of it is told of `Events`; shares and means are NaN for tracks of which nothing can be told.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musegan.evaluation.events import Events, known_mean, ratio
from musegan.evaluation.harmony import tonal_distance
from musegan.evaluation.metrics import pairs_of
from musegan.evaluation.rhythm import repetition
from musegan.instruments import Ensemble
from musegan.models.habits.monophony import RARELY
from musegan.models.habits.motion import CHORDS, FAR, LINE
from musegan.pianoroll import PITCHES
from musegan.song import FloatArray, IntArray


def mean_repetition(events: Events) -> FloatArray:
    """(tracks,) mean share of notes that the bar before has too."""
    return known_mean(repetition(events))


def mean_tonal_distance(
    events: Events, ensemble: Ensemble, given: NDArray[np.bool_] | None = None
) -> float:
    """Of all pairs of pitched tracks, each counting alike; NaN where no two sound together.

    Args:
        events: to measure.
        ensemble: their tracks.
        given: (phrases, tracks); only pairs of one given track and one other count, if it is told.
    """
    pairs = pairs_of(ensemble)
    apart = tonal_distance(events, pairs)
    if given is not None:
        one, other = np.array(pairs, np.int64).reshape(-1, 2).T
        apart = np.where(given[:, one] != given[:, other], apart, np.nan)
    means = known_mean(apart)
    heard = ~np.isnan(means)
    return float(means[heard].mean()) if heard.any() else math.nan


def share_of_lines(events: Events) -> FloatArray:
    """(tracks,) share of the phrases in which a track plays that it plays one note at a time in."""
    return _share_where(events, lambda chords: chords <= RARELY)


def share_of_blocks(events: Events) -> FloatArray:
    """(tracks,) share of the phrases in which a track plays that it plays chords alone in."""
    return _share_where(events, lambda chords: chords >= 1 - RARELY)


def mean_width(pitches: IntArray, drums: NDArray[np.bool_]) -> FloatArray:
    """(tracks,) how wide the register of a track is in phrases where it plays.

    In semitones, the standard deviation of its notes' pitches; of drums, how many sounds there are.

    Args:
        pitches: (phrases, tracks, pitches) how many notes have each.
        drums: (tracks,) which tracks are drums.
    """
    notes, pitch = pitches.sum(2), np.arange(pitches.shape[2])
    mean, square = (ratio(pitches @ power, notes) for power in (pitch, pitch**2))
    spread = np.sqrt((square - mean**2).clip(min=0))
    sounds = np.where(notes > 0, (pitches > 0).sum(2), np.nan)
    return known_mean(np.where(drums, sounds, spread))


def pitches_of(events: Events) -> IntArray:
    """(phrases, tracks, 128) how many notes have each pitch."""
    counts = np.bincount(events.line * PITCHES + events.pitch, minlength=events.lines * PITCHES)
    return counts.reshape(events.phrases, events.tracks, PITCHES)


def share_ended_together(events: Events) -> FloatArray:
    """(tracks,) of the notes that begin with others, the share that end with one of those."""
    begun = events.line * events.steps + events.start
    ended = begun * (events.steps + 1) + events.duration
    together, alike = (_alike(places) > 1 for places in (begun, ended))
    chords, unfrayed = (
        np.bincount(events.track[which], minlength=events.tracks)
        for which in (together, together & alike)
    )
    return ratio(unfrayed, chords)


def share_clean(events: Events) -> FloatArray:
    """(tracks, 2) share of phrases where no note of a track sounds on when its next one begins.

    Of those where it is a line and of those where it plays chords; see `motion` for the order.
    """
    line, begun, _ = _beginnings(events)
    chords = _share_of_chords(line, begun, events.lines)
    place = events.line * events.steps + events.start
    places = np.append(np.unique(place), np.iinfo(np.int64).max)
    over = place + events.duration > places[np.searchsorted(places, place, side="right")]
    held = np.bincount(events.line[over], minlength=events.lines) > 0
    kinds = {LINE: chords <= RARELY, CHORDS: chords > RARELY}
    return np.stack(
        [
            ratio(*(events.table(plays).sum(0) for plays in (kinds[kind] & ~held, kinds[kind])))
            for kind in (LINE, CHORDS)
        ],
        1,
    )


def share_repeated(events: Events, notes: bool) -> FloatArray:
    """(tracks,) share of the bars after a phrase's first in which a track plays as in one before.

    Args:
        events: to measure.
        notes: whether the same notes begin; else the rhythm alone has to be the same.
    """
    places = events.grid.steps_per_bar * PITCHES
    step = events.start % events.grid.steps_per_bar
    place = step * PITCHES + (events.pitch if notes else 0)
    cell = events.line * events.bars + events.bar
    cell, place = np.divmod(np.unique(cell * places + place), places)
    # equal sets of places have equal sums of numbers drawn for each, and others hardly ever
    drawn = np.random.default_rng(0).integers(1, 2**62, places, dtype=np.uint64)
    sums = np.zeros(events.lines * events.bars, np.uint64)
    np.add.at(sums, cell, drawn[place])
    cells = sums.reshape(events.phrases, events.tracks, events.bars)
    plays = cells != 0
    again = np.zeros_like(plays)
    for later in range(1, events.bars):
        again[..., later] = (cells[..., :later] == cells[..., later, None]).any(2)
    return ratio((again & plays)[..., 1:].sum((0, 2)), plays[..., 1:].sum((0, 2)))


def moves(events: Events) -> FloatArray:
    """(tracks, 2, 2 * FAR + 1) how often upper voices of lines and of chords move by each interval.

    See `motion` for the order; counts, so 0 where there is nothing to tell.
    """
    line, begun, highest = _beginnings(events)
    chords = _share_of_chords(line, begun, events.lines)
    kind = np.where(chords <= RARELY, LINE, CHORDS)[line[1:]]
    interval = np.clip(np.diff(highest), -FAR, FAR) + FAR
    within = line[1:] == line[:-1]
    counts = np.zeros((events.tracks, 2, 2 * FAR + 1))
    np.add.at(counts, (line[1:][within] % events.tracks, kind[within], interval[within]), 1)
    return counts


def known_quantiles(
    values: NDArray[np.floating[Any]], below: FloatArray, otherwise: float
) -> FloatArray:
    """(tracks,) what a share of each track's values that are not NaN lies below.

    Args:
        values: (samples, tracks, ...).
        below: (tracks,) the shares, 0..1, or NaN.
        otherwise: what is told of tracks of which no share or no value is known.
    """
    found = np.full(len(below), otherwise)
    for track in np.flatnonzero(~np.isnan(below)):
        known = values[:, track][~np.isnan(values[:, track])]
        if len(known):
            found[track] = np.quantile(known, below[track])
    return found


def _beginnings(events: Events) -> tuple[IntArray, IntArray, IntArray]:
    """Where notes of a line begin: of each such step the line, how many do, the highest pitch."""
    steps, first, begun = np.unique(
        events.line * events.steps + events.start, return_index=True, return_counts=True
    )
    # canonical notes lie in order of pitch, so a step's last is its highest
    return steps // events.steps, begun, events.pitch[first + begun - 1]


def _share_where(events: Events, holds: Callable[[FloatArray], NDArray[np.bool_]]) -> FloatArray:
    """(tracks,) share of the phrases in which a track plays whose share of chords is such."""
    line, begun, _ = _beginnings(events)
    chords = events.table(_share_of_chords(line, begun, events.lines))
    return ratio(holds(chords).sum(0), (~np.isnan(chords)).sum(0))


def _alike(places: IntArray) -> IntArray:
    """How many notes have the place of each."""
    _, place, count = np.unique(places, return_inverse=True, return_counts=True)
    counts: IntArray = count[place]
    return counts


def _share_of_chords(line: IntArray, begun: IntArray, lines: int) -> FloatArray:
    """(lines,) of the steps where notes begin, the share where several do."""
    chords, steps = (np.bincount(line[begun > least], minlength=lines) for least in (1, 0))
    return ratio(chords, steps)
