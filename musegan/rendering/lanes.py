"""The lanes of a picture: a song's tracks, each with the rows its notes lie on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from musegan.midi.names import drum_name, pitch_name, program_name
from musegan.rendering.colours import Colour, track_colours
from musegan.song import Multitrack, Notes, Track

LEAST_ROWS = 12  # an octave: so that every lane shows a C, and steps look alike
BLACK_KEYS = frozenset((1, 3, 6, 8, 10))


@dataclass(frozen=True)
class Lane:
    """A track as it is drawn.

    Attributes:
        name: the track's name, or that of its instrument.
        instrument: what plays it.
        colour: its colour.
        is_drum: whether its rows are drums.
        pitches: the pitch of each row, highest first.
        notes: its notes; drum hits, whose lengths mean nothing, all of one length.
    """

    name: str
    instrument: str
    colour: Colour
    is_drum: bool
    pitches: tuple[int, ...]
    notes: Notes

    def row(self, pitch: int) -> int:
        """The row of a pitch, from the top."""
        return self.pitches.index(pitch) if self.is_drum else self.pitches[0] - pitch

    def row_label(self, pitch: int) -> str:
        """What is written beside a row: the drum, or the pitch of each C."""
        if self.is_drum:
            return drum_name(pitch)
        return pitch_name(pitch) if pitch % 12 == 0 else ""

    def is_shaded(self, pitch: int) -> bool:
        """Whether a row lies on a grey ground: a black key, or every second drum."""
        return self.row(pitch) % 2 == 1 if self.is_drum else pitch % 12 in BLACK_KEYS


def song_lanes(song: Multitrack) -> list[Lane]:
    """A lane for each track that plays, in the song's order."""
    playing = [track for track in song.tracks if len(track.notes)]
    palette = track_colours([t.name for t in playing], [t.is_drum for t in playing])
    hit = max(1, song.ticks_per_quarter // 7)
    return [_lane(track, colour, hit) for track, colour in zip(playing, palette, strict=True)]


def _lane(track: Track, colour: Colour, hit: int) -> Lane:
    instrument = program_name(track.program, track.is_drum)
    used = np.unique(track.notes.pitch).tolist()
    pitches = tuple(reversed(used)) if track.is_drum else _whole_range(used[0], used[-1])
    notes = track.notes
    if track.is_drum:
        notes = replace(notes, duration=np.full_like(notes.duration, hit))
    return Lane(track.name or instrument, instrument, colour, track.is_drum, pitches, notes)


def _whole_range(low: int, high: int) -> tuple[int, ...]:
    """Every pitch from high to low, an octave at least."""
    lacking = max(0, LEAST_ROWS - (high - low + 1))
    low = max(0, min(low - lacking // 2, 128 - LEAST_ROWS))
    high = max(high, low + LEAST_ROWS - 1)
    return tuple(range(high, low - 1, -1))
