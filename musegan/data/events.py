"""A song's notes in its ensemble's tracks, before they are cut into phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musegan.data.runs import Runs
from musegan.errors import MuseganError
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.song import IntArray, Multitrack


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

    Raises:
        MuseganError: no track has a place.
    """
    events, _, (left_out,) = place_all([song], ensemble)
    if not len(events):
        raise MuseganError(no_place(left_out))
    return events, left_out


def no_place(left_out: Sequence[str]) -> str:
    """Why a song that left out these tracks, in words, has no note in an ensemble."""
    reasons = "; ".join(left_out) or "only drums that it does not have"
    return f"no track has a place in the ensemble ({reasons})"


def place_all(
    songs: Sequence[Multitrack], ensemble: Ensemble
) -> tuple[Events, IntArray, list[list[str]]]:
    """The notes of songs by ensemble track, one song after the other.

    Notes beyond a track's range are folded in by octaves; drums beyond it are dropped.

    Returns:
        The notes, how many each song has, and in words the tracks of each that found no place.
    """
    places = [[ensemble.place(track) for track in song.tracks] for song in songs]
    left_out = [
        [
            f"track '{track.name}': {where}"
            for track, where in zip(song.tracks, wheres, strict=True)
            if isinstance(where, str) and len(track.notes)
        ]
        for song, wheres in zip(songs, places, strict=True)
    ]
    return *seated(songs, ensemble, places), left_out


def seated(
    songs: Sequence[Multitrack], ensemble: Ensemble, places: Sequence[Sequence[int | str | None]]
) -> tuple[Events, IntArray]:
    """The notes of songs' tracks in given places, and how many each song has.

    Args:
        songs: what is played.
        ensemble: its tracks and their ranges; see `place`.
        places: for each track of each song its ensemble track, or something else for none; the
            ensemble's rules do not matter.
    """
    parts = [
        (number, where, track.notes)
        for number, (song, wheres) in enumerate(zip(songs, places, strict=True))
        for track, where in zip(song.tracks, wheres, strict=True)
        if isinstance(where, int) and len(track.notes)
    ]
    runs = Runs.of([notes for _, _, notes in parts])
    start, duration, pitch, velocity = (
        np.concatenate([np.zeros(0, np.int64), *(getattr(notes, name) for _, _, notes in parts)])
        for name in ("start", "duration", "pitch", "velocity")
    )
    seats = [ensemble.tracks[where] for _, where, _ in parts]
    drum = runs.spread(np.array([seat.is_drum for seat in seats], bool))
    track = runs.spread(np.array([where for _, where, _ in parts], np.int64))
    reached = _fold(pitch, runs, seats)
    events = Events(track, drum, start, duration, pitch, velocity)
    if not reached.all():
        events, runs = events[reached], Runs(runs.total(reached))
    owner = np.array([number for number, _, _ in parts], np.int64)
    return events, np.bincount(owner, runs.sizes, len(songs)).astype(np.int64)


def _fold(pitch: IntArray, runs: Runs, seats: Sequence[EnsembleTrack]) -> NDArray[np.bool_]:
    """Move pitches, a run of them for each of `seats`, into its range; tell which drums it lacks.

    Returns:
        (notes,) whether the track has such a note.
    """
    reached = np.ones(len(pitch), bool)
    low, high = np.array([(seat.low, seat.high) for seat in seats], np.int64).reshape(-1, 2).T
    outside = (runs.least(pitch) < low) | (runs.most(pitch) > high)
    for part in np.flatnonzero(outside).tolist():
        rows, seat = runs.slices[part], seats[part]
        here = pitch[rows]
        below, above = here < seat.low, here > seat.high
        if seat.is_drum:
            reached[rows] = ~(below | above)
        else:
            octaves = np.where(below, (seat.low - here + 11) // 12, 0)
            octaves -= np.where(above, (here - seat.high + 11) // 12, 0)
            pitch[rows] += 12 * octaves
    return reached
