"""A song's notes in its ensemble's tracks, before they are cut into phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musegan.errors import MuseganError
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.song import IntArray, Multitrack, Notes


@dataclass(frozen=True)
class Events:
    """Notes of all tracks as equal-length columns; a row is a note.

    Attributes:
        track: int64 index of the ensemble track.
        drum: whether it is a drum.
        start: int64 onset, in ticks or steps.
        duration: int64 length, >= 1.
        pitch: int64 MIDI pitch.
        velocity: int64 MIDI velocity.
    """

    track: IntArray
    drum: NDArray[np.bool_]
    start: IntArray
    duration: IntArray
    pitch: IntArray
    velocity: IntArray

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, index: slice | NDArray[np.bool_] | IntArray) -> Events:
        return Events(
            self.track[index],
            self.drum[index],
            self.start[index],
            self.duration[index],
            self.pitch[index],
            self.velocity[index],
        )

    def between(self, start: int, stop: int) -> Events:
        """The notes that begin in `start`..`stop`."""
        inside = (self.start >= start) & (self.start < stop)
        return self if inside.all() else self[inside]


def concatenate_events(parts: Sequence[Events]) -> Events:
    """All notes of `parts`, in order."""
    none = np.zeros(0, np.int64)
    all_parts = (Events(none, none.astype(bool), none, none, none, none), *parts)
    columns = ("track", "drum", "start", "duration", "pitch", "velocity")
    return Events(*(np.concatenate([getattr(p, name) for p in all_parts]) for name in columns))


def place(song: Multitrack, ensemble: Ensemble) -> tuple[Events, list[str]]:
    """The notes of a song by ensemble track, and in words the tracks that found no place.

    Notes beyond a track's range are folded in by octaves; drums beyond it are dropped.

    Raises:
        MuseganError: no track has a place.
    """
    placed: list[tuple[int, Notes]] = []
    left_out = []
    for track in song.tracks:
        if not len(track.notes):
            continue
        where = ensemble.place(track)
        if isinstance(where, str):
            left_out.append(f"track '{track.name}': {where}")
        else:
            placed.append((where, _within(track.notes, ensemble.tracks[where])))
    if not placed:
        raise MuseganError(f"no track has a place in the ensemble ({'; '.join(left_out)})")
    sizes = [len(notes) for _, notes in placed]
    return Events(
        np.repeat([where for where, _ in placed], sizes),
        np.repeat([ensemble.tracks[where].is_drum for where, _ in placed], sizes),
        *(
            np.concatenate([getattr(notes, column) for _, notes in placed])
            for column in ("start", "duration", "pitch", "velocity")
        ),
    ), left_out


def _within(notes: Notes, track: EnsembleTrack) -> Notes:
    below, above = notes.pitch < track.low, notes.pitch > track.high
    if not (below.any() or above.any()):
        return notes
    if track.is_drum:
        return notes[~(below | above)]
    octaves = np.where(below, (track.low - notes.pitch + 11) // 12, 0)
    octaves -= np.where(above, (notes.pitch - track.high + 11) // 12, 0)
    return Notes(notes.start, notes.duration, notes.pitch + 12 * octaves, notes.velocity)
