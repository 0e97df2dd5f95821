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
    places = [ensemble.place(track) for track in song.tracks]
    left_out = [
        f"track '{track.name}': {where}"
        for track, where in zip(song.tracks, places, strict=True)
        if isinstance(where, str) and len(track.notes)
    ]
    events = seated(song, ensemble, places)
    if not len(events):
        reasons = "; ".join(left_out) or "only drums that it does not have"
        raise MuseganError(f"no track has a place in the ensemble ({reasons})")
    return events, left_out


def seated(song: Multitrack, ensemble: Ensemble, places: Sequence[int | str | None]) -> Events:
    """The notes of a song's tracks in given places, whatever the ensemble's rules say.

    Args:
        song: what is played.
        ensemble: its tracks and their ranges; see `place`.
        places: for each track of the song its ensemble track, or something else for none.
    """
    parts = [
        (where, _within(track.notes, ensemble.tracks[where]))
        for track, where in zip(song.tracks, places, strict=True)
        if isinstance(where, int) and len(track.notes)
    ]
    sizes = np.array([len(notes) for _, notes in parts], np.int64)
    return Events(
        np.array([where for where, _ in parts], np.int64).repeat(sizes),
        np.array([ensemble.tracks[where].is_drum for where, _ in parts], bool).repeat(sizes),
        *(
            np.concatenate([np.zeros(0, np.int64), *(getattr(notes, column) for _, notes in parts)])
            for column in ("start", "duration", "pitch", "velocity")
        ),
    )


def _within(notes: Notes, track: EnsembleTrack) -> Notes:
    if track.low <= notes.pitch.min() and notes.pitch.max() <= track.high:
        return notes
    below, above = notes.pitch < track.low, notes.pitch > track.high
    if track.is_drum:
        return notes[~(below | above)]
    octaves = np.where(below, (track.low - notes.pitch + 11) // 12, 0)
    octaves -= np.where(above, (notes.pitch - track.high + 11) // 12, 0)
    return Notes(notes.start, notes.duration, notes.pitch + 12 * octaves, notes.velocity)
