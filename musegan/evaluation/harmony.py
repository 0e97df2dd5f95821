"""Metrics of pitch: pitch classes, key, and the harmonic distance between tracks.

Every function takes `Events` that leave the drums out, for drum pitches are no pitches. NaN says
that a metric does not apply: means leave it out.
"""

from __future__ import annotations

import numpy as np

from musegan.evaluation.events import Events, ratio
from musegan.song import FloatArray

CHROMA = 12
MAJOR = np.isin(np.arange(CHROMA), (0, 2, 4, 5, 7, 9, 11))
# natural minor has the notes of its relative major, so twelve scales are all there are
SCALES = np.array([np.roll(MAJOR, tonic) for tonic in range(CHROMA)], np.float64)


def pitch_classes(events: Events) -> FloatArray:
    """Mean number of pitch classes that sound in a bar, over the bars that sound.

    Range 1..12, (phrases, tracks); NaN on an empty track. UPC of MuseGAN (AAAI 2018).
    """
    note, bar, _ = events.pieces(events.grid.steps_per_bar)
    used = np.zeros((events.lines, events.bars, CHROMA), bool)
    used[events.line[note], bar, events.pitch[note] % CHROMA] = True
    sounding = used.any(axis=2).sum(axis=1)
    return ratio(events.table(used.sum(axis=(1, 2))), events.table(sounding))


def in_scale(events: Events) -> FloatArray:
    """Share of a track's notes that lie in the phrase's key.

    The key is the major or natural minor scale that holds most notes of all the phrase's tracks;
    where several hold equally many, the share is the mean over them, so transposing a phrase
    changes nothing.

    Returns:
        (phrases, tracks), 0..1; NaN on an empty track. For a phrase of one track it is
        `scale_consistency` of muspy.
    """
    cell = events.line * CHROMA + events.pitch % CHROMA
    counts = np.bincount(cell, minlength=events.lines * CHROMA)
    held = counts.reshape(events.phrases, events.tracks, CHROMA) @ SCALES.T
    fit = held.sum(axis=1)
    best = fit == fit.max(axis=1, keepdims=True)
    inside = (held * best[:, None]).sum(axis=2) / best.sum(axis=1)[:, None]
    return ratio(inside, events.total())


def tonal_centroids() -> FloatArray:
    """(12, 6): where each pitch class lies on the circles of fifths, minor and major thirds.

    Harte, Sandler & Gasser, Detecting harmonic change in musical audio, ACM MM 2006; radii 1, 1
    and 1/2.
    """
    angle = np.arange(CHROMA)[:, None] * np.pi * np.array([7 / 6, 3 / 2, 2 / 3])
    circles = np.stack([np.sin(angle), np.cos(angle)], axis=2) * np.array([1, 1, 0.5])[:, None]
    centroids: FloatArray = circles.reshape(CHROMA, 6)
    return centroids


def tonal_distance(events: Events, pairs: list[tuple[int, int]]) -> FloatArray:
    """Mean distance of two tracks' tonal centroids, over the beats in which both sound.

    A beat's chroma weighs each pitch class by the steps it sounds and sums to 1; its centroid is
    the weighted mean of `tonal_centroids`. TD of MuseGAN (AAAI 2018).

    Args:
        events: the notes.
        pairs: track numbers, two a pair.

    Returns:
        (phrases, len(pairs)), 0..2.83 (a tritone apart); NaN where the two never sound in one beat.
    """
    note, beat, steps = events.pieces(events.grid.steps_per_beat)
    beats = events.bars * events.grid.beats_per_bar
    cell = (events.line[note] * beats + beat) * CHROMA + events.pitch[note] % CHROMA
    chroma = np.bincount(cell, steps, events.lines * beats * CHROMA)
    chroma = chroma.reshape(events.phrases, events.tracks, beats, CHROMA)
    weight = chroma.sum(axis=3)
    centroid = (chroma @ tonal_centroids()) / np.maximum(weight, 1)[..., None]
    result = np.empty((events.phrases, len(pairs)))
    for column, (one, other) in enumerate(pairs):
        both = (weight[:, one] > 0) & (weight[:, other] > 0)
        apart = np.linalg.norm(centroid[:, one] - centroid[:, other], axis=2)
        result[:, column] = ratio((apart * both).sum(axis=1), both.sum(axis=1))
    return result
