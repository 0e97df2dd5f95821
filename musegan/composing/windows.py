"""Where a model looks at a long song, and what it hears there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from musegan.pianoroll import Phrases


class Window(NamedTuple):
    """Bars that a model hears at once: from `first` on; it makes `begin` up to before `end`."""

    first: int
    begin: int
    end: int


def windows(wanted: NDArray[np.bool_], length: int) -> Iterator[Window]:
    """Windows of `length` bars that make all `wanted` bars, (bars,), from left to right.

    At most half of a window is new, save at the very start, which has nothing before it. The last
    new bars before given ones stand amid what is finished on both sides.
    """
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
    for begin, stop in edges.reshape(-1, 2).tolist():
        while begin < stop:
            end = min(begin + (max(length // 2, 1) if begin else length), stop)
            spare = length - (end - begin)
            before = spare - spare // 2 if end == stop else spare
            yield Window(min(max(begin - before, 0), len(wanted) - length), begin, end)
            begin = end


def recalled(plan: Iterable[Window], length: int) -> Iterator[tuple[Window, int]]:
    """Each window with the first of the bars that stand in it for those before its new ones.

    They are the bars right before, save that every `length` bars a window hears once more what the
    first of its run heard. A model plays a little more than it hears, and hears its own music: from
    window to window without end it would bury a song in notes.
    """
    reached = source = since = -1
    for window in plan:
        before = window.begin - window.first
        if window.begin != reached:
            source = -1
        if source < 0 and window.begin >= length - length // 2:
            source = since = window.begin
        back = source >= before > 0 and window.begin - since >= length
        since = window.begin if back else since
        yield window, source - before if back else window.first
        reached = window.end


def cut_out(song: Phrases, first: int, bars: int) -> Phrases:
    """`bars` bars of a one-phrase song from bar `first` on, as one phrase, canonical.

    As in phrases that models learn from, a note held over the start is struck again there if a
    beat or more of it is left.
    """
    steps = bars * song.grid.steps_per_bar
    start = song.start.astype(np.int64) - first * song.grid.steps_per_bar
    end = np.minimum(start + song.duration, steps)
    heard = (start < steps) & ((start >= 0) | (end >= song.grid.steps_per_beat))
    start, notes = np.maximum(start, 0)[heard], song.keep(heard)
    cut = replace(notes, start=start.astype(np.uint16), bars=bars)
    return replace(cut, duration=(end[heard] - start).astype(np.uint16)).canonical()
