"""Hashes that are equal for equal music, whatever its transposition and octaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musegan.data.events import Events
from musegan.data.runs import Runs
from musegan.pianoroll import Phrases

_SONG_STEPS = 12  # a quarter note: songs that differ by less are the same
_CLASS = np.append(np.arange(128) % 12, np.full(128, 12))  # of pitches, then of drums
_TOLD = np.stack(
    [np.append((_CLASS[:128] - tonic) % 12, np.arange(128, 256)) for tonic in range(12)]
)
_TURNS = (np.arange(12)[:, None] + np.arange(12)) % 12


def phrase_hashes(phrases: Phrases, drums: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(P,) hashes of phrases, equal for those that differ by transposition or octaves only.

    Tracks, onsets, lengths and pitch classes count, the latter up to one transposition of all
    pitched tracks; velocities do not. Drums are compared as they are. As notes beyond a track's
    range are folded into it, octaves may differ from note to note.

    Args:
        phrases: P of them.
        drums: (tracks,) whether each track is drums.
    """
    drum = drums.take(phrases.track)
    words = (phrases.start.astype(np.int64) << 16 | phrases.duration) << 8
    words = (words | np.where(drum, phrases.pitch, 0)) << 8 | phrases.track
    sums = np.zeros((len(phrases), 13), np.uint64)
    place = phrases.phrase * 13 + np.where(drum, 12, phrases.pitch % 12)
    np.add.at(sums.reshape(-1), place, _mix(words.view(np.uint64)))
    classes = _from_the_tonic(sums[:, :12])
    degrees = _mix(np.arange(1, 13).astype(np.uint64) << np.uint64(32))
    hashes: NDArray[np.uint64] = _mix(classes ^ degrees).sum(1) + _mix(sums[:, 12])
    return hashes


def _from_the_tonic(classes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """(P, 12) columns of pitch classes, each row turned to where it reads highest.

    That is the same pitch class of the music in any transposition.
    """
    columns = np.ascontiguousarray(classes.T)
    ranks = (columns[:, None] > columns).sum(1)
    reading = (ranks << np.arange(44, -1, -4)[:, None]).sum(0)  # twelve digits of four bits
    turn = np.arange(0, 48, 4)[:, None]
    readings = reading << turn & (1 << 48) - 1 | reading >> 48 - turn
    return np.take_along_axis(classes, _TURNS[readings.argmax(0)], 1)


def song_hashes(events: Events, runs: Runs, ticks_per_quarter: Sequence[int]) -> list[int]:
    """Hashes of songs' notes, the same in every key and octave and however tracks are divided.

    Onsets from the first one on and pitch classes count; lengths, velocities and tracks do not.
    The tonic is the pitch class from which the counts of all twelve read highest.

    Args:
        events: notes of songs, one song after the other.
        runs: the notes of each song.
        ticks_per_quarter: of each song.
    """
    passed = events.start - runs.spread(runs.least(events.start))
    steps = (passed * _SONG_STEPS / runs.spread(ticks_per_quarter)).astype(np.int64)  # exact
    sound = events.drum * np.int64(128) | events.pitch
    counts = runs.count(runs.cells(_CLASS.take(sound), 13), 13)[:, :12].tolist()
    tonics = [max(range(12), key=lambda pitch: of[pitch:] + of[:pitch]) for of in counts]
    told = _TOLD.take(sound + runs.spread(np.array(tonics, np.int64) * 256))
    hashes: list[int] = runs.total(_mix((steps << 8 | told).view(np.uint64))).tolist()
    return hashes


def _mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser (Steele et al., 2014): every input bit reaches every output bit."""
    mixed = words ^ words >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


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
