"""A song as it was read: named tracks of notes in ticks, with its tempos, meters and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Span = tuple[int, int]  # ticks, from the first to before the second

_FAR = 2.0**42  # ticks, more than a song has; floats tell them all apart


@dataclass(frozen=True)
class Notes:
    """Notes of one track as equal-length int64 columns; a row is a note.

    Times are in the unit of whoever holds the notes: ticks in a `Multitrack`.

    Attributes:
        start: time of the onset, >= 0.
        duration: length, >= 1.
        pitch: MIDI pitch, 0..127.
        velocity: MIDI velocity, 1..127.
    """

    start: IntArray
    duration: IntArray
    pitch: IntArray
    velocity: IntArray

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int, int]]) -> Notes:
        """Notes from (start, duration, pitch, velocity) rows, in the order given."""
        columns = np.asarray(rows, dtype=np.int64).reshape(-1, 4).T
        return cls(*(np.ascontiguousarray(column) for column in columns))

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, index: slice | NDArray[np.bool_] | IntArray) -> Notes:
        return Notes(
            self.start[index], self.duration[index], self.pitch[index], self.velocity[index]
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Notes) and self.rows() == other.rows()

    __hash__ = None  # type: ignore[assignment]  # arrays can change, so notes are no dictionary keys

    @property
    def end(self) -> IntArray:
        """Time each note stops, one past its last unit."""
        return self.start + self.duration

    def rows(self) -> list[tuple[int, int, int, int]]:
        """The notes as (start, duration, pitch, velocity) tuples."""
        columns = (self.start, self.duration, self.pitch, self.velocity)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def sorted(self) -> Notes:
        """The same notes by start, then pitch, then duration, then velocity."""
        return self[np.lexsort((self.velocity, self.duration, self.pitch, self.start))]


class Tempo(NamedTuple):
    """A tempo from `time` (ticks) on, in quarter notes a minute."""

    time: int
    bpm: float


class Meter(NamedTuple):
    """A time signature from `time` (ticks) on."""

    time: int
    numerator: int
    denominator: int


class Key(NamedTuple):
    """A key signature from `time` (ticks) on: sharps (+) or flats (-), -7..7, major or minor."""

    time: int
    fifths: int
    minor: bool


@dataclass(frozen=True)
class Track:
    """One instrument's notes, in ticks.

    Attributes:
        notes: the notes.
        program: General MIDI program, 0..127 (no meaning on drums).
        is_drum: whether it plays on the drum channel.
        name: the track's name as written in the file, may be empty.
    """

    notes: Notes
    program: int = 0
    is_drum: bool = False
    name: str = ""


@dataclass(frozen=True)
class Multitrack:
    """A song: tracks of notes in ticks, with what the file says of tempo, meter and key.

    Attributes:
        tracks: in file order.
        ticks_per_quarter: the time unit: ticks in a quarter note, >= 1.
        tempos: by time; empty means 120.
        meters: by time; empty means 4/4.
        keys: by time; empty means unknown.
        name: where it came from or what it is called.
    """

    tracks: tuple[Track, ...]
    ticks_per_quarter: int = 480
    tempos: tuple[Tempo, ...] = ()
    meters: tuple[Meter, ...] = ()
    keys: tuple[Key, ...] = ()
    name: str = ""

    @property
    def end(self) -> int:
        """Tick at which the last note stops; 0 when there are no notes."""
        return max((int(t.notes.end.max()) for t in self.tracks if len(t.notes)), default=0)

    @property
    def played_until(self) -> int:
        """Tick up to which the song plays; less than a quarter that its last notes ring on is none.

        Bars are counted up to it, so that a last note a little too long opens no bar.
        """
        last = max((int(t.notes.start.max()) for t in self.tracks if len(t.notes)), default=-1)
        return max(last + 1, self.end - self.ticks_per_quarter + 1)

    def note_count(self) -> int:
        """Notes on all tracks."""
        return sum(len(track.notes) for track in self.tracks)


def within(times: IntArray, spans: Sequence[Span]) -> NDArray[np.bool_]:
    """(times,) which ticks lie in any of the spans."""
    inside = np.zeros(len(times), bool)
    for start, end in spans:
        inside |= (times >= start) & (times < end)
    return inside


def seconds_at(song: Multitrack, ticks: IntArray) -> NDArray[np.float64]:
    """Seconds from the song's start at each tick, by its tempo map."""
    return seconds_in([song], np.zeros_like(ticks), ticks)


def seconds_in(
    songs: Sequence[Multitrack], owner: IntArray, ticks: IntArray
) -> NDArray[np.float64]:
    """Seconds at each tick from the start of its song, whose number `owner` holds."""
    maps = [_tempo_map(song) for song in songs]
    number = np.repeat(np.arange(len(maps)), [len(rows) for rows in maps])
    time, passed, pace = np.array([row for rows in maps for row in rows]).reshape(-1, 3).T
    line = number * _FAR + time  # all songs one after the other
    at = line.searchsorted(owner * _FAR + ticks, side="right") - 1
    at = np.maximum(at, number.searchsorted(owner))
    seconds: NDArray[np.float64] = passed[at] + (ticks - time[at]) * pace[at]
    return seconds


def _tempo_map(song: Multitrack) -> list[tuple[int, float, float]]:
    """Rows of (tick, seconds passed by then, seconds a tick from there on)."""
    rows = [(0, 0.0, 60 / (120.0 * song.ticks_per_quarter))]
    for time, bpm in song.tempos:
        begin, passed, pace = rows[-1]
        tick = max(time, 0)
        rows.append((tick, passed + (tick - begin) * pace, 60 / (bpm * song.ticks_per_quarter)))
    return rows
