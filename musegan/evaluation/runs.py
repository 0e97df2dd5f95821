"""The longest run of notes copied from other phrases, wherever in them and in whatever key.

A run is consecutive notes of one track (by onset, then pitch) with the waits and intervals between
them. All pitched tracks are searched, whichever plays it; drums are searched for the very drums.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musegan.evaluation.events import Events
from musegan.evaluation.likeness import drum_notes, steps_between
from musegan.instruments import Ensemble
from musegan.pianoroll import PITCHES, Phrases, concatenate
from musegan.song import IntArray

DRUMS = 1 << 40  # sets the steps between drums apart from those between pitches
BREAK = 1 << 50  # before the first note of a line, and never twice the same


def longest_runs(phrases: Phrases, training: Phrases, ensemble: Ensemble) -> IntArray:
    """How many notes of each track are the longest run that `training` has too.

    All suffixes of all lines are sorted at once by prefix doubling (Manber & Myers, SIAM J.
    Comput. 22, 1993); a suffix's longest copy is one of its two neighbours from `training`.

    Returns:
        (phrases, tracks) int64: 1 when not even two notes follow each other as they do there; 0
        for an empty track.
    """
    tracks = len(ensemble.tracks)
    events = Events.of(concatenate([phrases, training]), tracks)
    longest = np.zeros(len(phrases) * tracks, np.int64)
    known = events.line >= len(longest)
    if known.all():
        return longest.reshape(len(phrases), tracks)
    ranks = _ranks(_symbols(events, ensemble))
    asked = np.flatnonzero(~known)
    runs = np.zeros(len(asked), np.int64)
    for neighbour in _neighbours(ranks[-1], known):
        found = neighbour[asked] >= 0
        runs[found] = np.maximum(runs[found], _common(ranks, asked[found], neighbour[asked[found]]))
    np.maximum.at(longest, events.line[asked], runs + 1)
    return longest.reshape(len(phrases), tracks)


def _symbols(events: Events, ensemble: Ensemble) -> IntArray:
    """(notes,) how each note follows the one before, as one number."""
    wait, interval, first = steps_between(events)
    pitched = wait * 2 * PITCHES + interval + PITCHES
    drums = DRUMS + (wait * PITCHES + events.pitch - interval) * PITCHES + events.pitch
    symbol = np.where(drum_notes(events, ensemble), drums, pitched)
    return np.where(first, BREAK + np.arange(len(first)), symbol)


def _ranks(symbols: IntArray) -> list[NDArray[np.int32]]:
    """For each power of two, numbers that are equal where that many symbols are, in their order.

    The last tells all positions apart: every line ends in front of a symbol found nowhere else.
    """
    size = len(symbols)
    ranks = [np.unique(symbols, return_inverse=True)[1].astype(np.int32)]
    while ranks[-1].max() < size - 1:
        span = 1 << (len(ranks) - 1)
        later = np.zeros(size, np.int64)
        later[:-span] = ranks[-1][span:] + 1
        pairs = ranks[-1].astype(np.int64) * (size + 1) + later
        ranks.append(np.unique(pairs, return_inverse=True)[1].astype(np.int32))
    return ranks


def _neighbours(rank: NDArray[np.int32], known: NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
    """(notes,) twice: the known positions next before and next after in order; -1 for none."""
    order = np.argsort(rank)
    place = np.where(known[order], np.arange(len(order)), -1)
    before = np.maximum.accumulate(place)
    mirrored = np.where(known[order], np.arange(len(order)), len(order))[::-1]
    after = np.minimum.accumulate(mirrored)[::-1]
    extended = np.append(order, -1)  # -1 and len(order) both lead to the appended -1
    return extended[before[rank]], extended[after[rank]]


def _common(ranks: list[NDArray[np.int32]], one: IntArray, other: IntArray) -> IntArray:
    """How many symbols from `one` on are as from `other` on, by ever smaller powers of two."""
    size = len(ranks[0])
    length = np.zeros(len(one), np.int64)
    for level in range(len(ranks) - 1, -1, -1):
        here, there = one + length, other + length
        inside = (here < size) & (there < size)
        same = np.zeros(len(one), bool)
        same[inside] = ranks[level][here[inside]] == ranks[level][there[inside]]
        length += same.astype(np.int64) << level
    return length
