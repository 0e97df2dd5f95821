"""Where a long song has come to say the same over and over.

A model that hears bars of one kind makes more of that kind, and hears those next: of themselves its
basses and strings never leave a bar that has come twice. In real songs they do.
"""

from __future__ import annotations

import numpy as np

from musegan.pianoroll import PITCHES, Phrases
from musegan.song import BoolArray, IntArray


def looping(song: Phrases, made: BoolArray, bar: int, length: int, drums: BoolArray) -> BoolArray:
    """Tracks that for a whole phrase have made nothing but what they had just played, (tracks,).

    Each of the `length` bars before a bar is, note for note, one of the `length / 2` before itself.
    Drums, whose beats do go on so, never loop, and nor does a track that is given or about to rest.

    Args:
        song: one phrase, finished up to the bar.
        made: (tracks, bars), true where a model writes.
        bar: the next to be made.
        length: bars a phrase.
        drums: (tracks,) which tracks are drums.
    """
    heard = max(length // 2, 1)
    lately = slice(max(bar - length, 0), bar)
    may = ~drums & made[:, lately].all(axis=1) & made[:, bar] & (bar > length)
    tracks = np.zeros_like(may)
    for track in np.flatnonzero(may).tolist():
        bars = _bars(song, track, max(bar - length - heard, 0), bar)
        before = len(bars) - length
        tracks[track] = all(
            bars[now] and bars[now] in bars[max(now - heard, 0) : now]
            for now in range(before, len(bars))
        )
    return tracks


def _bars(song: Phrases, track: int, first: int, end: int) -> list[frozenset[int]]:
    """The notes that begin in each of some bars of a track."""
    mine = song.keep(song.track == track)
    start = mine.start.astype(np.int64)
    bar = start // song.grid.steps_per_bar
    note: IntArray = start % song.grid.steps_per_bar * PITCHES + mine.pitch
    return [frozenset(note[bar == number].tolist()) for number in range(first, end)]
