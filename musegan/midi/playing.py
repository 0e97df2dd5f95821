"""MIDI for a synthesiser: all that a file says of its sound, and not only its notes."""

from __future__ import annotations

import struct
from pathlib import Path

from musegan.errors import MuseganError
from musegan.midi.mending import UnreadableError, sound_midi
from musegan.midi.wire import (
    END_OF_TRACK,
    HEADER,
    TRACK,
    chunk,
    read_variable_length,
    variable_length,
)
from musegan.midi.write import midi_bytes
from musegan.song import Multitrack

_META, _SYSEX, _SYSEX_GOES_ON = 0xFF, 0xF0, 0xF7
_END_MARK = END_OF_TRACK[1:3]
_FIRST_TRACK = 14  # bytes of the header chunk before it


def playable_midi(source: Multitrack | Path, end: int) -> bytes:
    """A sound format 1 file to be played, whose every track ends at tick `end`.

    Of a file all is kept up to then, its pedals, bends and volumes with its notes. A synthesiser
    that stops with the last track needs `end` late enough for the last notes to die away.

    Raises:
        MuseganError: the file is no MIDI file, or MIDI cannot hold the song.
    """
    if isinstance(source, Multitrack):
        return _ending_at(midi_bytes(source), end)
    try:
        return _ending_at(sound_midi(source.read_bytes())[0], end)
    except UnreadableError as problem:
        raise MuseganError(f"{source}: {problem}") from None


def _ending_at(data: bytes, end: int) -> bytes:
    tracks = []
    at = _FIRST_TRACK
    while at < len(data):
        start = at + 8
        at = start + int.from_bytes(data[at + 4 : start], "big")
        tracks.append(_cut(data[start:at], end))
    count = struct.pack(">H", len(tracks))
    header = data[8:10] + count + data[12:_FIRST_TRACK]
    return chunk(HEADER, header) + b"".join(chunk(TRACK, track) for track in tracks)


def _cut(body: bytes, end: int) -> bytes:
    """A track's events up to tick `end`, and its end mark there."""
    at, now, status = 0, 0, 0
    while at < len(body):
        delta, here = read_variable_length(body, at)
        if body[here : here + 2] == _END_MARK or now + delta > end:
            break
        now += delta
        at, status = _after_event(body, here, status)
    return body[:at] + variable_length(end - now) + END_OF_TRACK[1:]


def _after_event(body: bytes, at: int, status: int) -> tuple[int, int]:
    """Where the event at `at` of sound data ends, and the running status then."""
    first = body[at]
    if first in (_META, _SYSEX, _SYSEX_GOES_ON):
        length, start = read_variable_length(body, at + (2 if first == _META else 1))
        return start + length, status
    if first & 0x80:
        status, at = first, at + 1
    return at + (1 if 0xC0 <= status < 0xE0 else 2), status
