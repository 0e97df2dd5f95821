"""Arrangements: which tracks play in which bars of a phrase.

A model is told the arrangement (silent cells are given as silence) and composes what sounds. So it
never has to guess an instrumentation note by note, and a musician can ask for one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musegan.pianoroll import Phrases


def playing(phrases: Phrases, tracks: int) -> NDArray[np.float32]:
    """1 where a track sounds in a bar, else 0: (phrases, tracks, bars) float32."""
    per_bar = phrases.grid.steps_per_bar
    heard = np.zeros((len(phrases), tracks, phrases.bars + 1), np.int64)
    start = phrases.start.astype(np.int64)
    last = np.minimum(start + phrases.duration, phrases.steps) - 1
    np.add.at(heard, (phrases.phrase, phrases.track, start // per_bar), 1)
    np.add.at(heard, (phrases.phrase, phrases.track, last // per_bar + 1), -1)
    return (np.cumsum(heard, axis=2)[:, :, :-1] > 0).astype(np.float32)


def to_text(arrangement: NDArray[np.float32]) -> str:
    """An arrangement (tracks, bars) as one word a track: `1111 0011` is two tracks of four bars."""
    return " ".join("".join("1" if bar else "0" for bar in track) for track in arrangement)


def from_text(text: str) -> NDArray[np.float32]:
    """The arrangement that `to_text` wrote, (tracks, bars)."""
    return np.array([[float(bar) for bar in track] for track in text.split()], np.float32)
