"""How alike phrases are note by note, up to transposition, among all pairs of two large sets.

A track is the set of its *moves*: at which step, after how long and by what interval each note
follows the one before (the first note: at which step alone). Transposing leaves moves as they are.
Drums are not transposed: their set is hits, step and pitch. Two sets are as alike as the share of
moves they have in common (Jaccard). Only moves that meet are counted, through a sorted index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musegan.evaluation.events import Events
from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import FloatArray, IntArray

CHUNK = 32  # phrases compared with the whole other set at a time
FIRST = 0xFFFF00  # the move of a track's first note: no wait is as long


@dataclass(frozen=True)
class Moves:
    """The sets of moves of phrases.

    Attributes:
        line: (moves,) the line (phrase * tracks + track) of each move, ascending.
        move: (moves,) what it is, one number; unique within its line.
        sizes: (phrases, tracks) moves of each line.
    """

    line: IntArray
    move: IntArray
    sizes: IntArray

    @classmethod
    def of(cls, phrases: Phrases, ensemble: Ensemble) -> Moves:
        """The moves of all tracks of all phrases."""
        events = Events.of(phrases, len(ensemble.tracks))
        wait, interval, first = steps_between(events)
        follow = np.where(first, FIRST, (wait << 8) + interval + 128)
        move = (events.start << 24) + np.where(drum_notes(events, ensemble), events.pitch, follow)
        order = np.lexsort((move, events.line))
        line, move = events.line[order], move[order]
        new = np.ones(len(move), bool)
        new[1:] = (line[1:] != line[:-1]) | (move[1:] != move[:-1])
        sizes = np.bincount(line[new], minlength=events.lines)
        return cls(line[new], move[new], sizes.reshape(events.phrases, events.tracks))


def steps_between(events: Events) -> tuple[IntArray, IntArray, NDArray[np.bool_]]:
    """From each line's note to the next: steps waited, interval, and whether it is the first.

    A line's first note has a wait and an interval of nought.
    """
    first = np.ones(len(events.line), bool)
    first[1:] = events.line[1:] != events.line[:-1]
    wait = np.where(first, 0, np.diff(events.start, prepend=0))
    return wait, np.where(first, 0, np.diff(events.pitch, prepend=0)), first


def drum_notes(events: Events, ensemble: Ensemble) -> NDArray[np.bool_]:
    """(notes,) whether each note is on a drum track."""
    return ensemble.drums[events.track]


def likeness(ours: Moves, theirs: Moves) -> Iterator[tuple[FloatArray, FloatArray]]:
    """How alike each of our phrases is to each of theirs, `CHUNK` of ours at a time.

    Yields:
        For each chunk the likeness of every track, (chunk, tracks, theirs), and of whole phrases,
        their tracks' moves taken together, (chunk, theirs); 0..1, and 1 between silences.
    """
    tracks = ours.sizes.shape[1]
    index = [_index(theirs, track) for track in range(tracks)]
    for begin in range(0, len(ours.sizes), CHUNK):
        end = min(begin + CHUNK, len(ours.sizes))
        shared = np.stack(
            [_shared(ours, begin, end, track, index[track], theirs) for track in range(tracks)],
            axis=1,
        )
        either = ours.sizes[begin:end, :, None] + theirs.sizes.T[None] - shared
        yield _share(shared, either), _share(shared.sum(axis=1), either.sum(axis=1))


def _share(shared: IntArray, either: IntArray) -> FloatArray:
    return np.where(either == 0, 1.0, shared / np.maximum(either, 1))


def _index(moves: Moves, track: int) -> tuple[IntArray, IntArray]:
    """The moves of one track, sorted, and the phrase of each."""
    tracks = moves.sizes.shape[1]
    mine = np.flatnonzero(moves.line % tracks == track)
    order = mine[np.argsort(moves.move[mine], kind="stable")]
    return moves.move[order], moves.line[order] // tracks


def _shared(
    ours: Moves, begin: int, end: int, track: int, index: tuple[IntArray, IntArray], theirs: Moves
) -> IntArray:
    """(end - begin, theirs): moves of a track in common with each of their phrases."""
    tracks = ours.sizes.shape[1]
    low, high = np.searchsorted(ours.line, (begin * tracks, end * tracks))
    mine = low + np.flatnonzero(ours.line[low:high] % tracks == track)
    known, phrase = index
    left = np.searchsorted(known, ours.move[mine], side="left")
    counts = np.searchsorted(known, ours.move[mine], side="right") - left
    hits = np.arange(counts.sum()) + np.repeat(left - np.cumsum(counts) + counts, counts)
    row = np.repeat(ours.line[mine] // tracks - begin, counts)
    width = len(theirs.sizes)
    cells = np.bincount(row * width + phrase[hits], minlength=(end - begin) * width)
    return cells.reshape(end - begin, width)
