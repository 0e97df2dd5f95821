"""A phrase as an ensemble plays it: steps become ticks, track numbers become instruments."""

from __future__ import annotations

import numpy as np

from musegan.instruments.ensemble import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import IntArray, Key, Meter, Multitrack, Notes, Tempo, Track

DRUM_HIT_BEATS = 0.25  # a drum has no length; writers need one that every sampler accepts
TICKS_PER_STEP = 40


def to_multitrack(
    phrases: Phrases,
    index: int,
    ensemble: Ensemble,
    bpm: float = 120.0,
    key: Key | None = None,
    name: str = "",
) -> Multitrack:
    """Phrase `index` as a song in ticks, one track per ensemble track that plays.

    Drum hits last a quarter of a beat or until the same drum is struck again: the grid gives them
    no length that means anything. `bpm` counts quarter notes.
    """
    grid = phrases.grid
    phrase = phrases.select([index]).canonical()
    tracks = []
    for number, member in enumerate(ensemble.tracks):
        mine = phrase.keep(phrase.track == number)
        if mine.offsets[-1] == 0:
            continue
        start = mine.start.astype(np.int64) * TICKS_PER_STEP
        pitch = mine.pitch.astype(np.int64)
        duration = mine.duration.astype(np.int64) * TICKS_PER_STEP
        if member.is_drum:
            hit = round(DRUM_HIT_BEATS * grid.steps_per_beat * TICKS_PER_STEP)
            duration = np.minimum(hit, _until_struck_again(start, pitch))
        notes = Notes(start, duration, pitch, mine.velocity.astype(np.int64))
        tracks.append(Track(notes, member.program, member.is_drum, member.name))
    return Multitrack(
        tuple(tracks),
        TICKS_PER_STEP * grid.steps_per_beat * grid.beat_unit // 4,
        (Tempo(0, bpm),),
        (Meter(0, grid.beats_per_bar, grid.beat_unit),),
        (key,) if key is not None else (),
        name,
    )


def _until_struck_again(start: IntArray, pitch: IntArray) -> IntArray:
    """Ticks from each note to the next of its pitch; a very long time for the last of each."""
    order = np.lexsort((start, pitch))
    gap = np.diff(start[order], append=0)
    gap[np.diff(pitch[order], append=-1) != 0] = np.iinfo(np.int64).max
    result = np.empty_like(gap)
    result[order] = gap
    return result
