"""Made notes put beside given ones, which stay as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musegan.pianoroll import COLUMNS, PITCHES, Phrases
from musegan.song import IntArray


def begins_in(phrases: Phrases, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(notes,) whether each note begins in one of the marked cells, (tracks, bars)."""
    inside: NDArray[np.bool_] = cells[phrases.track, phrases.start // phrases.grid.steps_per_bar]
    return inside


def join(one: Phrases, other: Phrases) -> Phrases:
    """Two one-phrase songs of equal length as one, notes of both, by track, start and pitch."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in (one, other)]) for name in COLUMNS
    }
    order = np.lexsort((columns["pitch"], columns["start"], columns["track"]))
    columns = {name: column[order] for name, column in columns.items()}
    return replace(one, offsets=np.array([0, len(order)]), **columns)


def beside(given: Phrases, made: Phrases) -> Phrases:
    """Given notes as they are, and made ones where the track has room for their pitch."""
    line, start, _ = _lines(made)
    until = room(line, start, *_lines(given))
    length = np.minimum(made.duration, until - start)
    made = replace(made, duration=np.maximum(length, 1).astype(np.uint16))
    return join(given, made.keep(length > 0))


def _lines(notes: Phrases) -> tuple[IntArray, IntArray, IntArray]:
    line = notes.track.astype(np.int64) * PITCHES + notes.pitch
    start = notes.start.astype(np.int64)
    return line, start, start + notes.duration


def room(
    line: IntArray, start: IntArray, taken: IntArray, taken_start: IntArray, taken_end: IntArray
) -> IntArray:
    """How long notes may last so that none sounds together with another of its line.

    Args:
        line: (notes,) which line each note is on, such as a pitch of a track.
        start: (notes,) when it begins.
        taken: (others,) the lines of notes that are there already.
        taken_start: (others,) when those begin.
        taken_end: (others,) when they end.

    Returns:
        (notes,) the time each may last until: its own start where its line is taken.
    """
    if not len(taken):
        return np.full(len(line), np.iinfo(np.int64).max)
    span = 1 + max(int(taken_end.max()), int(start.max(initial=0)))
    order = np.lexsort((taken_start, taken))
    begins = (taken * span + taken_start)[order]
    # the latest end so far; an earlier line's lies before any time of this one
    busy = np.maximum.accumulate((taken * span + taken_end)[order])
    here = line * span + start
    following = np.searchsorted(begins, here)
    # those struck at the same time count as already there
    before = np.searchsorted(begins, here, side="right") - 1
    sounding = (before >= 0) & (busy[before] > here)
    coming = np.append(begins, np.iinfo(np.int64).max)[following]
    same = coming // span == line
    until = np.where(same, coming - line * span, np.iinfo(np.int64).max)
    result: IntArray = np.where(sounding, start, until)
    return result
