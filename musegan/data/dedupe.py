"""Hashes that are equal for equal music, whatever its transposition and octaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musegan.data.events import Events
from musegan.pianoroll import Phrases
from musegan.song import IntArray

_SONG_STEPS = 12  # a quarter note: songs that differ by less are the same


def phrase_hashes(phrases: Phrases, drums: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(P,) hashes of phrases; velocities do not count.

    Phrases are equal when one transposition of all pitched tracks, and shifts of each track by
    octaves, make them so. Drums are compared as they are.
    """
    phrase = phrases.phrase
    track = phrases.track.astype(np.int64)
    words = (phrases.start.astype(np.int64) << 16 | phrases.duration) << 16
    return _sums(phrase, track, phrases.pitch.astype(np.int64), words, drums, len(phrases))


def song_hash(events: Events, ticks_per_quarter: int) -> int:
    """A hash of a song's notes, the same in every key and octave and however tracks are divided.

    Onsets from the first one on and pitch classes count; lengths, velocities and tracks do not.
    The tonic is the pitch class from which the counts of all twelve read highest.
    """
    start = (events.start - events.start.min()) * _SONG_STEPS // ticks_per_quarter
    sound = events.pitch % 12
    counts = np.bincount(sound[~events.drum], minlength=12).tolist()
    tonic = max(range(12), key=lambda pitch: counts[pitch:] + counts[:pitch])
    degree = (np.arange(12) - tonic) % 12
    sound = np.where(events.drum, 128 + events.pitch, degree[sound])
    return int(_mix((start << 8 | sound).view(np.uint64)).sum())


def _sums(
    group: IntArray,
    track: IntArray,
    pitch: IntArray,
    words: IntArray,
    drums: NDArray[np.bool_],
    count: int,
) -> NDArray[np.uint64]:
    sums = np.zeros(count, np.uint64)
    if not len(group):
        return sums
    line = group << 8 | track
    heads = np.flatnonzero(np.concatenate(([True], line[1:] != line[:-1])))
    line_group, line_drums = group[heads], drums[track[heads]]
    lowest = np.minimum.reduceat(pitch, heads)
    # the tonic is the lowest note of the first pitched track, whatever octave it lies in
    tonic = np.zeros(count, np.int64)
    pitched = np.flatnonzero(~line_drums)[::-1]
    tonic[line_group[pitched]] = lowest[pitched]
    base = lowest - (lowest - tonic[line_group]) % 12
    base[line_drums] = 0
    lengths = np.diff(np.append(heads, len(line)))
    words = (words | pitch - np.repeat(base, lengths)) << 8 | track
    firsts = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1])))
    sums[group[firsts]] = np.add.reduceat(_mix(words.view(np.uint64)), firsts)
    return sums


def _mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser (Steele et al., 2014): every input bit reaches every output bit."""
    words = (words ^ words >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ words >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return words ^ words >> np.uint64(31)


class SeenHashes:
    """A growing set of hashes: sorted arrays of doubling lengths, 8 bytes a hash."""

    def __init__(self) -> None:
        self._levels: list[NDArray[np.uint64]] = []

    def first_seen(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which of `hashes` come for the first time, in their order; they are remembered."""
        unique, first = np.unique(hashes, return_index=True)
        fresh = np.ones(len(unique), bool)
        for level in self._levels:
            at = np.searchsorted(level, unique)
            fresh &= level[np.minimum(at, len(level) - 1)] != unique
        self._add(unique[fresh])
        seen_first = np.zeros(len(hashes), bool)
        seen_first[first[fresh]] = True
        return seen_first

    def _add(self, new: NDArray[np.uint64]) -> None:
        if not len(new):
            return
        while self._levels and len(self._levels[-1]) <= len(new):
            new = np.concatenate((self._levels.pop(), new))
            new.sort()
        self._levels.append(new)
